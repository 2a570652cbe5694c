//! The endpoints around the accounts: consents, terms, offerings, providers, completions, people
//! (`contract.md` 9.3, 9.4 and 10).

mod completions;
mod consents;
mod desk;
mod offerings;
mod people;
mod providers;
#[path = "../support/sign_in.rs"]
mod sign_in;
#[path = "../support/desk.rs"]
mod support;
mod terms;

use serde_json::json;

use desk::Desk;

/// Every collection and the records in it, asked without signing in.
#[tokio::test]
async fn nothing_is_told_to_strangers() {
    let desk = Desk::new();
    let uuid = desk::SECURE_ANALYSIS;
    let paths = [
        "marketplace-user-offering-consents",
        "marketplace-offering-terms-of-service",
        "marketplace-provider-offerings",
        "marketplace-public-offerings",
        "marketplace-service-providers",
        "marketplace-offering-user-checklist-completions",
        "users",
    ];
    for path in paths {
        for url in [format!("/api/{path}/"), format!("/api/{path}/{uuid}/")] {
            let answer = desk.get(None, &url).await;
            assert_eq!(answer.status, 401, "{url}");
            assert_eq!(
                answer.body,
                json!({ "detail": "Authentication credentials were not provided." })
            );
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    for path in [
        "marketplace-user-offering-consents/00000000000000000000000000000000",
        "marketplace-offering-terms-of-service/00000000000000000000000000000000",
        "marketplace-provider-offerings/00000000000000000000000000000000",
        "marketplace-public-offerings/no-uuid",
        "marketplace-service-providers/00000000000000000000000000000000",
        "marketplace-service-providers/00000000000000000000000000000000/compliance/offering_users",
        "marketplace-offering-user-checklist-completions/0",
        "marketplace-offering-user-checklist-completions/no-number",
        "users/00000000000000000000000000000000",
    ] {
        let answer = desk.get(Some(&stella), &format!("/api/{path}/")).await;
        assert_eq!(
            (answer.status, answer.body),
            (404, json!({ "detail": "Not found." })),
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_list_has_pages_and_refuses_what_it_cannot_read() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    let lists = [
        ("marketplace-user-offering-consents", "user_uuid", true),
        ("marketplace-offering-terms-of-service", "offering_uuid", true),
        ("marketplace-provider-offerings", "customer_uuid", false),
        ("marketplace-public-offerings", "customer_uuid", false),
        ("marketplace-service-providers", "customer_uuid", true),
        ("marketplace-offering-user-checklist-completions", "user_uuid", true),
        ("marketplace-offering-user-checklist-completions", "offering_uuid", true),
        ("users", "uuid", true),
    ];
    for (path, key, refuses_orders) in lists {
        let ask =
            async |query: &str| desk.get(Some(&stella), &format!("/api/{path}/?{query}")).await;
        let all = ask("page_size=300").await;
        let first = ask("page_size=2&unknown=1").await;
        let second = ask("page_size=2&page=2").await;
        assert!(first.total > 2, "{path}: {}", first.total);
        assert_eq!(first.total, all.total);
        assert_eq!(first.rows(), &all.rows()[..2], "{path}");
        assert_eq!(second.rows(), &all.rows()[2..all.rows().len().min(4)], "{path}");
        assert!(first.link.contains("rel=\"next\""), "{}", first.link);
        let beyond = ask("page=100000").await;
        assert_eq!((beyond.status, beyond.body), (404, json!({ "detail": "Invalid page." })));
        let malformed = ask(&format!("{key}=x")).await;
        assert_eq!(malformed.status, 400);
        assert_eq!(malformed.body, json!({ key: ["Enter a valid UUID."] }), "{path}");
        if refuses_orders {
            let message = "Select a valid choice. x is not one of the available choices.";
            let unknown = ask("o=x").await;
            assert_eq!((unknown.status, unknown.body), (400, json!({ "o": [message] })), "{path}");
        } else {
            assert_eq!(ask("o=-created,x").await.status, 200);
        }
        let head = desk.head(&stella, &format!("/api/{path}/")).await;
        assert_eq!((head.status, head.total), (200, all.total), "{path}");
    }
}
