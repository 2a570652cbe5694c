//! Vectors about the list of accounts, on a desk with more of them than fit on a page.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Outcome, Vector, accounts::consented, fits, has_status, is, stage::number};
use crate::desk::{Desk, uuids};

const ACCOUNTS: &str = "/api/marketplace-offering-users/";

/// The accounts that a query finds, at most 300.
fn found(desk: &Desk, query: &str) -> Result<Vec<Value>, String> {
    let list = desk.fetch("stella", &format!("{ACCOUNTS}?{query}&page_size=300"))?;
    Ok(list.as_array().cloned().unwrap_or_default())
}

/// An account of somebody new, in a state.
fn account_of(desk: &Desk, name: &str, state: &str) -> String {
    desk.person(name);
    desk.account(name, &desk.offering(), number(state))
}

pub(super) fn list(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    let query = input["query"].as_str().unwrap_or_default();
    let answer = || desk.get("stella", &format!("{ACCOUNTS}?{query}"));
    let all = found(desk, "")?;
    match vector.number() {
        2 => {
            let states: BTreeSet<_> =
                found(desk, query)?.iter().map(|it| it["state"].to_string()).collect();
            let wanted = expected["states_returned"].as_array().into_iter().flatten();
            let wanted: BTreeSet<_> = wanted.map(Value::to_string).collect();
            is("states_returned", &json!(wanted), &json!(states))
        }
        4 => {
            let account = &all[0];
            let customer = account["customer_uuid"].as_str().ok_or("no customer")?;
            let of_customer = found(desk, &format!("provider_uuid={customer}"))?;
            let count = of_customer.iter().filter(|it| it["customer_uuid"] == customer).count();
            is("of the customer", &json!(of_customer.len()), &json!(count))?;
            let matches = uuids(&json!(of_customer))
                .contains(&account["uuid"].as_str().unwrap_or_default().to_owned());
            is("matches", &expected["matches"], &json!(matches))?;
            let sql = "SELECT provider_uuid FROM customers WHERE uuid = ?1";
            let record: String =
                desk.db.query_row(sql, [customer], |row| row.get(0)).expect("a customer");
            let by_record = found(desk, &format!("provider_uuid={record}"))?;
            is("by the record's uuid", &json!(0), &json!(by_record.len()))
        }
        5 => {
            let offerings: BTreeSet<_> =
                all.iter().filter_map(|it| it["offering_uuid"].as_str()).take(40).collect();
            let (a, b) = (offerings.first().ok_or("none")?, offerings.last().ok_or("none")?);
            let of_both = found(desk, &query.replace("<a>", a).replace("<b>", b))?;
            let seen: BTreeSet<_> =
                of_both.iter().filter_map(|it| it["offering_uuid"].as_str()).collect();
            is("offerings", &json!([a, b]), &json!(seen))
        }
        6..=9 => {
            let name = format!("lister{}", vector.number());
            let account = account_of(desk, &name, "OK");
            desk.sql(
                "UPDATE users SET username = coalesce(?1, username), \
                 first_name = coalesce(?2, first_name), email = coalesce(?3, email) \
                 WHERE username = ?4",
                rusqlite::params![
                    // Alice is there already.
                    input["username"].as_str().map(|it| it.replace("alice", "alicia")),
                    input["user_first_name"].as_str(),
                    input["user_email"].as_str(),
                    name,
                ],
            );
            let query = match vector.number() {
                6 => query.replace("ALICE", "ALICIA"),
                _ => query.to_owned(),
            };
            let matches = uuids(&json!(found(desk, &query)?)).contains(&account);
            // So that the next one can be called the same.
            desk.sql("UPDATE users SET username = 'gone' || id WHERE username = 'alicia'", []);
            is("matches", &expected["matches"], &json!(matches))
        }
        10 => {
            let account = account_of(desk, "consenter", "OK");
            let offering = desk.record(&account)?["offering_uuid"].clone();
            consented(desk, "consenter", offering.as_str().ok_or("none")?, "1", false);
            let found = found(desk, &format!("{query}&user_username=consenter"))?;
            is("matches", &expected["matches"], &json!(!found.is_empty()))?;
            is(
                "has_consent",
                &expected["field_has_consent"],
                &desk.record(&account)?["has_consent"],
            )
        }
        12 | 13 => {
            let answer = answer();
            has_status(&answer, 200)?;
            let count = answer.json().as_array().map(Vec::len);
            is("items", &expected["items_max"], &json!(count))
        }
        15 => {
            let offering = desk.offering();
            for name in ["alice", "rita", "pavel"] {
                desk.account(name, &offering, 5);
            }
            let path = format!("{ACCOUNTS}?{query}&offering_uuid={offering}");
            let answer = desk.get("stella", &path);
            for (name, value) in expected["header"].as_object().into_iter().flatten() {
                let ours = answer.headers.get(name).and_then(|it| it.to_str().ok());
                is(name, value, &json!(ours))?;
            }
            is("body_is_array", &expected["body_is_array"], &json!(answer.json().is_array()))
        }
        16 | 17 => {
            let keys = |record: &Value| -> BTreeSet<String> {
                record.as_object().into_iter().flat_map(|it| it.keys().cloned()).collect()
            };
            let ours = keys(&answer().json()[0]);
            let wanted = match &expected["keys"] {
                Value::Array(keys) => {
                    keys.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
                }
                _ => keys(&all[0]),
            };
            is("keys", &json!(wanted), &json!(ours))
        }
        18 => {
            let id = |uuid: &Value| -> i64 {
                let sql = "SELECT id FROM offering_users WHERE uuid = ?1";
                desk.db.query_row(sql, [uuid.as_str()], |row| row.get(0)).expect("an account")
            };
            // No name comes last (`contract.md` 2.3).
            let mut sorted = all.clone();
            sorted.sort_by_key(|it| {
                let name = it["username"].as_str();
                (name.is_none(), name.map(str::to_owned), id(&it["uuid"]))
            });
            is("order", &json!(uuids(&json!(sorted))), &json!(uuids(&json!(all))))
        }
        19 => {
            let ours = found(desk, query)?;
            let mut sorted: Vec<_> = ours.iter().map(|it| it["created"].to_string()).collect();
            sorted.sort_by(|left, right| right.cmp(left));
            let ours: Vec<_> = ours.iter().map(|it| it["created"].to_string()).collect();
            is("order", &json!(sorted), &json!(ours))
        }
        21 | 22 => {
            let form = desk.form(&[json!({})]);
            let state = number(input["actual_state"].as_str().expect("a state"));
            desk.sql(
                "UPDATE offering_users SET state = ?1 WHERE uuid = ?2",
                rusqlite::params![state, form.account],
            );
            let request = input["request"].as_str().expect("a request");
            let action = request.strip_prefix("GET /{uuid}/").expect("a path");
            fits(&desk.get("alice", &form.path(action)), expected)
        }
        _ => fits(&answer(), expected),
    }
}
