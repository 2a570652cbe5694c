use serde_json::{Value, json};

use crate::desk::{Answer, Desk, Person, RESEARCH_CLOUD, SECURE_ANALYSIS, TAPE_ARCHIVE};

const TERMS: &str = "/api/marketplace-offering-terms-of-service/";

fn one(answer: &Answer) -> String {
    format!("{TERMS}{}/", answer.body["uuid"].as_str().expect("an id"))
}

async fn create(desk: &Desk, person: &Person, body: Value) -> Answer {
    desk.send(Some(person), "POST", TERMS, body).await
}

fn draft() -> Value {
    json!({ "offering_uuid": SECURE_ANALYSIS, "version": "2.0" })
}

#[tokio::test]
async fn the_app_reads_the_terms_in_force() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let offering = SECURE_ANALYSIS.parse().expect("an id");
    let found = desk.ok(&alice, api::active_terms(offering)).await;
    let [terms] = &*found.items else { panic!("{found:?}") };
    assert_eq!((terms.version.as_str(), terms.grace_period_days), ("1.1", 60));
}

#[tokio::test]
async fn terms_are_made_changed_and_deleted() {
    let desk = Desk::new();
    let pavel = desk.sign_in("pavel").await;
    let body = json!({
        "offering": format!("http://desk.example/api/marketplace-provider-offerings/{SECURE_ANALYSIS}/"),
        "version": "2.0",
        "terms_of_service": "<p onclick=\"x()\">Be kind.</p><script>x()</script>",
        "requires_reconsent": true,
    });
    let made = create(&desk, &pavel, body).await;
    assert_eq!(made.status, 201);
    let expected = [
        ("offering_uuid", json!(SECURE_ANALYSIS)),
        ("offering_name", json!("Secure analysis environment")),
        ("terms_of_service", json!("<p>Be kind.</p>")),
        ("terms_of_service_link", json!("")),
        ("version", json!("2.0")),
        ("is_active", json!(false)),
        ("requires_reconsent", json!(true)),
        ("grace_period_days", json!(60)),
        ("user_consent", json!(null)),
        ("has_user_consent", json!(false)),
    ];
    for (key, value) in expected {
        assert_eq!(made.body[key], value, "{key}");
    }
    let change = json!({
        "version": "3.0", "requires_reconsent": false, "grace_period_days": 7,
        "terms_of_service_link": "https://terms.example/",
    });
    for method in ["PATCH", "PUT"] {
        let changed = desk.send(Some(&pavel), method, &one(&made), change.clone()).await;
        assert_eq!(changed.status, 200);
        assert_eq!(changed.body["version"], json!("2.0"));
        assert_eq!(changed.body["requires_reconsent"], json!(true));
        assert_eq!(changed.body["grace_period_days"], json!(7));
        assert_eq!(changed.body["terms_of_service"], json!("<p>Be kind.</p>"));
    }
    assert_eq!(desk.send(Some(&pavel), "DELETE", &one(&made), json!({})).await.status, 204);
    assert_eq!(desk.get(Some(&pavel), &one(&made)).await.status, 404);
}

#[tokio::test]
async fn one_version_is_in_force_at_most() {
    let desk = Desk::new();
    let pavel = desk.sign_in("pavel").await;
    let refusal =
        json!({ "non_field_errors": ["The offering already has active terms of service."] });
    let mut body = draft();
    body["is_active"] = json!(true);
    let made = create(&desk, &pavel, body).await;
    assert_eq!((made.status, &made.body), (400, &refusal));
    assert_eq!(desk.count("SELECT count(*) FROM terms WHERE version = '2.0'"), 0);

    let made = create(&desk, &pavel, draft()).await;
    let activate = json!({ "is_active": true });
    let changed = desk.send(Some(&pavel), "PATCH", &one(&made), activate.clone()).await;
    assert_eq!((changed.status, &changed.body), (400, &refusal));
    let active = format!("{TERMS}?offering_uuid={SECURE_ANALYSIS}&is_active=true");
    let active = desk.get(Some(&pavel), &active).await.rows()[0]["uuid"].clone();
    let active = format!("{TERMS}{}/", active.as_str().expect("an id"));
    let retired = desk.send(Some(&pavel), "PATCH", &active, json!({ "is_active": false })).await;
    assert_eq!(retired.status, 200);
    for _ in 0..2 {
        let changed = desk.send(Some(&pavel), "PATCH", &one(&made), activate.clone()).await;
        assert_eq!((changed.status, &changed.body["is_active"]), (200, &json!(true)));
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_terms_are_refused() {
    let desk = Desk::new();
    let pavel = desk.sign_in("pavel").await;
    let cases = [
        ("offering_uuid", json!("x"), "Object with uuid=x does not exist."),
        ("version", json!(""), "This field may not be blank."),
        ("version", json!(2), "Not a valid string."),
        ("terms_of_service", json!(null), "This field may not be null."),
        ("terms_of_service_link", json!("no link"), "Enter a valid URL."),
        ("is_active", json!("perhaps"), "Must be a valid boolean."),
        ("requires_reconsent", json!(null), "Must be a valid boolean."),
        ("grace_period_days", json!("x"), "A valid integer is required."),
        ("grace_period_days", json!(-1), "Ensure this value is greater than or equal to 0."),
    ];
    for (key, value, message) in cases {
        let mut body = draft();
        body[key] = value;
        let answer = create(&desk, &pavel, body).await;
        assert_eq!((answer.status, answer.body), (400, json!({ key: [message] })));
    }
    for (missing, key) in [("offering_uuid", "offering"), ("version", "version")] {
        let mut body = draft();
        body.as_object_mut().expect("an object").remove(missing);
        let answer = create(&desk, &pavel, body).await;
        let refusal = json!({ key: ["This field is required."] });
        assert_eq!((answer.status, answer.body), (400, refusal));
    }
}

#[tokio::test]
async fn writing_needs_the_right_on_the_offering_or_its_organisation() {
    let desk = Desk::new();
    let (alice, rita, pavel, sam, stella) = (
        desk.sign_in("alice").await,
        desk.sign_in("rita").await,
        desk.sign_in("pavel").await,
        desk.sign_in("sam").await,
        desk.sign_in("stella").await,
    );
    for (person, status) in
        [(&alice, 403), (&rita, 403), (&sam, 403), (&pavel, 201), (&stella, 201)]
    {
        assert_eq!(create(&desk, person, draft()).await.status, status);
    }
    let elsewhere = json!({ "offering_uuid": RESEARCH_CLOUD, "version": "9" });
    assert_eq!(create(&desk, &pavel, elsewhere.clone()).await.status, 403);
    assert_eq!(desk.send(None, "POST", TERMS, draft()).await.status, 401);

    let hidden = one(&create(&desk, &stella, elsewhere).await);
    let seen = one(&create(&desk, &pavel, draft()).await);
    for method in ["PATCH", "PUT", "DELETE"] {
        let send = async |person, url| desk.send(person, method, url, json!({})).await.status;
        assert_eq!(send(None, &seen).await, 401, "{method}");
        assert_eq!(send(Some(&pavel), &hidden).await, 404, "{method}");
        assert_eq!(send(Some(&rita), &seen).await, 403, "{method}");
        assert_eq!(send(Some(&sam), &seen).await, 403, "{method}");
    }
}

#[tokio::test]
async fn drafts_are_for_the_provider_and_for_those_who_agreed() {
    let desk = Desk::new();
    let (alice, pavel) = (desk.sign_in("alice").await, desk.sign_in("pavel").await);
    let agreed = desk.get(Some(&alice), "/api/marketplace-user-offering-consents/").await;
    desk.change(&format!(
        "DELETE FROM consents WHERE offering_id = (SELECT id FROM offerings WHERE uuid = '{TAPE_ARCHIVE}')"
    ));
    let body = json!({ "offering_uuid": TAPE_ARCHIVE, "version": "draft" });
    let made = one(&create(&desk, &pavel, body).await);
    assert_eq!(desk.get(Some(&alice), &made).await.status, 404);
    let uuid = agreed.rows()[0]["offering_uuid"].as_str().expect("an id");
    let mine = desk.get(Some(&alice), &format!("{TERMS}?offering_uuid={uuid}")).await;
    let active = desk.get(Some(&alice), &format!("{TERMS}?offering_uuid={uuid}&is_active=1")).await;
    assert!(mine.total > active.total, "{} {}", mine.total, active.total);
    let row = &active.rows()[0];
    assert_eq!(row["has_user_consent"], json!(true));
    assert_eq!(row["user_consent"]["is_revoked"], json!(false));
}

#[tokio::test]
async fn filters_and_orders_are_those_of_the_contract() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    let ask = async |query: &str| {
        desk.get(Some(&stella), &format!("{TERMS}?page_size=300&{query}")).await
    };
    let all = ask("").await.total;
    for key in ["is_active", "requires_reconsent"] {
        let (yes, no) = (ask(&format!("{key}=true")).await, ask(&format!("{key}=false")).await);
        assert!(yes.all(key).into_iter().all(|it| *it == json!(true)));
        assert_eq!(yes.total + no.total, all);
        assert!(yes.total > 0 && no.total > 0, "{key}");
    }
    assert_eq!(ask("version=1.1").await.all("version")[0], &json!("1.1"));
    assert_eq!(ask("version=nothing").await.total, 0);
    let link = format!("offering=/api/marketplace-provider-offerings/{SECURE_ANALYSIS}/");
    assert_eq!(
        ask(&link).await.total,
        ask(&format!("offering_uuid={SECURE_ANALYSIS}")).await.total
    );
    for key in ["created", "modified", "version"] {
        let up = ask(&format!("o={key}")).await;
        let texts: Vec<_> = up.all(key).into_iter().map(|it| it.as_str()).collect();
        assert!(texts.is_sorted(), "{key}: {texts:?}");
        let down = ask(&format!("o=-{key}")).await;
        let texts: Vec<_> = down.all(key).into_iter().rev().map(|it| it.as_str()).collect();
        assert!(texts.is_sorted(), "{key}: {texts:?}");
    }
}
