use serde_json::json;

use crate::desk::{Desk, Person, RESEARCH_CLOUD, SECURE_ANALYSIS, VASKILUOTO};

const CONSENTS: &str = "/api/marketplace-user-offering-consents/";

fn offering(uuid: &str) -> api::OfferingId {
    uuid.parse().expect("an id")
}

async fn me(desk: &Desk, person: &Person) -> api::UserId {
    desk.ok(person, api::me()).await.uuid
}

/// The consent of a person to an offering, as a path.
async fn path(desk: &Desk, person: &Person, uuid: &str) -> String {
    let me = me(desk, person).await;
    let found = desk.ok(person, api::list_consents(offering(uuid), me)).await;
    format!("{CONSENTS}{}/", found.items.first().expect("a consent").uuid)
}

/// Alice agrees to the current terms, whatever the demo says.
async fn agreed(desk: &Desk) -> (Person, String) {
    let alice = desk.sign_in("alice").await;
    desk.change(
        "DELETE FROM consents WHERE user_id = (SELECT id FROM users WHERE username = 'alice')",
    );
    desk.ok(&alice, api::grant_consent(offering(SECURE_ANALYSIS))).await;
    let path = path(desk, &alice, SECURE_ANALYSIS).await;
    (alice, path)
}

#[tokio::test]
async fn granting_needs_terms_and_counts_once() {
    let desk = Desk::new();
    let (alice, _) = agreed(&desk).await;
    let grant = async |body| desk.send(Some(&alice), "POST", CONSENTS, body).await;
    let refusal = |answer: crate::desk::Answer| (answer.status, answer.body);
    // CON-008
    let twice = "You have already consented to the current Terms of Service for this offering.";
    assert_eq!(
        refusal(grant(json!({ "offering": SECURE_ANALYSIS })).await),
        (400, json!({ "non_field_errors": [twice] }))
    );
    // CON-009
    desk.change("UPDATE terms SET is_active = 0");
    let none = "This offering does not have Terms of Service.";
    assert_eq!(
        refusal(grant(json!({ "offering": RESEARCH_CLOUD })).await),
        (400, json!({ "non_field_errors": [none] }))
    );
    assert_eq!(
        refusal(grant(json!({})).await),
        (400, json!({ "offering": ["This field is required."] }))
    );
    assert_eq!(
        refusal(grant(json!({ "offering": "x" })).await),
        (400, json!({ "offering": ["Object with uuid=x does not exist."] }))
    );
    assert_eq!(desk.send(None, "POST", CONSENTS, json!({})).await.status, 401);
}

/// CON-010 and CON-011.
#[tokio::test]
async fn a_revoked_consent_comes_back_to_life() {
    let desk = Desk::new();
    let (alice, path) = agreed(&desk).await;
    let revoked = desk.send(Some(&alice), "POST", &format!("{path}revoke/"), json!({})).await;
    assert_eq!((revoked.status, &revoked.body["has_consent"]), (200, &json!(false)));
    assert!(revoked.body["revocation_date"].is_string());
    let body = json!({ "offering": SECURE_ANALYSIS });
    let granted = desk.send(Some(&alice), "POST", CONSENTS, body.clone()).await;
    assert_eq!((granted.status, granted.body), (201, body));
    let revived = desk.get(Some(&alice), &path).await;
    assert_eq!(revived.body["revocation_date"], json!(null));
}

#[tokio::test]
async fn an_older_consent_is_renewed_in_place() {
    let desk = Desk::new();
    let (alice, path) = agreed(&desk).await;
    let put = desk.send(Some(&alice), "PUT", &path, json!({ "version": "0.9" })).await;
    assert_eq!((put.status, &put.body["version"]), (200, &json!("0.9")));
    desk.change("UPDATE terms SET requires_reconsent = 1");
    let asked = desk.get(Some(&alice), &format!("{CONSENTS}?requires_reconsent=true")).await;
    assert_eq!(asked.all("version"), ["0.9"]);
    let body = json!({ "offering": SECURE_ANALYSIS });
    assert_eq!(desk.send(Some(&alice), "POST", CONSENTS, body).await.status, 201);
    assert_eq!(desk.get(Some(&alice), &path).await.body["version"], json!("1.1"));
    let asked = desk.get(Some(&alice), &format!("{CONSENTS}?requires_reconsent=true")).await;
    assert_eq!(asked.total, 0);
}

#[tokio::test]
async fn only_the_person_and_staff_change_a_consent() {
    let desk = Desk::new();
    let (alice, path) = agreed(&desk).await;
    let (pavel, sam, stella) =
        (desk.sign_in("pavel").await, desk.sign_in("sam").await, desk.sign_in("stella").await);
    let revoke = format!("{path}revoke/");
    // CON-012
    let refused = desk.send(Some(&sam), "POST", &revoke, json!({})).await;
    let detail = "You don't have permission to revoke this consent.";
    assert_eq!((refused.status, refused.body), (403, json!({ "detail": detail })));
    for (method, url) in [("POST", &revoke), ("PUT", &path), ("PATCH", &path), ("DELETE", &path)] {
        let body = json!({ "version": "7" });
        assert_eq!(desk.send(None, method, url, body.clone()).await.status, 401, "{method}");
        assert_eq!(desk.send(Some(&pavel), method, url, body.clone()).await.status, 404);
        assert_eq!(desk.send(Some(&sam), method, url, body).await.status, 403, "{method}");
    }
    let patch = async |body| desk.send(Some(&alice), "PATCH", &path, body).await;
    assert_eq!(patch(json!({ "version": "7" })).await.body["version"], json!("7"));
    assert_eq!(patch(json!({})).await.body["version"], json!("7"));
    let blank = patch(json!({ "version": "" })).await;
    assert_eq!(
        (blank.status, blank.body),
        (400, json!({ "version": ["This field may not be blank."] }))
    );
    let missing = desk.send(Some(&stella), "PUT", &path, json!({})).await;
    assert_eq!(
        (missing.status, missing.body),
        (400, json!({ "version": ["This field is required."] }))
    );
    assert_eq!(desk.send(Some(&stella), "DELETE", &path, json!({})).await.status, 204);
    assert_eq!(desk.get(Some(&alice), &path).await.status, 404);
}

#[tokio::test]
async fn filters_and_orders_are_those_of_the_contract() {
    let desk = Desk::new();
    let (alice, path) = agreed(&desk).await;
    let stella = desk.sign_in("stella").await;
    let me = me(&desk, &alice).await;
    let count =
        async |query: &str| desk.get(Some(&stella), &format!("{CONSENTS}?{query}")).await.total;
    let all = count("").await;
    assert!(all > 3);
    assert_eq!(count(&format!("user_uuid={me}")).await, 1);
    assert_eq!(count(&format!("user=http://desk.example/api/users/{me}/")).await, 1);
    assert_eq!(count("user=nonsense").await, 0);
    let by_uuid = count(&format!("offering_uuid={VASKILUOTO}")).await;
    assert!(0 < by_uuid && by_uuid < all);
    assert_eq!(
        count(&format!("offering=/api/marketplace-public-offerings/{VASKILUOTO}/")).await,
        by_uuid
    );
    assert_eq!(count("version=1.1&has_consent=true").await, count("version=1.1").await);
    desk.send(Some(&alice), "POST", &format!("{path}revoke/"), json!({})).await;
    assert_eq!(count("has_consent=false").await, 1);
    assert_eq!(count("has_consent=true").await, all - 1);
    assert_eq!(
        count("requires_reconsent=true").await + count("requires_reconsent=false").await,
        all
    );
    for key in ["agreement_date", "created", "modified", "revocation_date"] {
        let ask = async |o: &str| {
            let url = format!("{CONSENTS}?page_size=300&o={o}{key}");
            let answer = desk.get(Some(&stella), &url).await;
            let texts = answer.all(key).into_iter().filter_map(|it| it.as_str().map(str::to_owned));
            texts.collect::<Vec<_>>()
        };
        let (up, mut down) = (ask("").await, ask("-").await);
        assert!(up.is_sorted(), "{key}");
        down.reverse();
        assert_eq!(up, down, "{key}");
    }
}
