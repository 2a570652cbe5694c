use purser::Profile;
use serde_json::json;

use crate::desk::{Answer, Desk, Person, SECURE_ANALYSIS};

const COMPLETIONS: &str = "/api/marketplace-offering-user-checklist-completions/";

async fn list(desk: &Desk, person: &Person, query: &str) -> Answer {
    desk.get(Some(person), &format!("{COMPLETIONS}?page_size=300&{query}")).await
}

#[tokio::test]
async fn people_see_their_own_and_those_they_may_update() {
    let desk = Desk::new();
    let all = desk.count("SELECT count(*) FROM completions");
    let of = |condition: &str| {
        desk.count(&format!(
            "SELECT count(*) FROM completions p JOIN offering_users a ON a.id = p.offering_user_id \
             JOIN offerings o ON o.id = a.offering_id JOIN users u ON u.id = a.user_id \
             WHERE {condition}"
        ))
    };
    for (name, count) in [
        ("stella", all),
        ("sam", all),
        ("pavel", of("o.customer_id = 1")),
        ("rita", of("o.slug = 'secure-analysis'")),
        ("alice", of("u.username = 'alice'")),
    ] {
        let person = desk.sign_in(name).await;
        assert_eq!(list(&desk, &person, "").await.total, count, "{name}");
        assert!(count > 0);
    }
    // An offering that keeps its accounts to itself hides them from their holders, too.
    desk.change("UPDATE offerings SET provider_can_create_users = 0");
    for (name, count) in [("sam", all), ("pavel", 0), ("alice", 0)] {
        let person = desk.sign_in(name).await;
        assert_eq!(list(&desk, &person, "").await.total, count, "{name}");
    }
}

/// REL-002 and REL-003.
#[tokio::test]
async fn rows_have_the_documented_shape() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    let answer = list(&desk, &stella, "").await;
    let mut keys: Vec<_> = answer.rows()[0].as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "checklist_description",
            "checklist_name",
            "checklist_uuid",
            "completion_percentage",
            "created",
            "customer_provider_name",
            "customer_provider_uuid",
            "is_completed",
            "modified",
            "offering_name",
            "offering_user",
            "offering_user_uuid",
            "offering_uuid",
            "requires_review",
            "review_notes",
            "reviewed_at",
            "reviewed_by",
            "unanswered_required_questions",
            "uuid",
        ]
    );
    let mut seen = [false, false];
    for row in answer.rows() {
        let uuid = row["uuid"].as_str().expect("an id");
        let has_answers = desk.count(&format!(
            "SELECT EXISTS (SELECT 1 FROM answers x JOIN completions p ON p.id = x.completion_id \
             WHERE p.uuid = '{uuid}')"
        ));
        seen[has_answers as usize] = true;
        assert_eq!(row["completion_percentage"].as_f64(), Some(has_answers as f64 * 100.0));
        assert!(row["unanswered_required_questions"].is_u64(), "{row}");
        assert_eq!(row["offering_user"]["uuid"], row["offering_user_uuid"]);
        assert!(row["offering_user"]["state"].is_string());
    }
    assert_eq!(seen, [true, true]);
    let page = desk.ok(&stella, api::completions(None, 1)).await;
    assert_eq!((page.total, page.items.len()), (answer.total, 10));
    let newest_first: Vec<_> = answer.all("modified").into_iter().rev().collect();
    assert!(newest_first.into_iter().map(|it| it.as_str()).is_sorted());
}

#[tokio::test]
async fn the_count_of_open_questions_agrees_with_the_checklist() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    for row in list(&desk, &alice, "").await.rows() {
        let account = row["offering_user_uuid"].as_str().expect("an id");
        let url = format!("/api/marketplace-offering-users/{account}/completion_status/");
        let status = desk.get(Some(&alice), &url).await.body;
        let open = status["unanswered_required_questions"].as_array().expect("a list").len();
        assert_eq!(row["unanswered_required_questions"], json!(open));
        assert_eq!(row["is_completed"], status["is_completed"]);
    }
}

#[tokio::test]
async fn filters_and_orders_are_those_of_the_contract() {
    let desk = Desk::new();
    let (alice, stella) = (desk.sign_in("alice").await, desk.sign_in("stella").await);
    desk.change("UPDATE completions SET is_completed = 1 WHERE id % 3 = 0");
    let all = list(&desk, &stella, "").await.total;
    let me = desk.ok(&alice, api::me()).await.uuid;
    let own = list(&desk, &stella, &format!("user_uuid={me}")).await.total;
    assert_eq!(own, list(&desk, &alice, "").await.total);
    let here = list(&desk, &stella, &format!("offering_uuid={SECURE_ANALYSIS}")).await;
    assert!(here.all("offering_uuid").into_iter().all(|it| *it == json!(SECURE_ANALYSIS)));
    assert!(0 < here.total && here.total < all);
    let (yes, no) = (
        list(&desk, &stella, "is_completed=true").await,
        list(&desk, &stella, "is_completed=false").await,
    );
    assert!(yes.total > 0);
    assert_eq!(yes.total + no.total, all);
    assert_eq!(desk.ok(&stella, api::completions(Some(true), 1)).await.total, yes.total);
    for key in ["created", "modified"] {
        let newest = desk.data();
        let sql = format!("SELECT max({key}) FROM completions");
        let newest: String = newest.query_row(&sql, [], |row| row.get(0)).expect("a moment");
        let query = format!("{key}={}", newest.replace('+', "%2B"));
        assert_eq!(list(&desk, &stella, &query).await.total, 1, "{key}");
        assert_eq!(list(&desk, &stella, &format!("{key}=2001-01-01")).await.total, all);
        let malformed = list(&desk, &stella, &format!("{key}=x")).await;
        assert_eq!(
            (malformed.status, malformed.body),
            (400, json!({ key: ["Enter a valid date/time."] }))
        );
    }
    let up = list(&desk, &stella, "o=modified").await;
    assert!(up.all("modified").into_iter().map(|it| it.as_str()).is_sorted());
    let down = list(&desk, &stella, "o=-is_completed").await;
    assert_eq!(down.rows()[0]["is_completed"], json!(true));
}

#[tokio::test]
async fn one_is_addressed_by_its_number() {
    let desk = Desk::new();
    let (alice, rita) = (desk.sign_in("alice").await, desk.sign_in("rita").await);
    let id = desk.count(
        "SELECT p.id FROM completions p JOIN offering_users a ON a.id = p.offering_user_id \
         JOIN offerings o ON o.id = a.offering_id JOIN users u ON u.id = a.user_id \
         WHERE u.username = 'alice' AND o.slug <> 'secure-analysis' LIMIT 1",
    );
    let url = format!("{COMPLETIONS}{id}/");
    let one = desk.get(Some(&alice), &url).await;
    assert_eq!(one.status, 200);
    assert!(list(&desk, &alice, "").await.rows().contains(&one.body));
    assert_eq!(desk.get(Some(&rita), &url).await.status, 404);
    assert_eq!(desk.get(None, &url).await.status, 401);
}

#[tokio::test]
async fn holders_are_not_told_of_the_review() {
    for (profile, told) in [(Profile::Current, false), (Profile::Upstream, true)] {
        let desk = Desk::with(profile);
        desk.change("UPDATE completions SET requires_review = 1");
        let alice = desk.sign_in("alice").await;
        for row in list(&desk, &alice, "").await.rows() {
            assert_eq!(row["requires_review"] == json!(true), told, "{row}");
        }
        for name in ["rita", "sam", "stella"] {
            let person = desk.sign_in(name).await;
            let query = format!("offering_uuid={SECURE_ANALYSIS}");
            let rows = list(&desk, &person, &query).await;
            assert!(rows.all("requires_review").into_iter().all(|it| *it == json!(true)), "{name}");
        }
    }
}
