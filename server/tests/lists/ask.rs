//! Questions to the list, and what it should answer.

use std::cmp::Ordering;

use api::{QueryString, State};
use purser::{Profile, Settings};
use serde_json::Value;

use crate::{
    chance::Chance,
    desk::{ACCOUNTS, Answer, Desk},
    world::{Account, Person, World},
};

const RUNTIME_STATES: [&str; 3] =
    ["Active", "Pending account linking", "Pending additional validation"];

/// Who asks in the walks.
pub(crate) const VIEWERS: [&str; 8] =
    ["stella", "pavel", "rita", "alice", "sam", "prince", "õie.ä", "anna.maria"];

/// One filter (`contract.md` 2.3).
#[derive(Clone, Debug)]
enum Filter {
    Offering(String),
    OfferingUuids(Vec<String>),
    OfferingSlugs(Vec<String>),
    ParentOffering(String),
    Provider(String),
    UserUuid(String),
    UserUsername(String),
    States(Vec<u8>),
    IsRestricted(bool),
    HasConsent(bool),
    Created(String),
    Modified(String),
    CreatedBefore(String),
    ModifiedBefore(String),
    RuntimeStates(Vec<&'static str>),
    HasCompleteProfile(bool),
    HasTerms(bool),
    Query(String),
}

impl Filter {
    fn any(chance: &mut Chance, world: &World) -> Self {
        let accounts = &world.accounts;
        // The awkward ones and those made later come last.
        let first = if chance.once_in(2) { 0 } else { accounts.len().saturating_sub(24) };
        let account = chance.pick(&accounts[first..]);
        let person = &world.people[&account.person];
        let offering = &world.offerings[&account.offering];
        let other = &world.offerings[&chance.pick(&world.accounts).offering];
        let bit = chance.once_in(2);
        match chance.below(26) {
            0 => Self::Offering(format!(
                "http://localhost/api/marketplace-provider-offerings/{}/",
                offering.uuid
            )),
            1 => Self::OfferingUuids(vec![offering.uuid.clone(), other.uuid.clone()]),
            2 => Self::OfferingSlugs(vec![offering.slug.clone(), other.slug.clone()]),
            3 => Self::ParentOffering("7b924491-dd91-4feb-b084-74289905cc6d".to_owned()),
            4 => Self::Provider(world.customers[&offering.customer].clone()),
            5 => Self::UserUuid(person.uuid.clone()),
            6 => Self::UserUsername(other_case(chance, &person.username)),
            7 => {
                let count = 1 + chance.below(4);
                Self::States((0..count).map(|_| 1 + chance.below(10) as u8).collect())
            }
            8 => Self::IsRestricted(bit),
            9 => Self::HasConsent(bit),
            10 => Self::Created(moment(chance, &account.created)),
            11 => Self::Modified(moment(chance, &account.modified)),
            12 => Self::CreatedBefore(account.created.clone()),
            13 => Self::ModifiedBefore(account.modified.clone()),
            14 => {
                let count = 1 + chance.below(2);
                Self::RuntimeStates((0..count).map(|_| *chance.pick(&RUNTIME_STATES)).collect())
            }
            15 => Self::HasCompleteProfile(bit),
            16 => Self::HasTerms(bit),
            17 | 18 => Self::HasConsent(bit),
            _ => Self::Query(words(chance, account, person, &offering.name)),
        }
    }

    fn put(&self, query: &mut QueryString) {
        let truth = |it: &bool| if *it { "true" } else { "false" };
        match self {
            Self::Offering(url) => query.push("offering", url),
            Self::OfferingUuids(list) => query.push("offering_uuid", list.join(",")),
            Self::OfferingSlugs(list) => query.push("offering_slug", list.join(",")),
            Self::ParentOffering(uuid) => query.push("parent_offering_uuid", uuid),
            Self::Provider(uuid) => query.push("provider_uuid", uuid),
            Self::UserUuid(uuid) => query.push("user_uuid", uuid),
            Self::UserUsername(name) => query.push("user_username", name),
            Self::States(states) => {
                for state in states {
                    query.push("state", State::from_number((*state).into()).label());
                }
            }
            Self::IsRestricted(it) => query.push("is_restricted", truth(it)),
            Self::HasConsent(it) => query.push("has_consent", truth(it)),
            Self::Created(moment) => query.push("created", moment),
            Self::Modified(moment) => query.push("modified", moment),
            Self::CreatedBefore(moment) => query.push("created_before", moment),
            Self::ModifiedBefore(moment) => query.push("modified_before", moment),
            Self::RuntimeStates(list) => {
                list.iter().for_each(|it| query.push("runtime_state", *it));
            }
            Self::HasCompleteProfile(it) => query.push("has_complete_profile", truth(it)),
            Self::HasTerms(it) => query.push("offering_has_active_tos", truth(it)),
            Self::Query(words) => query.push("query", words),
        }
    }

    /// Those of one parameter replace each other.
    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// What `contract.md` marks as new: older servers ignore it.
    fn is_new(&self) -> bool {
        matches!(
            self,
            Self::CreatedBefore(_)
                | Self::ModifiedBefore(_)
                | Self::RuntimeStates(_)
                | Self::HasCompleteProfile(_)
                | Self::HasTerms(_)
        )
    }

    fn holds(&self, world: &World, account: &Account) -> bool {
        let person = &world.people[&account.person];
        let offering = &world.offerings[&account.offering];
        match self {
            Self::Offering(url) => url.ends_with(&format!("/{}/", offering.uuid)),
            Self::OfferingUuids(list) => list.contains(&offering.uuid),
            Self::OfferingSlugs(list) => list.contains(&offering.slug),
            Self::ParentOffering(uuid) => {
                offering.parent.is_some_and(|it| world.offerings[&it].uuid == uuid.replace('-', ""))
            }
            Self::Provider(uuid) => world.customers[&offering.customer] == *uuid,
            Self::UserUuid(uuid) => person.uuid == *uuid,
            Self::UserUsername(name) => fold(&person.username) == fold(name),
            Self::States(list) => list.contains(&account.state),
            Self::IsRestricted(it) => account.is_restricted == *it,
            Self::HasConsent(it) => world.has_consent(account) == *it,
            // All moments are written alike, so they compare as texts; a day begins with its date.
            Self::Created(moment) => account.created >= *moment,
            Self::Modified(moment) => account.modified >= *moment,
            Self::CreatedBefore(moment) => account.created <= *moment,
            Self::ModifiedBefore(moment) => account.modified <= *moment,
            Self::RuntimeStates(list) => list.contains(&account.runtime_state.as_str()),
            // Every profile here is complete.
            Self::HasCompleteProfile(it) => *it,
            Self::HasTerms(it) => world.terms.contains(&account.offering) == *it,
            Self::Query(words) => {
                let Person { first_name, last_name, username, .. } = person;
                let account = account.username.as_ref();
                [&offering.name, first_name, last_name, username]
                    .into_iter()
                    .chain(account)
                    .any(|text| fold(text).contains(&fold(words)))
            }
        }
    }
}

/// Letter by letter, so that a part of a name folds as it does inside the name.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|it| if it == 'ς' { 'σ' } else { it }).collect()
}

/// The same name with letters of another case, as long as that can be turned back.
fn other_case(chance: &mut Chance, text: &str) -> String {
    let other = match chance.below(3) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text.to_owned(),
    };
    if fold(&other) == fold(text) { other } else { text.to_owned() }
}

fn moment(chance: &mut Chance, text: &str) -> String {
    if chance.once_in(2) { text[..10].to_owned() } else { text.to_owned() }
}

/// A part of a real name, or letters.
fn words(chance: &mut Chance, account: &Account, person: &Person, offering: &str) -> String {
    let username = account.username.as_deref().unwrap_or("x");
    if chance.once_in(8) {
        return (*chance.pick(&["q", "ss", "%", "Tamm", "Σ", "i"])).to_owned();
    }
    let names = [offering, username, &person.first_name, &person.last_name, &person.username];
    let letters: Vec<char> = chance.pick(&names).chars().collect();
    if letters.is_empty() {
        return "a".to_owned();
    }
    let start = chance.below(letters.len());
    let end = start + 1 + chance.below(letters.len() - start);
    let part: String = letters[start..end].iter().collect();
    let part = part.trim();
    if part.is_empty() { "e".to_owned() } else { other_case(chance, part) }
}

#[derive(Clone, Copy, Debug)]
enum Key {
    Username,
    Created,
    Modified,
    FirstName,
    LastName,
}

impl Key {
    const NAMES: [(Self, &str); 5] = [
        (Self::Username, "username"),
        (Self::Created, "created"),
        (Self::Modified, "modified"),
        (Self::FirstName, "user_first_name"),
        (Self::LastName, "user_last_name"),
    ];

    fn compare(self, world: &World, one: &Account, other: &Account) -> Ordering {
        let person = |it: &Account| &world.people[&it.person];
        match self {
            // No name is the largest.
            Self::Username => match (&one.username, &other.username) {
                (Some(one), Some(other)) => fold(one).cmp(&fold(other)),
                (one, other) => one.is_none().cmp(&other.is_none()),
            },
            Self::Created => one.created.cmp(&other.created),
            Self::Modified => one.modified.cmp(&other.modified),
            Self::FirstName => fold(&person(one).first_name).cmp(&fold(&person(other).first_name)),
            Self::LastName => fold(&person(one).last_name).cmp(&fold(&person(other).last_name)),
        }
    }
}

/// A question to the list.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    filters: Vec<Filter>,
    /// What to sort by, and whether the largest comes first.
    order: Vec<(Key, bool)>,
    page: usize,
    size: usize,
}

impl Ask {
    pub(crate) fn any(chance: &mut Chance, world: &World, settings: Settings) -> Self {
        let mut filters: Vec<Filter> = Vec::new();
        for _ in 0..*chance.pick(&[0, 1, 1, 1, 2, 3]) {
            let filter = Filter::any(chance, world);
            if !filters.iter().any(|it| it.is_like(&filter)) {
                filters.push(filter);
            }
        }
        let keys = if settings.profile == Profile::Seed { 3 } else { 5 };
        let order = (0..chance.below(4)).map(|_| {
            let (key, _) = Key::NAMES[chance.below(keys)];
            (key, chance.once_in(2))
        });
        let order = order.collect();
        let page = if chance.once_in(2) { 1 } else { 1 + chance.below(5) };
        let size = *chance.pick(&[1, 2, 3, 5, 7, 10, 10, 30, 300]);
        Self { filters, order, page, size }
    }

    pub(crate) fn url(&self) -> String {
        self.address(ACCOUNTS, true)
    }

    fn address(&self, path: &str, is_list: bool) -> String {
        let mut query = QueryString::default();
        self.filters.iter().for_each(|it| it.put(&mut query));
        if is_list {
            let order = self.order.iter().map(|(key, is_descending)| {
                let (_, name) = Key::NAMES[*key as usize];
                format!("{}{name}", if *is_descending { "-" } else { "" })
            });
            let order: Vec<String> = order.collect();
            if !order.is_empty() {
                query.push("o", order.join(","));
            }
            query.push("page", self.page.to_string());
            query.push("page_size", self.size.to_string());
        }
        query.push("field", "uuid");
        query.address(path)
    }

    fn wants(&self, world: &World, settings: Settings, viewer: &Person, account: &Account) -> bool {
        let is_older = settings.profile == Profile::Seed;
        world.lists(settings, viewer, account)
            && self.filters.iter().all(|it| (is_older && it.is_new()) || it.holds(world, account))
    }

    /// All accounts that belong to the answer, in its order.
    fn expected<'a>(
        &self,
        world: &'a World,
        settings: Settings,
        viewer: &Person,
    ) -> Vec<&'a Account> {
        let mut all: Vec<&Account> =
            world.accounts.iter().filter(|it| self.wants(world, settings, viewer, it)).collect();
        let default = [(Key::Username, false)];
        let order = if self.order.is_empty() { &default[..] } else { &self.order };
        all.sort_by(|one, other| {
            let mut ordering = Ordering::Equal;
            for (key, is_descending) in order {
                let next = key.compare(world, one, other);
                ordering = ordering.then(if *is_descending { next.reverse() } else { next });
            }
            ordering.then(one.id.cmp(&other.id))
        });
        all
    }

    /// Asks as somebody and compares the page with the oracle's.
    pub(crate) async fn check(&self, desk: &Desk, world: &World, name: &str) -> Result<(), String> {
        let url = self.url();
        let expected = self.expected(world, desk.settings(), world.person(name));
        let answer = desk.get(name, &url).await;
        self.check_total(&format!("{name} GET {url}"), &answer, expected.len())?;
        let page = expected.iter().skip((self.page - 1) * self.size).take(self.size);
        let page: Vec<&str> = page.map(|it| it.uuid.as_str()).collect();
        if answer.status == 200 && answer.uuids() != page {
            return Err(format!("{name} GET {url}: {:?}, and not {page:?}", answer.uuids()));
        }
        Ok(())
    }

    /// The same for HEAD, which only counts.
    pub(crate) async fn check_count(
        &self,
        desk: &Desk,
        world: &World,
        name: &str,
    ) -> Result<(), String> {
        let url = self.url();
        let expected = self.expected(world, desk.settings(), world.person(name));
        let answer = desk.send(name, "HEAD", &url, &Value::Null).await;
        self.check_total(&format!("{name} HEAD {url}"), &answer, expected.len())
    }

    fn check_total(&self, what: &str, answer: &Answer, count: usize) -> Result<(), String> {
        let is_beyond = self.page > count.div_ceil(self.size).max(1);
        let expected = if is_beyond { (404, None) } else { (200, Some(count as u64)) };
        let found = (answer.status, answer.total);
        if found == expected {
            return Ok(());
        }
        Err(format!("{what}: {found:?}, and not {expected:?}"))
    }

    /// A record is retrieved if the same filters leave it.
    pub(crate) async fn check_record(
        &self,
        desk: &Desk,
        world: &World,
        name: &str,
        record: &Account,
    ) -> Result<(), String> {
        let url = self.address(&format!("{ACCOUNTS}{}/", record.uuid), false);
        let found = desk.get(name, &url).await.status;
        let is_wanted = self.wants(world, desk.settings(), world.person(name), record);
        let expected = if is_wanted { 200 } else { 404 };
        if found == expected {
            return Ok(());
        }
        Err(format!("{name} GET {url}: {found}, and not {expected}"))
    }
}
