//! Vectors about accounts, consents, sessions and what stands beside them.

use rusqlite::params;
use serde_json::{Value, json};

use super::{
    Outcome, Vector, fits, has_status, is,
    stage::{Stage, state_of},
};
use crate::desk::{Answer, Ask, Desk, uuids};

const ACCOUNTS: &str = "/api/marketplace-offering-users/";
const CONSENTS: &str = "/api/marketplace-user-offering-consents/";

fn path(account: &str, action: &str) -> String {
    format!("{ACCOUNTS}{account}/{action}")
}

/// A request whose body is JSON, or that has none.
fn ask(desk: &Desk, who: Option<&str>, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let headers = body.map(|_| ("content-type", "application/json")).into_iter().collect();
    let body = body.map(|it| it.to_string().into_bytes()).unwrap_or_default();
    desk.send(who, Ask { method, path, headers, body })
}

pub(super) fn transition(desk: &Desk, stage: &Stage, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let account = stage.account(desk, state_of(&input["state"]));
    let who = stage.actor(input["actor"].as_str().expect("an actor"));
    let action = format!("{}/", input["action"].as_str().expect("an action"));
    let answer = ask(desk, who, "POST", &path(&account, &action), Some(&input["body"]));
    fits(&answer, expected)?;
    is("state", &expected["state"], &desk.state(&account)?)
}

pub(super) fn effect(desk: &Desk, stage: &Stage, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let account = stage.account(desk, state_of(&input["state"]));
    let before = |key: &str| input["before"][key].as_str();
    desk.sql(
        "UPDATE offering_users SET username = coalesce(?1, username), \
         comment = coalesce(?2, comment), comment_url = coalesce(?3, comment_url) WHERE uuid = ?4",
        params![
            before("username"),
            before("service_provider_comment"),
            before("service_provider_comment_url"),
            account,
        ],
    );
    let who = stage.actor(input["actor"].as_str().unwrap_or("staff"));
    let (method, action, body) = match input["request"].as_str() {
        None => {
            let action = format!("{}/", input["action"].as_str().expect("an action"));
            ("POST", action, input.get("body").cloned().unwrap_or_else(|| json!({})))
        }
        Some(request) => {
            let (words, body) = request.split_at(request.find('{').unwrap_or(request.len()));
            let action = words.trim().strip_prefix("PATCH").expect("PATCH").trim();
            let action = if action.is_empty() { String::new() } else { format!("{action}/") };
            ("PATCH", action, serde_json::from_str(body).unwrap_or_else(|_| json!({})))
        }
    };
    let answer = ask(desk, who, method, &path(&account, &action), Some(&body));
    fits(&answer, expected)?;
    if expected.get("status").is_none() {
        has_status(&answer, 200)?;
    }
    let record = desk.record(&account)?;
    let comment = record["service_provider_comment"].as_str().unwrap_or_default();
    if let Some(part) = expected["service_provider_comment_contains"].as_str() {
        is("contains", &json!(true), &json!(comment.contains(part)))?;
    }
    if let Some(has_tag) = expected.get("service_provider_comment_has_script_tag") {
        is("script", has_tag, &json!(comment.contains("<script")))?;
    }
    for key in ["state", "service_provider_comment", "service_provider_comment_url"] {
        if let Some(expected) = expected.get(key) {
            is(key, expected, &record[key])?;
        }
    }
    Ok(())
}

pub(super) fn permission(
    desk: &Desk,
    stage: &Stage,
    constants: &Value,
    vector: &Vector,
) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let who = stage.actor(input["actor"].as_str().expect("an actor"));
    let operation = input["operation"].as_str().expect("an operation");
    let source = &constants["transitions"][operation]["from"][0];
    let account = stage.account(desk, state_of(source));
    let flag = &input["plugin_options.service_provider_can_create_offering_user"];
    let can_create = flag.as_bool().unwrap_or(true);
    let offering = [&stage.offering];
    desk.sql(
        "UPDATE offerings SET provider_can_create_users = ?1 WHERE uuid = ?2",
        params![can_create, stage.offering],
    );
    let is_enforced = input["setting"] == "ENFORCE_USER_CONSENT_FOR_OFFERINGS=true";
    desk.enforce_consent(is_enforced);
    if input["offering_has_active_tos"] == true {
        put_in_force(desk, &stage.offering, "1", false);
    }
    if input["consent"] == "revoked" {
        consented(desk, "owner_user", &stage.offering, "1", true);
    }
    let answer = operate(desk, stage, who, operation, &account);
    // The next vector finds the offering as it was.
    desk.enforce_consent(false);
    desk.sql("UPDATE offerings SET provider_can_create_users = 1 WHERE uuid = ?1", offering);
    for table in ["terms", "consents"] {
        desk.sql(
            &format!(
                "DELETE FROM {table} WHERE offering_id = \
                 (SELECT id FROM offerings WHERE uuid = ?1)"
            ),
            offering,
        );
    }
    fits(&answer, expected)?;
    match expected.get("record_listed") {
        Some(listed) => {
            is("record_listed", listed, &json!(uuids(&answer.json()).contains(&account)))
        }
        None => Ok(()),
    }
}

/// Sends the valid request of an operation.
fn operate(
    desk: &Desk,
    stage: &Stage,
    who: Option<&str>,
    operation: &str,
    account: &str,
) -> Answer {
    let empty = json!({});
    let at = |action: &str| path(account, action);
    match operation {
        "list" => {
            let path = format!("{ACCOUNTS}?offering_uuid={}", stage.offering);
            ask(desk, who, "GET", &path, None)
        }
        "retrieve" => ask(desk, who, "GET", &at(""), None),
        "create" => {
            let user = desk.user_uuid("stranger");
            let body = json!({ "offering_uuid": stage.offering, "user_uuid": user });
            ask(desk, who, "POST", ACCOUNTS, Some(&body))
        }
        "update" => ask(desk, who, "PUT", &at(""), Some(&json!({ "username": "u1" }))),
        "partial_update" => ask(desk, who, "PATCH", &at(""), Some(&json!({ "username": "u1" }))),
        "destroy" => ask(desk, who, "DELETE", &at(""), None),
        "update_restricted" => {
            let body = json!({ "is_restricted": true });
            ask(desk, who, "POST", &at("update_restricted/"), Some(&body))
        }
        "update_comments" => {
            let body = json!({ "service_provider_comment": "hi" });
            ask(desk, who, "PATCH", &at("update_comments/"), Some(&body))
        }
        "checklist" | "completion_status" | "checklist_review" | "completion_review_status" => {
            ask(desk, who, "GET", &at(&format!("{operation}/")), None)
        }
        "submit_answers" => ask(desk, who, "POST", &at("submit_answers/"), Some(&json!([]))),
        "checklist_template_without_parent" => {
            ask(desk, who, "GET", &format!("{ACCOUNTS}checklist-template/"), None)
        }
        transition => ask(desk, who, "POST", &at(&format!("{transition}/")), Some(&empty)),
    }
}

/// Puts terms of an offering in force.
fn put_in_force(desk: &Desk, offering: &str, version: &str, requires_reconsent: bool) {
    desk.sql(
        "INSERT INTO terms (uuid, offering_id, version, text, link, is_active, \
         requires_reconsent, grace_period_days, created, modified) \
         SELECT ?1, id, ?2, 'Terms', '', 1, ?3, 60, ?4, ?4 FROM offerings WHERE uuid = ?5",
        params![desk.uuid(), version, requires_reconsent, MOMENT, offering],
    );
}

const MOMENT: &str = "2026-01-01T00:00:00.000000+00:00";

/// Makes a consent and gives back its uuid.
pub(super) fn consented(
    desk: &Desk,
    who: &str,
    offering: &str,
    version: &str,
    is_revoked: bool,
) -> String {
    let uuid = desk.uuid();
    desk.sql(
        "INSERT INTO consents (uuid, user_id, offering_id, version, agreement_date, \
         revocation_date, created, modified) \
         SELECT ?1, u.id, o.id, ?2, ?3, CASE WHEN ?4 THEN ?3 END, ?3, ?3 \
         FROM users u, offerings o WHERE u.username = ?5 AND o.uuid = ?6",
        params![uuid, version, MOMENT, is_revoked, who, offering],
    );
    uuid
}

pub(super) fn create_update(desk: &Desk, stage: &Stage, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let offering = match vector.number() {
        11 => desk.form(&[json!({})]).offering,
        _ => desk.offering(),
    };
    let user = desk.user_uuid("sam");
    let mut body = match &input["body"] {
        Value::Object(body) => body.clone(),
        _ => serde_json::Map::new(),
    };
    for (key, value) in &mut body {
        let (kind, uuid) = match key.split('_').next() {
            Some("offering") => ("marketplace-provider-offerings", &offering),
            _ => ("users", &user),
        };
        match value.as_str() {
            Some("<url>") => *value = json!(format!("http://localhost/api/{kind}/{uuid}/")),
            Some("<uuid>" | "<same uuid>") => *value = json!(uuid),
            _ => {}
        }
    }
    let body = Value::Object(body);
    let create = |who: &str, body: &Value| desk.post(who, ACCOUNTS, body);
    let whole = json!({ "offering_uuid": offering, "user_uuid": user });
    match vector.number() {
        5 | 6 => {
            let created = create("pavel", &body);
            fits(&created, expected)?;
            is("state", &expected["state"], &created.json()["state"])
        }
        7 => {
            desk.sql(
                "UPDATE offerings SET provider_can_create_users = 0 WHERE uuid = ?1",
                [&offering],
            );
            fits(&create("pavel", &body), expected)
        }
        8 => {
            let who = input["actor"].as_str().expect("an actor");
            let body = json!({ "offering_uuid": stage.offering, "user_uuid": user });
            fits(&create(who, &body), expected)
        }
        9 => {
            has_status(&create("pavel", &body), 201)?;
            fits(&create("pavel", &body), expected)
        }
        10 => {
            let account = stage.account(desk, "OK");
            let who = stage.actor(input["actor"].as_str().expect("an actor"));
            fits(&ask(desk, who, "DELETE", &path(&account, ""), None), expected)
        }
        11 => {
            let created = create("pavel", &whole);
            has_status(&created, 201)?;
            let account = created.json()["uuid"].as_str().ok_or("no uuid")?.to_owned();
            let key = "has_compliance_checklist";
            is(key, &expected[key], &desk.record(&account)?[key])
        }
        12 | 13 => {
            let account = stage.account(desk, "OK");
            let request = input["request"].as_str().expect("a request");
            let body = request.split_once(' ').and_then(|(_, it)| it.split_once(' '));
            let body = body.and_then(|(_, body)| serde_json::from_str(body).ok());
            let who = stage.actor(input["actor"].as_str().expect("an actor"));
            let path = path(&account, "update_restricted/");
            let answer = ask(desk, who, "POST", &path, Some(&body.expect("JSON")));
            fits(&answer, expected)?;
            match expected.get("is_restricted") {
                Some(expected) => {
                    is("is_restricted", expected, &desk.record(&account)?["is_restricted"])
                }
                None => Ok(()),
            }
        }
        _ => fits(&create("pavel", &body), expected),
    }
}

pub(super) fn consent(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let form = desk.form(&[json!({})]);
    let offering = &form.offering;
    let grant = || desk.post("alice", CONSENTS, &json!({ "offering": offering }));
    if let Some(version) = input["active_tos"]["version"].as_str() {
        put_in_force(desk, offering, version, input["active_tos"]["requires_reconsent"] == true);
    }
    if let 8 | 10..=12 = vector.number() {
        put_in_force(desk, offering, "1", false);
    }
    match vector.number() {
        8 => {
            consented(desk, "alice", offering, "1", false);
            fits(&grant(), expected)
        }
        9 => fits(&grant(), expected),
        10 => {
            let uuid = consented(desk, "alice", offering, "1", true);
            fits(&grant(), expected)?;
            let revived = desk.fetch("alice", &format!("{CONSENTS}{uuid}/"))?;
            is("revocation_date", &Value::Null, &revived["revocation_date"])
        }
        11 | 12 => {
            let uuid = consented(desk, "alice", offering, "1", false);
            let who = if vector.number() == 11 { "alice" } else { "sam" };
            let answer = desk.post(who, &format!("{CONSENTS}{uuid}/revoke/"), &json!({}));
            fits(&answer, expected)?;
            match expected.get("has_consent") {
                Some(expected) => is("has_consent", expected, &answer.json()["has_consent"]),
                None => Ok(()),
            }
        }
        _ => {
            if let Some(version) = input["consent"]["version"].as_str() {
                let is_revoked = input["consent"]["revoked"] == true;
                consented(desk, "alice", offering, version, is_revoked);
            }
            let record = desk.record(&form.account)?;
            for key in ["has_consent", "requires_reconsent"] {
                is(key, &expected[key], &record[key])?;
            }
            Ok(())
        }
    }
}

pub(super) fn auth(desk: &Desk, vector: &Vector) -> Outcome {
    let expected = &vector.expected;
    let sign_in = |body: Value| ask(desk, None, "POST", "/api-auth/password/", Some(&body));
    let with = |token: Option<&str>| {
        let headers = token.map(|it| ("authorization", it)).into_iter().collect();
        let path = "/api/users/me/";
        desk.send(None, Ask { method: "GET", path, headers, body: vec![] })
    };
    match vector.number() {
        1 => {
            let answer = sign_in(json!({ "username": "alice", "password": "demo" }));
            fits(&answer, expected)?;
            let body = answer.json();
            let keys: Value =
                body.as_object().into_iter().flat_map(|it| it.keys().cloned()).collect();
            is("keys", &expected["keys"], &keys)?;
            let length = body["token"].as_str().map(str::len);
            is("token_length", &expected["token_length"], &json!(length))
        }
        2 => fits(&sign_in(json!({ "username": "alice", "password": "bad" })), expected),
        3 => fits(&sign_in(json!({ "username": "alice" })), expected),
        5 => {
            desk.person("sleeper");
            let answer = sign_in(json!({ "username": "sleeper", "password": "demo" }));
            let token = answer.json()["token"].as_str().ok_or("no token")?.to_owned();
            let header = format!("Token {token}");
            has_status(&with(Some(&header)), 200)?;
            expire_tokens(desk, "sleeper");
            fits(&with(Some(&header)), expected)
        }
        _ => {
            let header = vector.input["header"].as_str();
            fits(&with(header.and_then(|it| it.strip_prefix("Authorization: "))), expected)
        }
    }
}

/// Makes somebody's tokens older than the person's `token_lifetime` allows.
fn expire_tokens(desk: &Desk, who: &str) {
    desk.sql("UPDATE users SET token_lifetime = 60 WHERE username = ?1", [who]);
    desk.sql(
        "UPDATE tokens SET created = ?1, used = ?1 \
         WHERE user_id = (SELECT id FROM users WHERE username = ?2)",
        [MOMENT, who],
    );
}

pub(super) fn http(desk: &Desk, stage: &Stage, vector: &Vector) -> Outcome {
    let expected = &vector.expected;
    let account = stage.account(desk, "OK");
    match vector.number() {
        1 => {
            let answer = ask(desk, Some("stella"), "HEAD", ACCOUNTS, None);
            fits(&answer, expected)?;
            let name = expected["header"].as_str().expect("a header");
            let count = answer.headers.get(name).and_then(|it| it.to_str().ok()?.parse().ok());
            let total: Option<u64> = count;
            total.map(drop).ok_or_else(|| format!("no number in {name}"))
        }
        2 => {
            let headers = vec![("access-control-request-method", "GET")];
            let path = ACCOUNTS;
            fits(&desk.send(None, Ask { method: "OPTIONS", path, headers, body: vec![] }), expected)
        }
        3 => fits(&desk.get("stella", &path(&account, "set_ok/")), expected),
        _ => {
            let hyphenated = uuid::Uuid::parse_str(&account).expect("a uuid").to_string();
            let same = desk.fetch("stella", &path(&hyphenated, ""))? == desk.record(&account)?;
            is("same_as_hex", &expected["same_as_hex"], &json!(same))
        }
    }
}

pub(super) fn related(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let compliance = |action: &str, offering: &str| -> Result<Value, String> {
        let sql = "SELECT c.provider_uuid FROM customers c JOIN offerings o ON o.customer_id = c.id \
             WHERE o.uuid = ?1";
        let provider: String =
            desk.db.query_row(sql, [offering], |row| row.get(0)).expect("a provider");
        let path = |page| {
            format!(
                "/api/marketplace-service-providers/{provider}/compliance/{action}/\
                 ?offering_uuid={offering}&page_size=300&page={page}"
            )
        };
        // The overview is not filtered, and may be long.
        let mut items = Vec::new();
        for page in 1.. {
            let answer = desk.get("pavel", &path(page));
            if answer.status == 404 && page > 1 {
                break;
            }
            has_status(&answer, 200)?;
            items.extend(answer.json().as_array().cloned().unwrap_or_default());
        }
        Ok(Value::Array(items))
    };
    let completions = |offering: &str| -> Result<Value, String> {
        let path = "/api/marketplace-offering-user-checklist-completions/";
        let list = desk.fetch("stella", &format!("{path}?offering_uuid={offering}"))?;
        list.get(0).cloned().ok_or_else(|| "the list is empty".to_owned())
    };
    match vector.number() {
        1 => {
            let form = desk.form(&[json!({})]);
            desk.sql("UPDATE offering_users SET state = 5 WHERE uuid = ?1", [&form.account]);
            let list = compliance("offering_users", &form.offering)?;
            let items = list.as_array().into_iter().flatten();
            let item = items.into_iter().find(|it| it["uuid"] == form.account.as_str());
            is("state", &expected["state"], &item.ok_or("not in the list")?["state"])
        }
        2 | 3 => {
            let count = input["questions"].as_u64().unwrap_or(2);
            let questions: Vec<_> = (0..count).map(|_| json!({ "required": true })).collect();
            let form = desk.form(&questions);
            let answers = input["answers"].as_u64().unwrap_or_default();
            if answers == 0 {
                // Without an answer it is nought.
                let item = completions(&form.offering)?;
                let open = &item["unanswered_required_questions"];
                is("unanswered_required_questions", &json!(count), open)?;
                let kind = "unanswered_required_questions_type";
                return is(kind, &expected[kind], &json!("integer"));
            }
            is("before", &json!(0.0), &completions(&form.offering)?["completion_percentage"])?;
            has_status(&desk.submit("alice", &form, &[(&form.questions[0], json!(true))]), 200)?;
            let key = "completion_percentage";
            is(key, &expected[key], &completions(&form.offering)?[key])
        }
        4 => {
            let form = desk.form(&[json!({ "required": true })]);
            let total = input["total_users"].as_u64().expect("a number");
            for index in 1..total {
                let name = format!("compliant{index}");
                desk.person(&name);
                desk.account(&name, &form.offering, 5);
            }
            has_status(&desk.submit("alice", &form, &[(&form.questions[0], json!(true))]), 200)?;
            let list = compliance("compliance_overview", &form.offering)?;
            let items = list.as_array().into_iter().flatten();
            let item = items.into_iter().find(|it| it["offering_uuid"] == form.offering.as_str());
            let item = item.ok_or("not in the list")?;
            is("total_users", &input["total_users"], &item["total_users"])?;
            is("completed_users", &input["completed_users"], &item["completed_users"])?;
            is("compliance_rate", &expected["compliance_rate"], &item["compliance_rate"])
        }
        _ => {
            let who = input["actor"].as_str().expect("an actor");
            fits(&desk.get(who, "/api/checklists-admin/"), expected)
        }
    }
}
