//! A server that behaves like the first API page knows nothing that `contract.md` marks as new.

use std::collections::BTreeSet;

use purser::{Profile, Settings};
use serde_json::{Value, json};

use crate::{
    desk::{ACCOUNTS, Desk, SECURE_ANALYSIS},
    world::World,
};

/// `contract.md` 2.1, in its order, and nothing else.
const FIELDS: [&str; 22] = [
    "url",
    "uuid",
    "user",
    "offering",
    "username",
    "offering_uuid",
    "user_uuid",
    "offering_name",
    "customer_name",
    "customer_uuid",
    "user_username",
    "user_full_name",
    "user_email",
    "created",
    "modified",
    "is_restricted",
    "state",
    "service_provider_comment",
    "service_provider_comment_url",
    "has_consent",
    "requires_reconsent",
    "has_compliance_checklist",
];

fn older(enforce_consent: bool) -> Desk {
    Desk::new(Settings { profile: Profile::Seed, enforce_consent }, "")
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test]
async fn accounts_have_no_newer_fields() {
    for enforce_consent in [false, true] {
        let desk = older(enforce_consent);
        let expected = BTreeSet::from(FIELDS);
        for name in ["stella", "pavel", "alice"] {
            let list = desk.get(name, &format!("{ACCOUNTS}?page_size=300")).await;
            assert!(!list.rows().is_empty());
            for row in list.rows() {
                assert_eq!(keys(row), expected);
            }
            let url = format!("{ACCOUNTS}{}/", list.uuids()[0]);
            assert_eq!(keys(&desk.get(name, &url).await.body), expected);
        }
        let own = format!("{ACCOUNTS}?offering_uuid={SECURE_ANALYSIS}");
        let own = desk.get("pavel", &own).await;
        let url = format!("{ACCOUNTS}{}/", own.uuids()[0]);
        let changed = desk.send("pavel", "PATCH", &url, &json!({ "username": "x" })).await;
        assert_eq!((changed.status, keys(&changed.body)), (200, expected));
    }
}

#[tokio::test]
async fn questions_have_no_newer_fields_and_all_are_not_to_be_had() {
    const NEWER: [&str; 7] = [
        "likert_scale_length",
        "likert_low_label",
        "likert_high_label",
        "likert_allow_na",
        "rich_text_char_limit",
        "rich_text_toolbar_level",
        "dependencies_info",
    ];
    let (older, current) = (older(false), Desk::new(Settings::default(), ""));
    let sql = "SELECT a.uuid FROM offering_users a JOIN completions p ON p.offering_user_id = a.id \
         JOIN offerings o ON o.id = a.offering_id WHERE o.provider_can_create_users \
         AND a.user_id = 1";
    let db = older.data();
    let mut statement = db.prepare(sql).expect(sql);
    let accounts = statement.query_map([], |row| row.get(0)).expect(sql);
    let mut hidden = 0;
    for account in accounts {
        let account: String = account.expect("an account");
        for action in ["checklist", "checklist_review"] {
            let url = format!("{ACCOUNTS}{account}/{action}/");
            let plain = older.get("stella", &url).await;
            assert_eq!(plain.status, 200, "{url}");
            for question in plain.body["questions"].as_array().expect("questions") {
                let newer = keys(question).into_iter().find(|it| NEWER.contains(it));
                assert_eq!(newer, None, "{url}");
            }
            let all = older.get("stella", &format!("{url}?include_all=true")).await;
            assert_eq!(all.body["questions"], plain.body["questions"], "{url}");
        }
        let url = format!("{ACCOUNTS}{account}/checklist/");
        let newer = current.get("stella", &format!("{url}?include_all=true")).await;
        let older = older.get("stella", &url).await;
        let count = |body: &Value| body["questions"].as_array().map_or(0, Vec::len);
        hidden += count(&newer.body) - count(&older.body).min(count(&newer.body));
    }
    // Otherwise nothing was left out above.
    assert!(hidden > 0);
}

#[tokio::test]
async fn staff_flags_are_only_for_staff_and_support() {
    const FLAGS: [&str; 3] = ["is_staff", "is_support", "is_active"];
    let desk = older(false);
    for (name, expected) in
        [("alice", 0), ("pavel", 0), ("rita", 0), ("sam", FLAGS.len()), ("stella", FLAGS.len())]
    {
        let me = desk.get(name, "/api/users/me/").await;
        let found = keys(&me.body).into_iter().filter(|it| FLAGS.contains(it)).count();
        assert_eq!(found, expected, "{name}");
    }
    let current = Desk::new(Settings::default(), "");
    let me = current.get("alice", "/api/users/me/").await;
    assert_eq!(me.body["is_staff"], json!(false));
}

#[tokio::test]
async fn newer_filters_are_ignored() {
    let (older, current) = (older(false), Desk::new(Settings::default(), ""));
    let all = older.get("stella", ACCOUNTS).await;
    for filter in [
        "created_before=2020-01-01T00:00:00Z",
        "created_before=nonsense",
        "modified_before=2020-01-01T00:00:00Z",
        "modified_before=nonsense",
        "runtime_state=Pending+account+linking",
        "runtime_state=nonsense",
        "has_complete_profile=false",
        "offering_has_active_tos=false",
        "offering_has_active_tos=true",
    ] {
        let url = format!("{ACCOUNTS}?{filter}");
        let answer = older.get("stella", &url).await;
        assert_eq!((answer.total, &answer.body), (all.total, &all.body), "{filter}");
        assert_ne!(current.get("stella", &url).await.total, all.total, "{filter}");
        let record = format!("{ACCOUNTS}{}/?{filter}", all.uuids()[0]);
        assert_eq!(older.get("stella", &record).await.status, 200, "{filter}");
    }
    let filtered = older.get("stella", &format!("{ACCOUNTS}?state=OK")).await;
    assert!(filtered.total < all.total, "older filters are heeded");
}

#[tokio::test]
async fn newer_orders_are_refused() {
    let (older, current) = (older(false), Desk::new(Settings::default(), ""));
    for order in ["user_first_name", "-user_first_name", "user_last_name", "-user_last_name"] {
        for given in [order.to_owned(), format!("created,{order}")] {
            let url = format!("{ACCOUNTS}?o={given}");
            let message =
                format!("Select a valid choice. {order} is not one of the available choices.");
            let answer = older.get("stella", &url).await;
            assert_eq!((answer.status, answer.body), (400, json!({ "o": [message] })), "{given}");
            assert_eq!(current.get("stella", &url).await.status, 200, "{given}");
        }
    }
    for order in ["username", "-username", "created", "-modified,created"] {
        assert_eq!(older.get("stella", &format!("{ACCOUNTS}?o={order}")).await.status, 200);
    }
}

#[tokio::test]
async fn newer_operations_are_not_there() {
    let desk = older(false);
    let world = World::read(&desk.data());
    let body = json!({ "runtime_state": "Pending account linking" });
    let account = world.accounts.iter().find(|it| it.runtime_state == "Active" && it.state != 8);
    let account = account.expect("an account");
    let path = format!("{ACCOUNTS}{}/update_runtime_state/", account.uuid);
    let answer = desk.send("stella", "POST", &path, &body).await;
    assert_eq!(answer.status, 404, "{}", answer.body);
    let after = World::read(&desk.data());
    assert_eq!(after.account(&account.uuid).expect("the account").runtime_state, "Active");
    let current = Desk::new(Settings::default(), "");
    assert_eq!(current.send("stella", "POST", &path, &body).await.status, 200);
}
