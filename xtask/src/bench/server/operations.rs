//! What is measured, and what each answer has to look like.

use super::{
    client::{Answer, Request, address},
    json,
    random::Random,
    scene::{Account, Scene},
};
use crate::failure::{Failure, Result};

/// Staff: sees every account.
pub(super) const STELLA: &str = "stella";
/// Sees those of one provider.
pub(super) const PAVEL: &str = "pavel";
/// Sees her own.
pub(super) const ALICE: &str = "alice";

/// The collection of accounts.
pub(super) const ACCOUNTS: &str = "/api/marketplace-offering-users/";

const PAGE: u64 = 10;
/// The most that a page may hold (`contract.md` 1.2).
pub(super) const LARGEST_PAGE: u64 = 300;

/// The write that comes between reads.
pub(super) const COMMENT: &str = "update_comments";

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Changes nothing, so the bar is for it.
    Read,
    Write,
}

/// One kind of request.
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) who: &'static str,
    pub(super) kind: Kind,
    /// Measured with writes between, too, and shown for each size.
    pub(super) is_main: bool,
    /// Measured with many clients, too.
    pub(super) is_together: bool,
    /// Makes the next request; hardly ever the same twice.
    pub(super) make: Make,
}

type Make = Box<dyn Fn(&Scene, &mut Random) -> Task + Sync>;

/// A request, and what is expected of the answer.
pub(super) struct Task {
    pub(super) request: Request,
    pub(super) expect: Expect,
}

/// What an answer has to look like, beside status 200.
pub(super) enum Expect {
    /// A page of a list; its length, if it is known.
    Page { number: u64, size: u64, total: Option<u64> },
    /// The length of a list, without the list; which, if it is known.
    Count { total: Option<u64> },
    /// The record of the uuid.
    Record { uuid: String },
    /// An object that has this and that.
    Object { members: &'static [&'static str] },
}

impl Expect {
    /// Fails when the answer is another.
    pub(super) fn check(&self, answer: &Answer) -> Result {
        if answer.status != 200 {
            return Err(Failure::new(format!("status {}: {:.500}", answer.status, answer.body)));
        }
        let is_as_expected = match self {
            Self::Page { number, size, total } => {
                let length = json::elements(&answer.body).map(|it| it.len() as u64);
                answer.total.is_some_and(|found| {
                    let before = (number - 1) * size;
                    total.is_none_or(|total| total == found)
                        && length == Some(found.saturating_sub(before).min(*size))
                })
            }
            Self::Count { total } => {
                answer.total.is_some_and(|found| total.is_none_or(|total| total == found))
            }
            Self::Record { uuid } => json::members(&answer.body).is_some_and(|members| {
                members.iter().any(|(name, value)| {
                    *name == "uuid" && json::text(value) == Some(uuid.as_str())
                })
            }),
            Self::Object { members } => json::members(&answer.body).is_some_and(|found| {
                members.iter().all(|name| found.iter().any(|(it, _)| it == name))
            }),
        };
        let total = answer.total.map_or("none".to_owned(), |it| it.to_string());
        is_as_expected.then_some(()).ok_or_else(|| {
            Failure::new(format!("unexpected (X-Result-Count {total}): {:.500}", answer.body))
        })
    }
}

/// Everything that is measured, in the order of the table.
pub(super) fn all() -> Vec<Operation> {
    let mut all = Vec::new();
    for who in [STELLA, PAVEL] {
        all.push(read(who, "first page", first_page).main().together());
        all.push(read(who, "a page in the middle", middle_page).main().together());
        all.push(read(who, "any page", any_page));
        all.push(read(who, "a page of 300", |scene, random| {
            let pages = scene.total.div_ceil(LARGEST_PAGE);
            list(scene, 1 + random.below(pages), LARGEST_PAGE, Vec::new())
        }));
        all.push(read(who, "count", |scene, _| count(scene, Vec::new())).main());
    }
    all.push(read(ALICE, "first page", first_page).together());
    all.push(read(ALICE, "count", |scene, _| count(scene, Vec::new())));
    for (name, people, query) in SELECTIONS {
        for who in *people {
            let operation =
                read(who, *name, |scene, random| list(scene, 1, PAGE, query(scene, random)));
            all.push(match *name {
                "state" | "query: a first name" if *who != ALICE => operation.main().together(),
                _ => operation,
            });
        }
    }
    for who in [STELLA, PAVEL] {
        all.push(read(who, "count, state", |scene, random| count(scene, state(random))));
        all.push(read(who, "count, query: a first name", |scene, random| {
            count(scene, vec![("query", account(scene, random).first_name.clone())])
        }));
    }
    for key in SORT_KEYS {
        for direction in ["", "-"] {
            let order = move || vec![("o", format!("{direction}{key}"))];
            let name = format!("o={direction}{key}");
            let middle = format!("{name}, a page in the middle");
            all.push(read(STELLA, name, move |scene, _| list(scene, 1, PAGE, order())));
            all.push(read(STELLA, middle, move |scene, random| {
                list(scene, near_the_middle(scene, random), PAGE, order())
            }));
        }
    }
    for who in [STELLA, PAVEL, ALICE] {
        all.push(read(who, "retrieve", |scene, random| {
            let uuid = account(scene, random).uuid.clone();
            let request = Request::get(format!("{ACCOUNTS}{uuid}/"));
            Task { request, expect: Expect::Record { uuid } }
        }));
    }
    let retrieve = all.len() - 3;
    all[retrieve].is_main = true;
    all[retrieve].is_together = true;
    all.push(read(STELLA, "checklist", checklist).main());
    all.push(read(ALICE, "checklist", checklist));
    for (name, path, query) in RELATED {
        for who in [STELLA, PAVEL] {
            all.push(read(who, *name, |scene, random| {
                let request = Request::get(address(path, &query(scene, random)));
                Task { request, expect: Expect::Page { number: 1, size: PAGE, total: None } }
            }));
        }
    }
    all.push(write(COMMENT, update_comments));
    all.push(write("submit_answers, 50 of them", submit).main().together());
    all
}

const SORT_KEYS: [&str; 5] =
    ["username", "created", "modified", "user_first_name", "user_last_name"];

type Query = Vec<(&'static str, String)>;
type Choose = fn(&Scene, &mut Random) -> Query;

/// The filters of `contract.md` 2.3, each alone, and what a person would search for.
const SELECTIONS: &[(&str, &[&str], Choose)] = &[
    ("offering_uuid", &[STELLA, PAVEL], |scene, random| {
        vec![("offering_uuid", random.pick(&scene.offerings).uuid.clone())]
    }),
    ("offering_uuid, several", &[STELLA], |scene, random| {
        let uuids: Vec<_> = (0..3).map(|_| random.pick(&scene.offerings).uuid.as_str()).collect();
        vec![("offering_uuid", uuids.join(","))]
    }),
    ("offering_slug", &[STELLA], |scene, random| {
        vec![("offering_slug", random.pick(&scene.offerings).slug.clone())]
    }),
    ("provider_uuid", &[STELLA], |scene, random| {
        vec![("provider_uuid", random.pick(&scene.offerings).customer_uuid.clone())]
    }),
    ("parent_offering_uuid", &[STELLA], |scene, random| {
        vec![("parent_offering_uuid", random.pick(&scene.offerings).uuid.clone())]
    }),
    ("user_uuid", &[STELLA, PAVEL], |scene, random| {
        vec![("user_uuid", account(scene, random).user_uuid.clone())]
    }),
    ("user_username", &[STELLA], |scene, random| {
        vec![("user_username", account(scene, random).user_username.to_uppercase())]
    }),
    ("state", &[STELLA, PAVEL, ALICE], |_, random| state(random)),
    ("state, several", &[STELLA], |_, random| {
        [state(random), state(random), state(random)].concat()
    }),
    ("is_restricted", &[STELLA], |_, random| flag("is_restricted", random)),
    ("has_consent=true", &[STELLA, PAVEL], |_, _| vec![("has_consent", "true".to_owned())]),
    ("has_consent=false", &[STELLA, PAVEL], |_, _| vec![("has_consent", "false".to_owned())]),
    ("created", &[STELLA], |scene, random| {
        vec![("created", account(scene, random).created.clone())]
    }),
    ("created_before", &[STELLA], |scene, random| {
        vec![("created_before", account(scene, random).created.clone())]
    }),
    ("modified", &[STELLA], |scene, random| {
        vec![("modified", account(scene, random).modified.clone())]
    }),
    ("modified_before", &[STELLA], |scene, random| {
        vec![("modified_before", account(scene, random).modified.clone())]
    }),
    ("runtime_state", &[STELLA], |_, random| {
        let states = ["Active", "Pending account linking", "Pending additional validation"];
        vec![("runtime_state", (*random.pick(&states)).to_owned())]
    }),
    ("has_complete_profile", &[STELLA], |_, random| flag("has_complete_profile", random)),
    ("offering_has_active_tos", &[STELLA], |_, random| flag("offering_has_active_tos", random)),
    ("query: one letter", &[STELLA, PAVEL], |_, random| query(letter(random))),
    ("query: two letters", &[STELLA], |scene, random| {
        query(account(scene, random).last_name.chars().take(2).collect())
    }),
    ("query: a first name", &[STELLA, PAVEL], |scene, random| {
        query(account(scene, random).first_name.clone())
    }),
    ("query: one person's user name", &[STELLA, PAVEL], |scene, random| {
        query(account(scene, random).user_username.clone())
    }),
    ("query: nothing matches", &[STELLA, PAVEL, ALICE], |_, random| {
        query(format!("zq{}", random.below(1_000_000)))
    }),
    ("query: an offering's name", &[STELLA, PAVEL], |scene, random| {
        query(random.pick(&scene.offerings).name.clone())
    }),
    ("query and state", &[STELLA, PAVEL], |scene, random| {
        [query(account(scene, random).last_name.clone()), state(random)].concat()
    }),
];

/// What the app asks of the lists around the accounts.
const RELATED: &[(&str, &str, Choose)] = &[
    ("people: a first name", "/api/users/", |scene, random| {
        query(account(scene, random).first_name.clone())
    }),
    ("people: two letters", "/api/users/", |scene, random| {
        query(account(scene, random).last_name.chars().take(2).collect())
    }),
    ("consents of a person", "/api/marketplace-user-offering-consents/", |scene, random| {
        let Account { user_uuid, offering_uuid, .. } = account(scene, random);
        vec![("user_uuid", user_uuid.clone()), ("offering_uuid", offering_uuid.clone())]
    }),
    ("terms of an offering", "/api/marketplace-offering-terms-of-service/", |scene, random| {
        vec![("offering_uuid", random.pick(&scene.offerings).uuid.clone())]
    }),
    ("completions", "/api/marketplace-offering-user-checklist-completions/", |_, _| Vec::new()),
];

/// The labels of `contract.md` 3.1.
const STATES: [&str; 10] = [
    "Requested",
    "Creating",
    "Pending account linking",
    "Pending additional validation",
    "OK",
    "Requested deletion",
    "Deleting",
    "Deleted",
    "Error creating",
    "Error deleting",
];

fn state(random: &mut Random) -> Query {
    vec![("state", (*random.pick(&STATES)).to_owned())]
}

fn flag(key: &'static str, random: &mut Random) -> Query {
    vec![(key, (*random.pick(&["true", "false"])).to_owned())]
}

fn query(words: String) -> Query {
    vec![("query", words)]
}

fn letter(random: &mut Random) -> String {
    let letters: Vec<char> = ('a'..='z').collect();
    random.pick(&letters).to_string()
}

fn account<'a>(scene: &'a Scene, random: &mut Random) -> &'a Account {
    random.pick(&scene.accounts)
}

fn first_page(scene: &Scene, _: &mut Random) -> Task {
    list(scene, 1, PAGE, Vec::new())
}

fn middle_page(scene: &Scene, random: &mut Random) -> Task {
    list(scene, near_the_middle(scene, random), PAGE, Vec::new())
}

fn any_page(scene: &Scene, random: &mut Random) -> Task {
    list(scene, 1 + random.below(scene.total.div_ceil(PAGE)), PAGE, Vec::new())
}

/// Half of all pages further, and up to a hundredth of them more: from 50,000 for a million.
fn near_the_middle(scene: &Scene, random: &mut Random) -> u64 {
    let pages = scene.total.div_ceil(PAGE);
    (pages / 2 + random.below(pages / 100 + 1)).max(1)
}

fn list(scene: &Scene, number: u64, size: u64, mut query: Query) -> Task {
    let total = is_everything(&query).then_some(scene.total);
    query.extend([("page", number.to_string()), ("page_size", size.to_string())]);
    Task {
        request: Request::get(address(ACCOUNTS, &query)),
        expect: Expect::Page { number, size, total },
    }
}

fn count(scene: &Scene, query: Query) -> Task {
    let total = is_everything(&query).then_some(scene.total);
    let request = Request { method: "HEAD", ..Request::get(address(ACCOUNTS, &query)) };
    Task { request, expect: Expect::Count { total } }
}

/// Whether a query leaves nothing out.
fn is_everything(query: &Query) -> bool {
    query.iter().all(|(key, _)| *key == "o")
}

fn checklist(scene: &Scene, random: &mut Random) -> Task {
    let with_checklist: Vec<_> = scene.accounts.iter().filter(|it| it.has_checklist).collect();
    let uuid = &random.pick(&with_checklist).uuid;
    Task {
        request: Request::get(format!("{ACCOUNTS}{uuid}/checklist/")),
        expect: Expect::Object { members: &["checklist", "completion", "questions"] },
    }
}

fn update_comments(scene: &Scene, random: &mut Random) -> Task {
    let open: Vec<_> = scene.accounts.iter().filter(|it| !it.is_deleted).collect();
    let (uuid, number) = (&random.pick(&open).uuid, random.below(1_000_000));
    Task {
        request: Request {
            method: "PATCH",
            path: format!("{ACCOUNTS}{uuid}/update_comments/"),
            body: Some(format!("{{\"service_provider_comment\": \"<p>Case {number}</p>\"}}")),
        },
        expect: Expect::Object { members: &["service_provider_comment"] },
    }
}

/// Each answer of yes or no is chosen anew; the others stay, since the questions limit them.
fn submit(scene: &Scene, random: &mut Random) -> Task {
    let items: Vec<_> = scene
        .answers
        .iter()
        .map(|(question, answer)| {
            let answer = match answer.as_str() {
                "true" | "false" => *random.pick(&["true", "false"]),
                other => other,
            };
            format!("{{\"question_uuid\": \"{question}\", \"answer_data\": {answer}}}")
        })
        .collect();
    Task {
        request: Request {
            method: "POST",
            path: format!("{ACCOUNTS}{}/submit_answers/", random.pick(&scene.long).uuid),
            body: Some(format!("[{}]", items.join(","))),
        },
        expect: Expect::Object { members: &["detail", "completion"] },
    }
}

fn read(
    who: &'static str,
    name: impl Into<String>,
    make: impl Fn(&Scene, &mut Random) -> Task + Sync + 'static,
) -> Operation {
    Operation {
        name: name.into(),
        who,
        kind: Kind::Read,
        is_main: false,
        is_together: false,
        make: Box::new(make),
    }
}

fn write(name: &str, make: fn(&Scene, &mut Random) -> Task) -> Operation {
    Operation { kind: Kind::Write, ..read(STELLA, name, make) }
}

impl Operation {
    fn main(self) -> Self {
        Self { is_main: true, ..self }
    }

    fn together(self) -> Self {
        Self { is_together: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, total: Option<u64>, body: &str) -> Answer {
        Answer { status, total, body: body.to_owned() }
    }

    #[test]
    fn a_page_has_as_many_records_as_its_place_tells() {
        let page = |number, total| Expect::Page { number, size: 2, total };
        assert!(page(1, Some(3)).check(&answer(200, Some(3), "[{},{}]")).is_ok());
        assert!(page(2, None).check(&answer(200, Some(3), "[{}]")).is_ok());
        assert!(page(1, None).check(&answer(200, Some(0), "[]")).is_ok());
        for (number, wrong) in [
            (1, answer(404, Some(3), "[{},{}]")),
            (1, answer(200, None, "[{},{}]")),
            (1, answer(200, Some(3), "[{}]")),
            (2, answer(200, Some(3), "[{},{}]")),
            (1, answer(200, Some(2), "{}")),
        ] {
            assert!(page(number, None).check(&wrong).is_err(), "{}", wrong.body);
        }
        assert!(page(1, Some(4)).check(&answer(200, Some(3), "[{},{}]")).is_err());
    }

    #[test]
    fn other_answers_are_looked_at_too() {
        assert!(Expect::Count { total: Some(3) }.check(&answer(200, Some(3), "")).is_ok());
        assert!(Expect::Count { total: Some(4) }.check(&answer(200, Some(3), "")).is_err());
        assert!(Expect::Count { total: None }.check(&answer(200, None, "")).is_err());
        let record = Expect::Record { uuid: "ab".to_owned() };
        assert!(record.check(&answer(200, None, r#"{"url": "x", "uuid": "ab"}"#)).is_ok());
        assert!(record.check(&answer(200, None, r#"{"url": "ab", "uuid": "cd"}"#)).is_err());
        let object = Expect::Object { members: &["detail", "completion"] };
        assert!(object.check(&answer(200, None, r#"{"completion": {}, "detail": ""}"#)).is_ok());
        assert!(object.check(&answer(200, None, r#"{"detail": "completion"}"#)).is_err());
    }
}
