use api::{QueryString, State};
use jiff::{Timestamp, civil, tz::TimeZone};
use rusqlite::{Connection, OptionalExtension, ToSql, params_from_iter, types::Value as Sql};

use crate::{
    Settings,
    access::sight,
    auth::User,
    call::hex,
    error::{Error, Result},
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
        wanted.consent_needed = Some(offerings(db, HAS_TERMS, NOTHING)?);
    }
    wanted.offerings = places(db, query)?;
    wanted.person = people(db, query)?;
    wanted.states = states(query)?;
    wanted.is_restricted = flag(query, "is_restricted");
    wanted.has_consent = flag(query, "has_consent");
    wanted.created = moments(query, "created")?;
    wanted.modified = moments(query, "modified")?;
    if settings.profile.is_new() {
        read_newer(db, query, &mut wanted)?;
    }
    if let Some(words) = given(query, "query") {
        let words = words.to_lowercase();
        let offerings = offerings(db, "instr(fold(o.name), ?1)", [&words])?;
        wanted.words = Some(roster.find(&words, offerings));
    }
    Ok(wanted)
}

const HAS_TERMS: &str = "EXISTS (SELECT 1 FROM terms t WHERE t.offering_id = o.id AND t.is_active)";

/// No parameters.
const NOTHING: [&str; 0] = [];

/// What older servers ignore.
fn read_newer(db: &Connection, query: &QueryString, wanted: &mut Wanted) -> Result<()> {
    let (created, modified) =
        (moment_of(query, "created_before")?, moment_of(query, "modified_before")?);
    wanted.created = *wanted.created.start()..=created.unwrap_or(i64::MAX);
    wanted.modified = *wanted.modified.start()..=modified.unwrap_or(i64::MAX);
    wanted.runtime_states = runtime_states(query)?;
    if let Some(has_terms) = flag(query, "offering_has_active_tos") {
        let condition = if has_terms { HAS_TERMS.to_owned() } else { format!("NOT {HAS_TERMS}") };
        wanted.narrow(offerings(db, &condition, NOTHING)?);
    }
    // Every profile here is complete.
    if flag(query, "has_complete_profile") == Some(false) {
        wanted.narrow(Bits::default());
    }
    Ok(())
}

/// The offerings that satisfy a condition on `offerings o JOIN customers c`.
fn offerings<P: ToSql>(
    db: &Connection,
    condition: &str,
    parameters: impl IntoIterator<Item = P>,
) -> Result<Bits> {
    let sql = format!(
        "SELECT o.id FROM offerings o JOIN customers c ON c.id = o.customer_id WHERE {condition}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let keys = statement.query_map(params_from_iter(parameters), |row| row.get(0))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}

fn places(db: &Connection, query: &QueryString) -> Result<Option<Bits>> {
    let mut conditions = Vec::new();
    let mut parameters: Vec<Sql> = Vec::new();
    let mut any_of = |column: &str, values: Vec<String>| {
        let names: Vec<String> =
            (1..=values.len()).map(|place| format!("?{}", parameters.len() + place)).collect();
        conditions.push(format!("{column} IN ({})", names.join(", ")));
        parameters.extend(values.into_iter().map(Sql::Text));
    };
    if let Some(url) = given(query, "offering") {
        // A link of ours ends in the uuid. Any other matches nothing.
        let uuid = url.trim_end_matches('/').rsplit('/').next().and_then(hex);
        any_of("o.uuid", uuid.into_iter().collect());
    }
    if let Some(list) = given(query, "offering_uuid") {
        let uuids: Result<_> = comma_separated(list).map(|it| uuid("offering_uuid", it)).collect();
        any_of("o.uuid", uuids?);
    }
    if let Some(list) = given(query, "offering_slug") {
        any_of("o.slug", comma_separated(list).map(str::to_owned).collect());
    }
    if let Some(parent) = given(query, "parent_offering_uuid") {
        let parent = uuid("parent_offering_uuid", parent)?;
        any_of("(SELECT p.uuid FROM offerings p WHERE p.id = o.parent_id)", vec![parent]);
    }
    if let Some(provider) = given(query, "provider_uuid") {
        any_of("c.uuid", vec![uuid("provider_uuid", provider)?]);
    }
    if conditions.is_empty() {
        return Ok(None);
    }
    offerings(db, &conditions.join(" AND "), parameters).map(Some)
}

fn people(db: &Connection, query: &QueryString) -> Result<Option<u32>> {
    const NOBODY: u32 = 0;
    let find = |column: &str, value: &str| -> Result<_> {
        let sql = format!("SELECT id FROM users WHERE {column} = ?1");
        let found = db.prepare_cached(&sql)?.query_row([value], |row| row.get(0)).optional()?;
        Ok(Some(found.unwrap_or(NOBODY)))
    };
    let by_uuid = match given(query, "user_uuid") {
        Some(user) => find("uuid", &uuid("user_uuid", user)?)?,
        None => None,
    };
    let by_name = match given(query, "user_username") {
        Some(name) => find("username", name)?,
        None => None,
    };
    Ok(match (by_uuid, by_name) {
        (Some(one), Some(other)) if one != other => Some(NOBODY),
        (one, other) => one.or(other),
    })
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
fn moments(query: &QueryString, key: &str) -> Result<std::ops::RangeInclusive<i64>> {
    Ok(moment_of(query, key)?.unwrap_or(i64::MIN)..=i64::MAX)
}

fn moment_of(query: &QueryString, key: &str) -> Result<Option<i64>> {
    let Some(text) = given(query, key) else { return Ok(None) };
    let moment = moment(text).ok_or_else(|| Error::field(key, "Enter a valid date/time."))?;
    Ok(Some(moment.as_microsecond()))
}

fn given<'a>(query: &'a QueryString, key: &'a str) -> Option<&'a str> {
    query.last(key).filter(|it| !it.is_empty())
}

fn flag(query: &QueryString, key: &str) -> Option<bool> {
    match given(query, key)?.to_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn comma_separated(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|it| !it.is_empty())
}

fn uuid(key: &str, text: &str) -> Result<String> {
    hex(text).ok_or_else(|| Error::field(key, "Enter a valid UUID."))
}

fn no_choice(key: &str, value: &str) -> Error {
    let message = format!("Select a valid choice. {value} is not one of the available choices.");
    Error::field(key, message)
}

/// A date or a moment. Without a zone it is UTC.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: civil::DateTime = text.parse().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
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
        directions.push(Direction { key, descending });
    }
    let mut directions = directions.into_iter();
    let first = directions.next().unwrap_or(Direction { key: Key::Username, descending: false });
    Ok(Sorting { first, then: directions.collect() })
}
