use api::{QueryString, State};
use rusqlite::types::Value as Sql;

use crate::{
    access::visible_accounts,
    auth::User,
    error::{Error, Result},
    filters::{self, comma_separated, flag, given, moment, no_choice, uuid, uuid_of_link},
};

/// The part of the collection that a query asks for, as SQL (`contract.md` 2.3).
pub(super) struct Filter {
    pub(super) condition: String,
    pub(super) order: String,
    pub(super) parameters: Vec<Sql>,
}

impl Filter {
    pub(super) fn read(user: &User, query: &QueryString) -> Result<Self> {
        let mut filter = Self {
            condition: String::new(),
            order: order(query)?,
            parameters: vec![Sql::Integer(user.id)],
        };
        filter.condition = format!("?1 = ?1 AND {}", visible_accounts(user, "?1"));
        filter.places(query)?;
        filter.people(query)?;
        filter.states(query)?;
        filter.moments(query)?;
        filter.words(query);
        Ok(filter)
    }

    fn and(&mut self, condition: &str) {
        self.condition.push_str(" AND ");
        self.condition.push_str(condition);
    }

    /// Hands a value to SQL and gives back its name there.
    fn bind(&mut self, value: impl Into<Sql>) -> String {
        self.parameters.push(value.into());
        format!("?{}", self.parameters.len())
    }

    fn any_of(&mut self, column: &str, values: impl IntoIterator<Item = impl Into<Sql>>) {
        let names: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        self.and(&format!("{column} IN ({})", names.join(", ")));
    }

    fn places(&mut self, query: &QueryString) -> Result<()> {
        if let Some(url) = given(query, "offering") {
            // A link of ours ends in the uuid. Any other matches nothing.
            self.any_of("o.uuid", uuid_of_link(url));
        }
        if let Some(list) = given(query, "offering_uuid") {
            let uuids: Result<Vec<_>> =
                comma_separated(list).map(|it| uuid("offering_uuid", it)).collect();
            self.any_of("o.uuid", uuids?);
        }
        if let Some(list) = given(query, "offering_slug") {
            self.any_of("o.slug", comma_separated(list).map(str::to_owned));
        }
        if let Some(parent) = given(query, "parent_offering_uuid") {
            let parent = self.bind(uuid("parent_offering_uuid", parent)?);
            self.and(&format!("o.parent_id = (SELECT id FROM offerings WHERE uuid = {parent})"));
        }
        if let Some(provider) = given(query, "provider_uuid") {
            self.any_of("c.uuid", [uuid("provider_uuid", provider)?]);
        }
        Ok(())
    }

    fn people(&mut self, query: &QueryString) -> Result<()> {
        if let Some(user) = given(query, "user_uuid") {
            self.any_of("u.uuid", [uuid("user_uuid", user)?]);
        }
        if let Some(name) = given(query, "user_username") {
            let name = self.bind(name.to_lowercase());
            self.and(&format!("fold(u.username) = {name}"));
        }
        Ok(())
    }

    fn states(&mut self, query: &QueryString) -> Result<()> {
        let mut numbers = Vec::new();
        for label in query.all("state").filter(|it| !it.is_empty()) {
            let number = State::from_label(label).number();
            numbers.push(i64::from(number.ok_or_else(|| no_choice("state", label))?));
        }
        if !numbers.is_empty() {
            self.any_of("a.state", numbers);
        }
        let runtime: Vec<_> = query.all("runtime_state").filter(|it| !it.is_empty()).collect();
        if let Some(unknown) = runtime.iter().find(|it| !super::RUNTIME_STATES.contains(it)) {
            return Err(no_choice("runtime_state", unknown));
        }
        if !runtime.is_empty() {
            self.any_of("a.runtime_state", runtime.into_iter().map(str::to_owned));
        }
        if let Some(wanted) = flag(query, "is_restricted") {
            self.and(if wanted { "a.is_restricted" } else { "NOT a.is_restricted" });
        }
        if let Some(wanted) = flag(query, "has_consent") {
            self.and(if wanted { "k.id IS NOT NULL" } else { "k.id IS NULL" });
        }
        if let Some(wanted) = flag(query, "offering_has_active_tos") {
            self.and(if wanted { "t.id IS NOT NULL" } else { "t.id IS NULL" });
        }
        // Every profile here is complete.
        if flag(query, "has_complete_profile") == Some(false) {
            self.and("0");
        }
        Ok(())
    }

    fn moments(&mut self, query: &QueryString) -> Result<()> {
        for (key, comparison) in [
            ("created", "a.created >="),
            ("modified", "a.modified >="),
            ("created_before", "a.created <="),
            ("modified_before", "a.modified <="),
        ] {
            if let Some(text) = given(query, key) {
                let moment =
                    moment(text).ok_or_else(|| Error::field(key, "Enter a valid date/time."))?;
                let moment = self.bind(moment);
                self.and(&format!("{comparison} {moment}"));
            }
        }
        Ok(())
    }

    fn words(&mut self, query: &QueryString) {
        if let Some(words) = given(query, "query") {
            let words = self.bind(words.to_lowercase());
            let columns = ["o.name", "a.username", "u.first_name", "u.last_name", "u.username"];
            let hits = columns.map(|column| format!("instr(fold({column}), {words})"));
            self.and(&format!("({})", hits.join(" OR ")));
        }
    }
}

/// The columns to sort by. Accounts without a name come last, and equal ones in the order they
/// were made.
fn order(query: &QueryString) -> Result<String> {
    const COLUMNS: [(&str, &str); 5] = [
        ("username", "a.username {} NULLS LAST"),
        ("created", "a.created {}"),
        ("modified", "a.modified {}"),
        ("user_first_name", "u.first_name {}"),
        ("user_last_name", "u.last_name {}"),
    ];
    filters::order(query, "username", &COLUMNS, "a.id")
}
