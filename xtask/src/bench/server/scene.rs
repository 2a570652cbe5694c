//! What there is in the data, so that requests can ask for it.

use std::{collections::BTreeSet, net::SocketAddr};

use super::{
    client::{Answer, Client, Request, address},
    json,
    operations::{ACCOUNTS, ALICE, LARGEST_PAGE, PAVEL, STELLA},
};
use crate::failure::{Doing, Failure, Result};

/// The data as one person sees it.
pub(super) struct Scene {
    pub(super) who: &'static str,
    pub(super) token: String,
    /// How many accounts the person sees.
    pub(super) total: u64,
    /// Some of them, from everywhere in the list.
    pub(super) accounts: Vec<Account>,
    pub(super) offerings: Vec<Offering>,
    /// Accounts with the long checklist. Staff may answer for them.
    pub(super) long: Vec<Account>,
    /// 50 answers to the long checklist: questions, and answers as JSON.
    pub(super) answers: Vec<(String, String)>,
}

pub(super) struct Account {
    pub(super) uuid: String,
    pub(super) offering_uuid: String,
    pub(super) user_uuid: String,
    pub(super) user_username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) created: String,
    pub(super) modified: String,
    pub(super) is_deleted: bool,
    pub(super) has_checklist: bool,
}

pub(super) struct Offering {
    pub(super) uuid: String,
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) customer_uuid: String,
}

impl Scene {
    /// The scenes of everybody who asks something.
    pub(super) fn all(server: SocketAddr, accounts: usize) -> Result<Vec<Self>> {
        let scenes: Result<Vec<_>> =
            [STELLA, PAVEL, ALICE].into_iter().map(|who| Self::explore(server, who)).collect();
        let scenes = scenes?;
        if scenes[0].total != accounts as u64 {
            let total = scenes[0].total;
            return Err(Failure::new(format!("The server has {total} accounts, not {accounts}.")));
        }
        Ok(scenes)
    }

    fn explore(server: SocketAddr, who: &'static str) -> Result<Self> {
        let token = sign_in(server, who)?;
        let mut client = Client::connect(server, Some(&token))?;
        let path = address("/api/marketplace-public-offerings/", &[("page_size", "300".into())]);
        let offerings = list(&client.send(&Request::get(path))?, Offering::read)?;
        let (accounts, total) = sample(&mut client, &[])?;
        let answers = long_answers()?;
        let long = match who {
            STELLA => long_forms(&mut client, &accounts, &answers[0].0)?,
            _ => Vec::new(),
        };
        Ok(Self { who, token, total, accounts, offerings, long, answers })
    }
}

fn sign_in(server: SocketAddr, who: &str) -> Result<String> {
    let answer = Client::connect(server, None)?.send(&Request {
        method: "POST",
        path: "/api-auth/password/".to_owned(),
        body: Some(format!("{{\"username\": \"{who}\", \"password\": \"demo\"}}")),
    })?;
    let token = json::members(&answer.body).and_then(|members| text(&members, "token"));
    token.ok_or_else(|| Failure::new(format!("{who} cannot sign in: {}", answer.status)))
}

/// Pages from everywhere in a list, and how long the list is.
fn sample(client: &mut Client, filter: &[(&str, String)]) -> Result<(Vec<Account>, u64)> {
    const PAGES: u64 = 8;
    let mut page = |number: u64| {
        let paging = [("page", number.to_string()), ("page_size", LARGEST_PAGE.to_string())];
        let query: Vec<_> = filter.iter().cloned().chain(paging).collect();
        let answer = client.send(&Request::get(address(ACCOUNTS, &query)))?;
        let total = answer.total.ok_or_else(|| Failure::new("A list does not say its length."))?;
        Ok((list(&answer, Account::read)?, total))
    };
    let (mut accounts, total) = page(1)?;
    let pages = total.div_ceil(LARGEST_PAGE);
    let places: BTreeSet<u64> = (1..PAGES).map(|place| 1 + place * pages / PAGES).collect();
    for number in places.into_iter().filter(|number| (2..=pages).contains(number)) {
        accounts.extend(page(number)?.0);
    }
    Ok((accounts, total))
}

/// Accounts whose checklist has the question.
fn long_forms(client: &mut Client, accounts: &[Account], question: &str) -> Result<Vec<Account>> {
    let mut seen = BTreeSet::new();
    for it in accounts.iter().filter(|it| it.has_checklist) {
        if seen.insert(&it.offering_uuid) {
            let path = format!("{ACCOUNTS}{}/checklist/?include_all=true", it.uuid);
            if client.send(&Request::get(path))?.body.contains(question) {
                return Ok(sample(client, &[("offering_uuid", it.offering_uuid.clone())])?.0);
            }
        }
    }
    Err(Failure::new("No account has the long checklist."))
}

/// The first set of answers the demo has for the checklist of 60 questions.
fn long_answers() -> Result<Vec<(String, String)>> {
    const COUNT: usize = 50;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/demo/answers.json");
    let file = std::fs::read_to_string(path).doing(format_args!("read {path}"))?;
    let set = json::members(&file)
        .and_then(|members| member(&members, "security-60"))
        .and_then(|sets| json::members(json::elements(sets)?.first()?))
        .filter(|answers| answers.len() == COUNT);
    let set = set.ok_or_else(|| Failure::new(format!("{path} has no set of {COUNT} answers.")))?;
    let owned = |(question, answer): (&str, &str)| (question.to_owned(), answer.to_owned());
    Ok(set.into_iter().map(owned).collect())
}

type Members<'a> = [(&'a str, &'a str)];

impl Account {
    fn read(record: &Members) -> Option<Self> {
        Some(Self {
            uuid: text(record, "uuid")?,
            offering_uuid: text(record, "offering_uuid")?,
            user_uuid: text(record, "user_uuid")?,
            user_username: text(record, "user_username")?,
            first_name: text(record, "user_first_name")?,
            last_name: text(record, "user_last_name")?,
            created: text(record, "created")?,
            modified: text(record, "modified")?,
            is_deleted: text(record, "state")? == "Deleted",
            has_checklist: member(record, "has_compliance_checklist")? == "true",
        })
    }
}

impl Offering {
    fn read(record: &Members) -> Option<Self> {
        Some(Self {
            uuid: text(record, "uuid")?,
            name: text(record, "name")?,
            slug: text(record, "slug")?,
            customer_uuid: text(record, "customer_uuid")?,
        })
    }
}

fn list<T>(answer: &Answer, read: impl Fn(&Members) -> Option<T>) -> Result<Vec<T>> {
    let records = json::elements(&answer.body)
        .and_then(|records| records.into_iter().map(|it| read(&json::members(it)?)).collect());
    records.ok_or_else(|| {
        Failure::new(format!("A list is not as expected ({}): {:.300}", answer.status, answer.body))
    })
}

fn member<'a>(members: &Members<'a>, name: &str) -> Option<&'a str> {
    members.iter().find(|(it, _)| *it == name).map(|(_, value)| *value)
}

fn text(members: &Members, name: &str) -> Option<String> {
    json::text(member(members, name)?).map(str::to_owned)
}
