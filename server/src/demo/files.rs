//! The files that the demo's data is made of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    checklists::NewChecklist,
    error::{Error, Result},
};

#[derive(Deserialize)]
pub(super) struct People {
    pub(super) people: Vec<Person>,
    pub(super) first_names: Vec<String>,
    pub(super) last_names: Vec<String>,
    pub(super) logins: Vec<String>,
    pub(super) organizations: Vec<String>,
    pub(super) job_titles: Vec<String>,
    pub(super) long_name: LongName,
}

#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) uuid: String,
    pub(super) username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    pub(super) organization: String,
    pub(super) job_title: String,
    pub(super) is_staff: bool,
    pub(super) is_support: bool,
}

#[derive(Deserialize)]
pub(super) struct LongName {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) organization: String,
    pub(super) job_title: String,
}

#[derive(Deserialize)]
pub(super) struct Offerings {
    pub(super) organisations: Vec<Organisation>,
    pub(super) offerings: Vec<Offering>,
    pub(super) role_definitions: BTreeMap<String, Vec<String>>,
    pub(super) roles: Vec<Membership>,
}

#[derive(Deserialize)]
pub(super) struct Organisation {
    pub(super) uuid: String,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) abbreviation: String,
}

#[derive(Deserialize)]
pub(super) struct Offering {
    pub(super) uuid: String,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) organisation: String,
    pub(super) description: String,
    pub(super) username_prefix: String,
    pub(super) checklist: Option<String>,
    pub(super) terms: Vec<Terms>,
}

#[derive(Deserialize)]
pub(super) struct Terms {
    pub(super) uuid: String,
    pub(super) version: String,
    pub(super) text: String,
    pub(super) link: String,
    pub(super) is_active: bool,
    pub(super) requires_reconsent: bool,
    pub(super) grace_period_days: u32,
    pub(super) created_days_ago: i64,
}

#[derive(Deserialize)]
pub(super) struct Membership {
    pub(super) username: String,
    pub(super) role: String,
    pub(super) scope: MembershipScope,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MembershipScope {
    Organisation(String),
    Offering(String),
}

#[derive(Deserialize)]
pub(super) struct Comment {
    pub(super) state: String,
    pub(super) html: String,
    pub(super) url: String,
}

#[derive(Deserialize)]
pub(super) struct OwnAccount {
    pub(super) offering: String,
    pub(super) state: String,
    pub(super) username: Option<String>,
    pub(super) comment: String,
    pub(super) comment_url: String,
    pub(super) consent_version: Option<String>,
    pub(super) answers: Answers,
}

pub(super) type Answers = BTreeMap<String, Box<RawValue>>;

pub(super) struct Data {
    pub(super) people: People,
    pub(super) offerings: Offerings,
    pub(super) checklists: Vec<(&'static str, NewChecklist)>,
    pub(super) comments: Vec<Comment>,
    pub(super) alice: Vec<OwnAccount>,
    pub(super) answers: BTreeMap<String, Vec<Answers>>,
}

impl Data {
    pub(super) fn read() -> Result<Self> {
        fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
            serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))
        }
        Ok(Self {
            people: json(include_str!("../../demo/people.json"))?,
            offerings: json(include_str!("../../demo/offerings.json"))?,
            checklists: vec![
                (
                    "account-linking",
                    json(include_str!("../../demo/checklists/account-linking.json"))?,
                ),
                (
                    "export-control",
                    json(include_str!("../../demo/checklists/export-control.json"))?,
                ),
                ("security-60", json(include_str!("../../demo/checklists/security-60.json"))?),
                (
                    "sensitive-data",
                    json(include_str!("../../demo/checklists/sensitive-data.json"))?,
                ),
                ("training", json(include_str!("../../demo/checklists/training.json"))?),
            ],
            comments: json(include_str!("../../demo/comments.json"))?,
            alice: json(include_str!("../../demo/alice.json"))?,
            answers: json(include_str!("../../demo/answers.json"))?,
        })
    }
}
