//! Random walks through the data by real requests, with questions after each step.

use std::collections::BTreeMap;

use api::{State, Transition};
use purser::{Profile, Settings};
use serde_json::{Value, json};

use crate::{
    ask::{Ask, VIEWERS},
    chance::Chance,
    desk::{ACCOUNTS, Desk, SECURE_ANALYSIS},
    world::{Account, World},
};

const WALKS: u64 = 300;
const STEPS: usize = 20;
/// After each step.
const QUESTIONS: usize = 2;

/// Checklists of the demo.
const CHECKLISTS: [&str; 2] =
    ["47b9cc3cd9fc4f48899e0a444cee536a", "638169b1f2a149fb924fefd51abbd33f"];

const NAMES: [&str; 14] =
    ["", "same", "Same", "SAME", "õis", "ÕIS2", "ΣΑΣ", "σας", "İx", "ıx", "a b", "zz", "Zz9", "ß"];

/// A request that changes something, or tries to.
#[derive(Debug)]
struct Step {
    actor: &'static str,
    method: &'static str,
    url: String,
    body: Value,
}

impl Step {
    fn any(chance: &mut Chance, desk: &Desk, world: &World) -> Self {
        let actor =
            *chance.pick(&["stella", "stella", "stella", "pavel", "pavel", "rita", "alice"]);
        // The last ones are deleted and made again often: their keys are used again.
        let account = if chance.once_in(3) {
            &world.accounts[world.accounts.len() - 1 - chance.below(4)]
        } else {
            chance.pick(&world.accounts)
        };
        let of_account = |method, action: &str, body| Self {
            actor,
            method,
            url: format!("{ACCOUNTS}{}/{action}", account.uuid),
            body,
        };
        let name = *chance.pick(&NAMES);
        match chance.below(24) {
            0..=3 => Self::create(chance, world, actor, name),
            4 | 5 => of_account("PATCH", "", json!({ "username": name })),
            6 => of_account("PATCH", "", json!({ "username": null })),
            7 | 8 => of_account("DELETE", "", Value::Null),
            9 => {
                let flag = chance.pick(&[json!(true), json!(false), json!("x")]).clone();
                of_account("POST", "update_restricted/", json!({ "is_restricted": flag }))
            }
            10 => {
                let comment = *chance.pick(&["half-way", "half-way", "<b>x</b>", ""]);
                let body = json!({ "service_provider_comment": comment });
                of_account("PATCH", "update_comments/", body)
            }
            11 => {
                let state = *chance.pick(&["Active", "Pending account linking", "x"]);
                of_account("POST", "update_runtime_state/", json!({ "runtime_state": state }))
            }
            12..=15 => {
                let transition = possible_transition(chance, account);
                let comment = *chance.pick(&["half-way", "do this"]);
                let link = *chance.pick(&["nope", "https://x.example/", ""]);
                let body = if transition.takes_comment() {
                    json!({ "comment": comment, "comment_url": link })
                } else {
                    json!({})
                };
                of_account("POST", &format!("{}/", transition.action()), body)
            }
            16 | 17 => Self::grant(chance, world),
            18..=20 => Self::consent(chance, desk, world),
            21 => Self::terms(chance, desk, world),
            22 => Self {
                actor: "stella",
                method: "POST",
                url: format!(
                    "/api/marketplace-provider-offerings/{}/update_compliance_checklist/",
                    world.offerings[&account.offering].uuid
                ),
                body: json!({ "compliance_checklist": chance.pick(&CHECKLISTS) }),
            },
            _ => Self::set_usernames(chance, desk, world, name),
        }
    }

    fn create(chance: &mut Chance, world: &World, actor: &'static str, name: &str) -> Self {
        let people: Vec<i64> = world.people.keys().copied().rev().take(20).collect();
        let offerings: Vec<i64> = world.offerings.keys().copied().collect();
        let without: Vec<(i64, i64)> = world.consents_alone().collect();
        // Where somebody has agreed already, half of the time.
        let (person, offering) = if without.is_empty() || chance.once_in(2) {
            (*chance.pick(&people), *chance.pick(&offerings))
        } else {
            *chance.pick(&without)
        };
        let body = json!({
            "offering_uuid": world.offerings[&offering].uuid,
            "user_uuid": world.people[&person].uuid,
            "username": name,
        });
        Self { actor, method: "POST", url: ACCOUNTS.to_owned(), body }
    }

    fn grant(chance: &mut Chance, world: &World) -> Self {
        let offerings: Vec<_> = world.offerings.values().map(|it| &it.uuid).collect();
        Self {
            actor: *chance.pick(&VIEWERS),
            method: "POST",
            url: "/api/marketplace-user-offering-consents/".to_owned(),
            body: json!({ "offering": chance.pick(&offerings) }),
        }
    }

    fn consent(chance: &mut Chance, desk: &Desk, world: &World) -> Self {
        let without: Vec<(i64, i64)> = world.consents_alone().collect();
        let uuid = if without.is_empty() || chance.once_in(2) {
            any_uuid(chance, desk, "consents")
        } else {
            let sql = "SELECT uuid FROM consents WHERE user_id = ?1 AND offering_id = ?2";
            let uuid = desk.data().query_row(sql, *chance.pick(&without), |row| row.get(0));
            uuid.expect("a consent")
        };
        let url = format!("/api/marketplace-user-offering-consents/{uuid}/");
        let (method, url) = match chance.below(4) {
            0 => ("DELETE", url),
            _ => ("POST", format!("{url}revoke/")),
        };
        Self { actor: "stella", method, url, body: Value::Null }
    }

    fn terms(chance: &mut Chance, desk: &Desk, world: &World) -> Self {
        const TERMS: &str = "/api/marketplace-offering-terms-of-service/";
        let one = format!("{TERMS}{}/", any_uuid(chance, desk, "terms"));
        let is_active = chance.once_in(2);
        let (method, url, body) = match chance.below(4) {
            0 => ("DELETE", one, Value::Null),
            1 => {
                let offerings: Vec<_> = world.offerings.values().map(|it| &it.uuid).collect();
                let offering = chance.pick(&offerings);
                let body =
                    json!({ "offering_uuid": offering, "version": "9", "is_active": is_active });
                ("POST", TERMS.to_owned(), body)
            }
            _ => ("PATCH", one, json!({ "is_active": is_active })),
        };
        Self { actor: "stella", method, url, body }
    }

    fn set_usernames(chance: &mut Chance, desk: &Desk, world: &World, name: &str) -> Self {
        let db = desk.data();
        let sql = "SELECT provider_uuid FROM customers ORDER BY id LIMIT 1 OFFSET ?1";
        let provider: String =
            db.query_row(sql, [chance.below(3)], |row| row.get(0)).expect("a provider");
        let person = &world.people[&chance.pick(&world.accounts).person].uuid;
        Self {
            actor: "stella",
            method: "POST",
            url: format!("/api/marketplace-service-providers/{provider}/set_offerings_username/"),
            body: json!({ "user_uuid": person, "username": name }),
        }
    }
}

/// A transition that the account's state allows, most of the time.
fn possible_transition(chance: &mut Chance, account: &Account) -> Transition {
    let state = State::from_number(account.state.into());
    let possible: Vec<Transition> =
        Transition::ALL.into_iter().filter(|it| it.sources().contains(&state)).collect();
    if possible.is_empty() || chance.once_in(4) {
        return *chance.pick(&Transition::ALL);
    }
    *chance.pick(&possible)
}

fn any_uuid(chance: &mut Chance, desk: &Desk, table: &str) -> String {
    let db = desk.data();
    let mut uuids =
        db.prepare(&format!("SELECT uuid FROM {table} ORDER BY id DESC LIMIT 24")).expect(table);
    let uuids = uuids.query_map([], |row| row.get(0)).expect(table);
    let uuids = uuids.collect::<rusqlite::Result<Vec<String>>>().expect(table);
    if uuids.is_empty() { "0".repeat(32) } else { chance.pick(&uuids).clone() }
}

/// How the requests of the walks were answered, by their last word.
type Outcomes = BTreeMap<(String, u16), u32>;

#[test]
fn lists_never_differ_from_the_database() {
    // Two at a time, as there are processors.
    let walk = |walks: Vec<u64>| {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("a runtime");
            let mut outcomes = Outcomes::new();
            for seed in walks {
                runtime.block_on(one_walk(seed, &mut outcomes));
            }
            outcomes
        })
    };
    let halves = [0, 1].map(|half| walk((0..WALKS).filter(|it| it % 2 == half).collect()));
    let mut outcomes = Outcomes::new();
    for half in halves {
        for (outcome, count) in half.join().unwrap_or_else(|it| std::panic::resume_unwind(it)) {
            *outcomes.entry(outcome).or_default() += count;
        }
    }
    println!("{outcomes:#?}");
    // The walks lead somewhere.
    let happened = |status: u16| -> u32 {
        outcomes.iter().filter(|((_, it), _)| *it == status).map(|(_, count)| count).sum()
    };
    for status in [200, 201, 204, 400, 403, 404, 500] {
        assert!(happened(status) > 10, "{status}: {outcomes:?}");
    }
    assert!(happened(200) + happened(201) + happened(204) > WALKS as u32 * STEPS as u32 / 3);
}

async fn one_walk(seed: u64, outcomes: &mut Outcomes) {
    let mut chance = Chance::new(seed);
    let settings = Settings {
        profile: *chance.pick(&[
            Profile::Current,
            Profile::Current,
            Profile::Seed,
            Profile::Upstream,
        ]),
        enforce_consent: chance.once_in(2),
    };
    let mut desk = Desk::new(settings, "");
    let db = desk.data();
    let mut steps = Vec::new();
    let mut world = World::read(&db);
    for _ in 0..STEPS {
        let step = Step::any(&mut chance, &desk, &world);
        let answer = desk.send(step.actor, step.method, &step.url, &step.body).await;
        let status = answer.status;
        // Only what is made to stumble fails: changing a state or a name.
        let may_fail = step.url.starts_with(ACCOUNTS) || step.url.contains("/set_");
        let kind = step.url.trim_end_matches('/').rsplit('/').find(|it| it.len() != 32);
        let kind = format!("{} {}", step.method, kind.unwrap_or_default());
        *outcomes.entry((kind, status)).or_default() += 1;
        steps.push((step, status));
        assert!(status != 500 || may_fail, "walk {seed}: {:?} {}", steps.last(), answer.body);
        world = World::read(&db);
        question(&mut chance, &desk, &world, QUESTIONS).await.unwrap_or_else(|difference| {
            panic!("walk {seed}, {settings:?}: {difference}\nafter {steps:#?}")
        });
    }
    desk.reopen();
    question(&mut chance, &desk, &world, 5).await.unwrap_or_else(|difference| {
        panic!("walk {seed}, {settings:?}, opened again: {difference}\nafter {steps:#?}")
    });
}

async fn question(
    chance: &mut Chance,
    desk: &Desk,
    world: &World,
    count: usize,
) -> Result<(), String> {
    for _ in 0..count {
        let ask = Ask::any(chance, world, desk.settings());
        let viewer = *chance.pick(&VIEWERS);
        let record = chance.pick(&world.accounts);
        ask.check(desk, world, viewer).await?;
        if chance.once_in(3) {
            ask.check_count(desk, world, viewer).await?;
            ask.check_record(desk, world, viewer, record).await?;
        }
    }
    Ok(())
}

/// SQLite gives the key of a row that was deleted to the next one.
#[tokio::test]
async fn a_consent_does_not_stick_to_the_key_of_its_account() {
    let agree = "INSERT INTO consents (uuid, user_id, offering_id, version, agreement_date, created, \
         modified) SELECT lower(hex(randomblob(16))), id, 1, '1', '', '', '' FROM users \
         WHERE username IN ('prince', 'ipek') ON CONFLICT DO NOTHING";
    let sql = format!("DELETE FROM offering_users WHERE offering_id = 1; {agree}");
    let desk = Desk::new(Settings::default(), &sql);
    let db = desk.data();
    let create = async |name: &str| {
        let person = World::read(&db).person(name).uuid.clone();
        let body = json!({ "user_uuid": person, "offering_uuid": SECURE_ANALYSIS });
        let answer = desk.send("stella", "POST", ACCOUNTS, &body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        format!("{ACCOUNTS}{}/", answer.body["uuid"].as_str().expect("a uuid"))
    };
    let first = create("prince").await;
    let key = World::read(&db).accounts.last().expect("an account").id;
    assert_eq!(desk.send("stella", "DELETE", &first, &Value::Null).await.status, 204);
    let second = create("ipek").await;
    assert_eq!(World::read(&db).accounts.last().expect("an account").id, key);
    let sql = "SELECT k.uuid FROM consents k JOIN users u ON u.id = k.user_id \
         WHERE u.username = 'prince' AND k.offering_id = 1";
    let consent: String = db.query_row(sql, [], |row| row.get(0)).expect("a consent");
    let revoke = format!("/api/marketplace-user-offering-consents/{consent}/revoke/");
    assert_eq!(desk.send("stella", "POST", &revoke, &Value::Null).await.status, 200);
    let found = desk.get("stella", &format!("{second}?has_consent=true")).await;
    assert_eq!(found.status, 200);
}
