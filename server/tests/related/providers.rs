use serde_json::{Value, json};

use crate::desk::{Answer, Desk, NCN, Person, SECURE_ANALYSIS, TAPE_ARCHIVE};

const PROVIDERS: &str = "/api/marketplace-service-providers/";

/// Pavel's provider.
async fn ncn(desk: &Desk) -> (Person, api::ProviderId) {
    let pavel = desk.sign_in("pavel").await;
    let found = desk.ok(&pavel, api::service_providers(1)).await;
    let [provider] = &*found.items else { panic!("{found:?}") };
    (pavel, provider.uuid)
}

#[tokio::test]
async fn providers_are_those_where_one_has_a_role() {
    let desk = Desk::new();
    for (name, count) in [("stella", 3), ("sam", 3), ("pavel", 1), ("rita", 1), ("alice", 0)] {
        let person = desk.sign_in(name).await;
        assert_eq!(desk.get(Some(&person), PROVIDERS).await.total, count, "{name}");
    }
    let (pavel, provider) = ncn(&desk).await;
    let one = format!("{PROVIDERS}{provider}/");
    let record = desk.get(Some(&pavel), &one).await.body;
    assert_ne!(record["uuid"], record["customer_uuid"]);
    assert_eq!(record["customer_uuid"], json!(NCN));
    assert_eq!(record["customer_name"], json!("Northern Computing Network"));
    assert_eq!(record["customer_abbreviation"], json!("NCN"));
    assert_eq!(record["url"], json!(format!("http://localhost{}", one.replace('-', "-"))));
    let alice = desk.sign_in("alice").await;
    assert_eq!(desk.get(Some(&alice), &one).await.status, 404);
    let stella = desk.sign_in("stella").await;
    for query in ["query=rucc".to_owned(), "query=RAVILA".to_owned()] {
        assert_eq!(desk.get(Some(&stella), &format!("{PROVIDERS}?{query}")).await.total, 1);
    }
    let one = desk.get(Some(&stella), &format!("{PROVIDERS}?customer_uuid={NCN}")).await;
    assert_eq!(one.all("customer_uuid"), [&json!(NCN)]);
    let down = desk.get(Some(&stella), &format!("{PROVIDERS}?o=-customer_name")).await;
    assert_eq!(down.all("customer_abbreviation"), ["RUCC", "NCN", "LDA"]);
}

#[tokio::test]
async fn compliance_is_for_those_who_may_list_customers() {
    let desk = Desk::new();
    let (_, provider) = ncn(&desk).await;
    for list in ["compliance_overview", "offering_users", "checklists_summary"] {
        let url = format!("{PROVIDERS}{provider}/compliance/{list}/");
        assert_eq!(desk.get(None, &url).await.status, 401);
        for (name, status) in
            [("stella", 200), ("pavel", 200), ("sam", 403), ("rita", 403), ("alice", 403)]
        {
            let person = desk.sign_in(name).await;
            assert_eq!(desk.get(Some(&person), &url).await.status, status, "{list} {name}");
        }
    }
}

/// REL-004: one of four accounts is complete.
#[tokio::test]
async fn the_overview_counts_accounts_and_completions() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    let at_all = format!(
        "(SELECT a.id FROM offering_users a JOIN offerings o ON o.id = a.offering_id \
          WHERE o.uuid = '{SECURE_ANALYSIS}' ORDER BY a.id LIMIT 4)"
    );
    desk.change(&format!(
        "PRAGMA foreign_keys = ON; DELETE FROM offering_users WHERE id NOT IN {at_all}; \
         UPDATE completions SET is_completed = offering_user_id = (SELECT min(id) FROM offering_users); \
         DELETE FROM completions WHERE offering_user_id = (SELECT max(id) FROM offering_users)"
    ));
    let rows = desk.ok(&pavel, api::compliance_overview(provider, 1)).await;
    let names: Vec<_> = rows.items.iter().map(|it| it.offering_name.as_str()).collect();
    assert!(names.is_sorted() && names.len() == 3, "{names:?}");
    let row = rows.items.iter().find(|it| it.offering_name == "Secure analysis environment");
    let row = row.expect("the offering");
    assert_eq!(row.compliance_rate, 25.0);
    assert_eq!(
        (row.total_users, row.users_with_completions, row.completed_users, row.pending_users),
        (4, 3, 1, 2)
    );
    let empty = rows.items.iter().find(|it| it.total_users == 0).expect("an empty offering");
    assert_eq!(empty.compliance_rate, 0.0);
    let url = format!("{PROVIDERS}{provider}/compliance/compliance_overview/?page_size=2&page=2");
    let second = desk.get(Some(&pavel), &url).await;
    assert_eq!((second.total, second.rows().len()), (3, 1));
    assert!(second.link.contains("rel=\"prev\""));
}

async fn users(desk: &Desk, pavel: &Person, provider: api::ProviderId, query: &str) -> Answer {
    let url = format!("{PROVIDERS}{provider}/compliance/offering_users/?{query}");
    desk.get(Some(pavel), &url).await
}

/// REL-001.
#[tokio::test]
async fn accounts_are_listed_with_the_state_as_a_number() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    let all = users(&desk, &pavel, provider, "page_size=300").await;
    assert_eq!(
        all.total,
        desk.count(&format!(
            "SELECT count(*) FROM offering_users a JOIN offerings o ON o.id = a.offering_id \
             JOIN customers c ON c.id = o.customer_id WHERE c.uuid = '{NCN}'"
        ))
    );
    let ok = "SELECT uuid FROM offering_users WHERE state = 5 AND offering_id = 1 LIMIT 1";
    let ok: String = desk.data().query_row(ok, [], |row| row.get(0)).expect("an account");
    let row = all.rows().iter().find(|it| it["uuid"] == json!(ok)).expect("the account");
    assert_eq!(row["state"], json!(5));
    let mut keys: Vec<_> = row.as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "checklist_name",
            "completion_percentage",
            "compliance_status",
            "created",
            "last_updated",
            "offering_name",
            "state",
            "user_email",
            "user_full_name",
            "username",
            "uuid",
        ]
    );
    for row in all.rows() {
        let has_checklist = row["checklist_name"].is_string();
        assert_eq!(row["completion_percentage"].is_number(), has_checklist, "{row}");
        assert_eq!(row["compliance_status"] == json!("no_checklist"), !has_checklist, "{row}");
        assert_eq!(row["last_updated"].is_string(), has_checklist, "{row}");
    }
    let decoded = desk.ok(&pavel, api::compliance_offering_users(provider, None, 1)).await;
    assert_eq!((decoded.total, decoded.items.len()), (all.total, 10));
}

#[tokio::test]
async fn accounts_are_filtered_by_offering_and_by_how_far_they_are() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    desk.change("UPDATE completions SET is_completed = 1 WHERE id % 3 = 0");
    let all = users(&desk, &pavel, provider, "").await.total;
    let mut sum = 0;
    for status in ["completed", "pending", "no_checklist"] {
        let query = format!("page_size=300&compliance_status={status}");
        let found = users(&desk, &pavel, provider, &query).await;
        assert!(found.all("compliance_status").into_iter().all(|it| *it == json!(status)));
        assert_eq!(found.rows().len() as u64, found.total);
        assert!(found.total > 0, "{status}");
        sum += found.total;
        let decoded =
            desk.ok(&pavel, api::compliance_offering_users(provider, Some(status), 1)).await;
        assert_eq!(decoded.total, found.total);
    }
    assert_eq!(sum, all);
    let query = format!("offering_uuid={TAPE_ARCHIVE}&compliance_status=pending");
    assert_eq!(users(&desk, &pavel, provider, &query).await.total, 0);
    let malformed = users(&desk, &pavel, provider, "offering_uuid=x").await;
    assert_eq!(
        (malformed.status, malformed.body),
        (400, json!({ "offering_uuid": ["Enter a valid UUID."] }))
    );
}

/// Pages cross from one offering into the next, and both ways of going through an offering give
/// the same order.
#[tokio::test]
async fn pages_follow_each_other_by_offering_and_name() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    let all = users(&desk, &pavel, provider, "page_size=300").await;
    let keys: Vec<_> = all.rows().iter().map(|it| it["offering_name"].to_string()).collect();
    assert!(keys.is_sorted());
    let mut pages: Vec<Value> = Vec::new();
    for page in 1..=all.total.div_ceil(7) {
        let query = format!("page_size=7&page={page}");
        pages.extend_from_slice(users(&desk, &pavel, provider, &query).await.rows());
    }
    assert_eq!(pages, all.rows());
    let first = users(&desk, &pavel, provider, "page_size=1").await;
    assert_eq!(first.rows(), &all.rows()[..1]);
}

#[tokio::test]
async fn the_summary_counts_questions_and_offerings() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    let stella = desk.sign_in("stella").await;
    let checklist: String = desk
        .data()
        .query_row(
            "SELECT h.uuid FROM checklists h JOIN offerings o ON o.checklist_id = h.id \
                    WHERE o.slug = 'vaskiluoto'",
            [],
            |row| row.get(0),
        )
        .expect("a checklist");
    let url =
        format!("/api/marketplace-provider-offerings/{TAPE_ARCHIVE}/update_compliance_checklist/");
    desk.send(Some(&stella), "POST", &url, json!({ "compliance_checklist": checklist })).await;
    let summary = desk.ok(&pavel, api::checklists_summary(provider, 1)).await;
    let counts: Vec<_> = summary.items.iter().map(|it| it.offerings_count).collect();
    assert_eq!(counts, [2, 1, 1]);
    assert!(summary.items.iter().all(|it| it.questions_count > 0));
    assert!(summary.items[1].checklist_name < summary.items[2].checklist_name);
}

async fn set(desk: &Desk, who: &Person, provider: api::ProviderId, body: Value) -> Answer {
    let url = format!("{PROVIDERS}{provider}/set_offerings_username/");
    desk.send(Some(who), "POST", &url, body).await
}

#[tokio::test]
async fn a_name_is_set_on_all_offerings_of_the_provider() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    let alice = desk.ok(&desk.sign_in("alice").await, api::me()).await.uuid;
    let named = "SELECT count(*) FROM offering_users WHERE username = 'alice_here'";
    let settled = format!("{named} AND state = 5");
    desk.change("UPDATE offering_users SET state = 4 WHERE user_id = (SELECT id FROM users WHERE username = 'alice')");
    let body = json!({ "user_uuid": alice.to_string(), "username": "alice_here" });
    let answer = set(&desk, &pavel, provider, body.clone()).await;
    let done = json!({ "detail": "Offering users have been set." });
    assert_eq!((answer.status, answer.body), (201, done));
    let own = "SELECT count(*) FROM offering_users a JOIN users u ON u.id = a.user_id \
               JOIN offerings o ON o.id = a.offering_id WHERE u.username = 'alice'";
    let here = desk.count(&format!("{own} AND o.customer_id = 1"));
    assert!(0 < here && here < desk.count(own));
    assert_eq!((desk.count(named), desk.count(&settled)), (here, here));
    // The same name again settles nothing, and none changes nothing.
    desk.change("UPDATE offering_users SET state = 4 WHERE username = 'alice_here'");
    assert_eq!(set(&desk, &pavel, provider, body).await.status, 201);
    let empty = json!({ "user_uuid": alice.to_string(), "username": "" });
    assert_eq!(set(&desk, &pavel, provider, empty).await.status, 201);
    assert_eq!((desk.count(named), desk.count(&settled)), (here, 0));
}

#[tokio::test]
async fn setting_names_needs_its_right_and_a_person() {
    let desk = Desk::new();
    let (pavel, provider) = ncn(&desk).await;
    let url = format!("{PROVIDERS}{provider}/set_offerings_username/");
    assert_eq!(desk.send(None, "POST", &url, json!({})).await.status, 401);
    for name in ["alice", "rita", "sam"] {
        let person = desk.sign_in(name).await;
        assert_eq!(set(&desk, &person, provider, json!({})).await.status, 403, "{name}");
    }
    let none = "00000000000000000000000000000000";
    let unknown = format!("{PROVIDERS}{none}/set_offerings_username/");
    assert_eq!(desk.send(Some(&pavel), "POST", &unknown, json!({})).await.status, 404);
    let long = "x".repeat(101);
    for (body, refusal) in [
        (json!({ "username": "x" }), json!({ "user_uuid": ["This field is required."] })),
        (json!({ "user_uuid": "x" }), json!({ "user_uuid": ["Must be a valid UUID."] })),
        (json!({ "user_uuid": none }), json!({ "username": ["This field is required."] })),
        (
            json!({ "user_uuid": none, "username": long }),
            json!({ "username": ["Ensure this field has no more than 100 characters."] }),
        ),
        (
            json!({ "user_uuid": none, "username": "x" }),
            json!([format!("A user with the uuid [{none}] is not found.")]),
        ),
    ] {
        let answer = set(&desk, &pavel, provider, body).await;
        assert_eq!((answer.status, answer.body), (400, refusal));
    }
}
