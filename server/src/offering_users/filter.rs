//! Which accounts a list has, and in which order.

use std::ops::RangeInclusive;

use api::{QueryString, State};
use rusqlite::{Connection, params_from_iter};

use crate::{
    Settings,
    access::sight,
    auth::User,
    error::Result,
    filters::{Condition, comma_separated, flag, given, moment, no_choice, uuid},
    fold::fold,
    roster::{Bits, Direction, Key, RUNTIME_STATES, Roster, Sorting, Wanted},
};

/// Which accounts a query asks for, among those that a person sees (`contract.md` 2.3).
pub(super) fn wanted(
    db: &Connection,
    roster: &Roster,
    user: &User,
    settings: Settings,
    query: &QueryString,
) -> Result<Wanted> {
    let mut wanted = Wanted::all(sight(db, user)?);
    if settings.enforce_consent && !user.is_staff && !user.is_support {
        wanted.consent_needed = Some(offerings(db, &HAS_TERMS.into())?);
    }
    wanted.offerings = places(db, query)?;
    wanted.people = people(db, roster, query)?;
    wanted.states = states(query)?;
    wanted.is_restricted = flag(query, "is_restricted");
    wanted.has_consent = flag(query, "has_consent");
    wanted.created = since(query, "created")?;
    wanted.modified = since(query, "modified")?;
    if settings.profile.is_new() {
        read_newer(db, query, &mut wanted)?;
    }
    if let Some(words) = given(query, "query") {
        let mut named = Condition::from("1");
        let text = named.bind(fold(words));
        named.and(&format!("instr(fold(o.name), {text})"));
        let offerings = offerings(db, &named)?;
        wanted.words = Some(roster.find(words, offerings));
    }
    Ok(wanted)
}

const HAS_TERMS: &str = "EXISTS (SELECT 1 FROM terms t WHERE t.offering_id = o.id AND t.is_active)";

/// What older servers ignore.
fn read_newer(db: &Connection, query: &QueryString, wanted: &mut Wanted) -> Result<()> {
    wanted.created = until(&wanted.created, query, "created_before")?;
    wanted.modified = until(&wanted.modified, query, "modified_before")?;
    wanted.runtime_states = runtime_states(query)?;
    if let Some(has_terms) = flag(query, "offering_has_active_tos") {
        let condition = format!("{HAS_TERMS} = {}", u8::from(has_terms));
        wanted.narrow(offerings(db, &condition.as_str().into())?);
    }
    // Every profile here is complete.
    if flag(query, "has_complete_profile") == Some(false) {
        wanted.narrow(Bits::default());
    }
    Ok(())
}

/// The offerings that satisfy a condition on `offerings o JOIN customers c`.
fn offerings(db: &Connection, condition: &Condition) -> Result<Bits> {
    let sql = format!(
        "SELECT o.id FROM offerings o JOIN customers c ON c.id = o.customer_id WHERE {}",
        condition.text
    );
    let mut statement = db.prepare_cached(&sql)?;
    let parameters = params_from_iter(&condition.parameters);
    let keys = statement.query_map(parameters, |row| row.get(0))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}

fn places(db: &Connection, query: &QueryString) -> Result<Option<Bits>> {
    const KEYS: [&str; 5] =
        ["offering", "offering_uuid", "offering_slug", "parent_offering_uuid", "provider_uuid"];
    if KEYS.iter().all(|key| given(query, key).is_none()) {
        return Ok(None);
    }
    let mut condition = Condition::from("1");
    condition.link(query, "offering", "o.uuid");
    condition.uuids(query, "offering_uuid", "o.uuid")?;
    if let Some(list) = given(query, "offering_slug") {
        condition.any_of("o.slug", comma_separated(list).map(str::to_owned));
    }
    if let Some(parent) = given(query, "parent_offering_uuid") {
        let parent = condition.bind(uuid("parent_offering_uuid", parent)?);
        condition.and(&format!("o.parent_id = (SELECT id FROM offerings WHERE uuid = {parent})"));
    }
    condition.by_uuid(query, "provider_uuid", "c.uuid")?;
    offerings(db, &condition).map(Some)
}

fn people(db: &Connection, roster: &Roster, query: &QueryString) -> Result<Option<Bits>> {
    let mut people = None;
    if let Some(user) = given(query, "user_uuid") {
        let mut statement = db.prepare_cached("SELECT id FROM users WHERE uuid = ?1")?;
        let keys = statement.query_map([uuid("user_uuid", user)?], |row| row.get(0))?;
        people = Some(keys.collect::<rusqlite::Result<Bits>>()?);
    }
    if let Some(name) = given(query, "user_username") {
        let named = roster.find_user_names(name);
        match &mut people {
            Some(people) => people.intersect(&named),
            None => people = Some(named),
        }
    }
    Ok(people)
}

fn states(query: &QueryString) -> Result<Option<u16>> {
    let mut bits = None;
    for label in query.all("state").filter(|it| !it.is_empty()) {
        let number = State::from_label(label).number().ok_or_else(|| no_choice("state", label))?;
        *bits.get_or_insert(0) |= 1 << number;
    }
    Ok(bits)
}

fn runtime_states(query: &QueryString) -> Result<Option<u8>> {
    let mut bits = None;
    for label in query.all("runtime_state").filter(|it| !it.is_empty()) {
        let place = RUNTIME_STATES.iter().position(|it| *it == label);
        let place = place.ok_or_else(|| no_choice("runtime_state", label))?;
        *bits.get_or_insert(0) |= 1 << place;
    }
    Ok(bits)
}

/// From the moment under `key` on.
fn since(query: &QueryString, key: &str) -> Result<RangeInclusive<i64>> {
    let moment = moment(query, key)?;
    Ok(moment.map_or(i64::MIN, |it| it.as_microsecond())..=i64::MAX)
}

/// A range that ends with the moment under `key`.
fn until(
    range: &RangeInclusive<i64>,
    query: &QueryString,
    key: &str,
) -> Result<RangeInclusive<i64>> {
    let moment = moment(query, key)?;
    Ok(*range.start()..=moment.map_or(i64::MAX, |it| it.as_microsecond()))
}

/// What to sort by. Equals come in the order they were made.
pub(super) fn sorting(query: &QueryString, settings: Settings) -> Result<Sorting> {
    let asked = given(query, "o").unwrap_or("username");
    let mut directions = Vec::new();
    for text in comma_separated(asked) {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let key = match name {
            "username" => Key::Username,
            "created" => Key::Created,
            "modified" => Key::Modified,
            "user_first_name" if settings.profile.is_new() => Key::FirstName,
            "user_last_name" if settings.profile.is_new() => Key::LastName,
            _ => return Err(no_choice("o", text)),
        };
        // Named again, it decides nothing any more.
        if directions.iter().all(|it: &Direction| it.key != key) {
            directions.push(Direction { key, descending });
        }
    }
    let mut directions = directions.into_iter();
    let first = directions.next().unwrap_or(Direction { key: Key::Username, descending: false });
    Ok(Sorting { first, then: directions.collect() })
}
