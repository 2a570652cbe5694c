//! Who sees which account (`contract.md` 4.2): lists, which decide in memory, and records and
//! actions, which ask the database, are held to the same rule.

use purser::{Profile, Settings};
use serde_json::{Value, json};

use crate::{
    ask::VIEWERS,
    desk::{ACCOUNTS, Desk},
    world::{Account, World},
};

/// A world of its own beside the demo's, made new for each case. North has a project, Ice, and two
/// offerings; South has one. `viewer` looks for the account of `holder` at North's first offering.
const STAGE: &str = "
    INSERT INTO customers (id, uuid, provider_uuid, name, abbreviation) VALUES
        (101, 'e0000000000000000000000000000101', 'f0000000000000000000000000000101', 'North', 'N'),
        (102, 'e0000000000000000000000000000102', 'f0000000000000000000000000000102', 'South', 'S');
    INSERT INTO projects (id, uuid, customer_id, name) VALUES
        (101, 'e0000000000000000000000000000201', 101, 'Ice'),
        (102, 'e0000000000000000000000000000202', 102, 'Sun'),
        (103, 'e0000000000000000000000000000203', 101, 'Snow');
    INSERT INTO offerings (id, uuid, customer_id, name, slug, description,
            provider_can_create_users) VALUES
        (101, 'e0000000000000000000000000000301', 101, 'Aurora', 'aurora', '', 1),
        (102, 'e0000000000000000000000000000302', 101, 'Boreas', 'boreas', '', 1),
        (103, 'e0000000000000000000000000000303', 102, 'Notus', 'notus', '', 1);
    INSERT INTO roles (id, uuid, name, permissions) VALUES
        (101, 'e0000000000000000000000000000401', 'Member', '[]');
";

/// What is said about `viewer` and `holder`, in SQL.
struct Case {
    /// What the test prints.
    what: &'static str,
    sql: &'static str,
    is_visible: bool,
}

const fn seen(what: &'static str, sql: &'static str) -> Case {
    Case { what, sql, is_visible: true }
}

const fn unseen(what: &'static str, sql: &'static str) -> Case {
    Case { what, sql, is_visible: false }
}

/// `V` and `H` stand for the keys of viewer and holder; `role(person, customer, project, offering)`
/// for a role without permissions.
const CASES: [Case; 30] = [
    unseen("a stranger", ""),
    // 1. One's own.
    seen("one's own account", "own(V);"),
    unseen("one's own account while the offering is closed", "own(V); close();"),
    // 2. An organisation, a project, a group.
    seen("a role in the organisation", "role(V, 101, NULL, NULL);"),
    unseen("the same while the offering is closed", "role(V, 101, NULL, NULL); close();"),
    unseen("a role in another organisation", "role(V, 102, NULL, NULL);"),
    unseen("only a project of the organisation", "role(V, NULL, 101, NULL);"),
    seen(
        "a project of the organisation, shared with the holder",
        "role(V, NULL, 101, NULL); role(H, NULL, 101, NULL);",
    ),
    unseen(
        "a project of the organisation, the holder in another one",
        "role(V, NULL, 101, NULL); role(H, NULL, 103, NULL);",
    ),
    unseen("the holder's project alone", "role(H, NULL, 101, NULL);"),
    unseen(
        "a shared project of another organisation",
        "role(V, NULL, 102, NULL); role(H, NULL, 102, NULL);",
    ),
    seen(
        "a project of the organisation, and the holder known from another one",
        "role(V, NULL, 101, NULL); role(V, 102, NULL, NULL); role(H, 102, NULL, NULL);",
    ),
    seen(
        "the holder known as a member of a project of one's organisation",
        "role(V, NULL, 101, NULL); role(V, 102, NULL, NULL); role(H, NULL, 102, NULL);",
    ),
    unseen(
        "a known holder, and no way to the offering",
        "role(V, 102, NULL, NULL); role(H, 102, NULL, NULL);",
    ),
    unseen(
        "a project of the organisation while the offering is closed",
        "role(V, NULL, 101, NULL); role(H, NULL, 101, NULL); close();",
    ),
    unseen("a shared group, the holder unknown", "role(V, 102, NULL, NULL); group(102);"),
    seen(
        "a shared group, the holder known from the organisation",
        "role(V, 102, NULL, NULL); group(102); role(H, 102, NULL, NULL);",
    ),
    seen(
        "a shared group by way of a project, with the holder in it",
        "role(V, NULL, 102, NULL); group(102); role(H, NULL, 102, NULL);",
    ),
    unseen(
        "another group",
        "role(V, 102, NULL, NULL); role(H, 102, NULL, NULL); \
         INSERT INTO customer_groups VALUES (102, 'Winds'); \
         INSERT INTO offering_groups VALUES (101, 'Stars');",
    ),
    unseen(
        "the group of an organisation where only the holder is",
        "group(102); role(H, 102, NULL, NULL);",
    ),
    unseen(
        "the group of an organisation on whose offering one has a role",
        "role(V, NULL, NULL, 103); role(H, 102, NULL, NULL); group(102);",
    ),
    unseen(
        "a shared group while the offering is closed",
        "role(V, 102, NULL, NULL); group(102); role(H, 102, NULL, NULL); close();",
    ),
    // 3. The offering.
    seen("a role on the offering", "role(V, NULL, NULL, 101);"),
    unseen("a role on a neighbouring offering", "role(V, NULL, NULL, 102);"),
    unseen("the same while the offering is closed", "role(V, NULL, NULL, 101); close();"),
    // 4. Identities.
    seen("a manager of the holder's source", "source(H, 'idp'); manages(V, 'idp');"),
    seen(
        "a manager of one of the holder's sources",
        "source(H, 'idp'); source(H, 'old'); manages(V, 'x'); manages(V, 'old');",
    ),
    unseen("a manager of other sources", "source(H, 'idp'); manages(V, 'other');"),
    unseen("an identity of the same source", "source(H, 'idp'); source(V, 'idp');"),
    unseen(
        "a manager while the offering is closed",
        "source(H, 'idp'); manages(V, 'idp'); close();",
    ),
];

/// Writes out the short words of a case.
fn sql_of(case: &Case) -> String {
    let holder = if case.sql.contains("own(V);") { 1001 } else { 1002 };
    let mut sql = format!(
        "{STAGE} INSERT INTO offering_users (id, uuid, user_id, offering_id, username, state, \
         created, modified) VALUES (5001, '{ACCOUNT}', {holder}, 101, 'aurora-1', 5, \
         '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00');"
    );
    for (number, word) in case.sql.split_inclusive(';').map(str::trim).enumerate() {
        let inside = |name: &str| {
            let inside = word.strip_prefix(name)?.strip_suffix(");")?;
            Some(inside.replace('V', "1001").replace('H', "1002"))
        };
        if let Some(role) = inside("role(") {
            sql.push_str(&format!(
                "INSERT INTO memberships (uuid, role_id, created, user_id, customer_id, \
                 project_id, offering_id) VALUES ('m{number}', 101, '2026-01-01', {role});"
            ));
        } else if let Some(customer) = inside("group(") {
            sql.push_str(&format!(
                "INSERT INTO customer_groups VALUES ({customer}, 'Winds'); \
                 INSERT INTO offering_groups VALUES (101, 'Winds');"
            ));
        } else if let Some(source) = inside("source(") {
            sql.push_str(&format!(
                "INSERT INTO identity_sources (user_id, source) VALUES ({source});"
            ));
        } else if let Some(source) = inside("manages(") {
            sql.push_str(&format!(
                "INSERT INTO managed_sources (user_id, source) VALUES ({source});"
            ));
        } else if word == "close();" {
            sql.push_str("UPDATE offerings SET provider_can_create_users = 0 WHERE id = 101;");
        } else if word != "own(V);" {
            sql.push_str(word);
        }
    }
    sql
}

const ACCOUNT: &str = "e0000000000000000000000000000501";

/// How lists, a record and an action answer: whether it is listed, the status, the status.
async fn answers(desk: &Desk, viewer: &str, uuid: &str) -> (bool, u16, u16) {
    let list = desk.get(viewer, &format!("{ACCOUNTS}?page_size=300&field=uuid")).await;
    let record = desk.get(viewer, &format!("{ACCOUNTS}{uuid}/")).await;
    let action = format!("{ACCOUNTS}{uuid}/set_deleted/");
    let action = desk.send(viewer, "POST", &action, &Value::Null).await;
    (list.uuids().contains(&uuid), record.status, action.status)
}

#[tokio::test]
async fn every_way_in_leads_to_the_list_the_record_and_the_actions() {
    for case in &CASES {
        let mut desk = Desk::new(Settings::default(), &sql_of(case));
        let expected = if case.is_visible { (true, 200, 403) } else { (false, 404, 404) };
        assert_eq!(answers(&desk, "viewer", ACCOUNT).await, expected, "{}", case.what);
        // The oracle of the walks says the same, or they would prove nothing.
        let world = World::read(&desk.data());
        let account = world.account(ACCOUNT).expect("the account");
        let is_seen = world.sees(world.person("viewer"), account);
        assert_eq!(is_seen, case.is_visible, "the oracle: {}", case.what);
        // Staff and support see everything; only staff may act, and the state forbids this action.
        assert_eq!(answers(&desk, "stella", ACCOUNT).await, (true, 200, 400), "{}", case.what);
        assert_eq!(answers(&desk, "sam", ACCOUNT).await, (true, 200, 403), "{}", case.what);
        desk.reopen();
        assert_eq!(answers(&desk, "viewer", ACCOUNT).await, expected, "again: {}", case.what);
    }
}

/// Every account for everybody who asks in the walks, against the oracle.
async fn everybody(settings: Settings) {
    let desk = Desk::new(settings, "");
    let world = World::read(&desk.data());
    let mut hidden = 0;
    for name in VIEWERS {
        let viewer = world.person(name);
        let list = desk.get(name, &format!("{ACCOUNTS}?page_size=300&field=uuid")).await;
        let listed = list.uuids();
        for account in &world.accounts {
            let is_listed = world.lists(settings, viewer, account);
            let is_seen = world.sees(viewer, account);
            let uuid = account.uuid.as_str();
            assert_eq!(listed.contains(&uuid), is_listed, "{name} lists {account:?}");
            let record = desk.get(name, &format!("{ACCOUNTS}{uuid}/?field=uuid")).await.status;
            assert_eq!(record, if is_listed { 200 } else { 404 }, "{name}: {account:?}");
            let action = desk.get(name, &format!("{ACCOUNTS}{uuid}/completion_status/")).await;
            assert!(
                is_seen && (action.status != 404 || has_no_checklist(&action.body))
                    || !is_seen && action.body == json!({ "detail": "Not found." }),
                "{name}: {account:?}: {}",
                action.body
            );
            hidden += usize::from(is_seen && !is_listed);
        }
    }
    assert_eq!(hidden > 0, settings.enforce_consent, "{hidden} are hidden");
}

/// A visible account without a checklist is told apart by its sentence.
fn has_no_checklist(body: &Value) -> bool {
    body["detail"].as_str().is_some_and(|it| it != "Not found.")
}

#[tokio::test]
async fn everybody_lists_retrieves_and_acts_on_what_they_see() {
    for profile in [Profile::Current, Profile::Seed, Profile::Upstream] {
        everybody(Settings { profile, enforce_consent: false }).await;
    }
}

#[tokio::test]
async fn where_consent_is_enforced_lists_and_records_hide_and_actions_do_not() {
    for profile in [Profile::Current, Profile::Seed] {
        everybody(Settings { profile, enforce_consent: true }).await;
    }
}

#[tokio::test]
async fn consent_hides_from_providers_and_not_from_holders_or_staff() {
    let settings = Settings { enforce_consent: true, ..Settings::default() };
    // Alice has not agreed to the terms in force; nobody has.
    let desk = Desk::new(settings, "DELETE FROM consents;");
    let world = World::read(&desk.data());
    let alice = world.person("alice");
    let is_it = |it: &&Account| it.person == alice.id && it.offering == 1 && it.state != 8;
    let account = world.accounts.iter().find(is_it).expect("an account of alice");
    let status = async |name: &str, method: &str, action: &str, body: Value| {
        desk.send(name, method, &format!("{ACCOUNTS}{}/{action}", account.uuid), &body).await.status
    };
    let listed = async |name: &str| {
        let list = desk.get(name, &format!("{ACCOUNTS}?page_size=300&field=uuid")).await;
        list.uuids().contains(&account.uuid.as_str())
    };
    let retrieves = async |name: &str| status(name, "GET", "", Value::Null).await == 200;
    for (name, expected) in
        [("pavel", false), ("rita", false), ("alice", true), ("stella", true), ("sam", true)]
    {
        assert_eq!((listed(name).await, retrieves(name).await), (expected, expected), "{name}");
    }
    // Pavel may act on what he cannot list.
    let flag = json!({ "is_restricted": true });
    assert_eq!(status("pavel", "POST", "update_restricted/", flag).await, 200);
    assert_eq!(status("pavel", "PATCH", "update_comments/", json!({})).await, 200);
    assert_eq!(status("rita", "GET", "completion_review_status/", Value::Null).await, 200);
    // She agrees, and revokes it again.
    let consents = "/api/marketplace-user-offering-consents/";
    let offering = &world.offerings[&account.offering].uuid;
    let granted = desk.send("alice", "POST", consents, &json!({ "offering": offering })).await;
    assert_eq!(granted.status, 201);
    assert_eq!((listed("pavel").await, retrieves("rita").await), (true, true));
    let consent = desk.get("alice", consents).await.uuids()[0].to_owned();
    let revoke = format!("{consents}{consent}/revoke/");
    assert_eq!(desk.send("alice", "POST", &revoke, &Value::Null).await.status, 200);
    assert_eq!((listed("pavel").await, retrieves("rita").await), (false, false));
    // Without terms in force there is nothing to agree to.
    let terms = "/api/marketplace-offering-terms-of-service/";
    let list =
        desk.get("stella", &format!("{terms}?offering_uuid={offering}&is_active=true")).await;
    let active = format!("{terms}{}/", list.uuids()[0]);
    let ended = desk.send("stella", "PATCH", &active, &json!({ "is_active": false })).await;
    assert_eq!(ended.status, 200);
    assert_eq!((listed("pavel").await, retrieves("rita").await), (true, true));
}
