//! The state of the table, which is its address. The parameters are the server's own, so an address
//! can be read aloud to somebody who knows the API; parameters that are none of ours stay.

use api::{OfferingId, OfferingUserFilter, QueryString, State, UserId};

use crate::path::Path;

/// Rows on a page where the address does not say.
const PAGE_SIZE: u64 = 25;

/// What the address says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    parameters: QueryString,
    /// What the server is asked.
    pub(super) filter: OfferingUserFilter,
}

impl Query {
    /// Reads the part of an address behind the `?`.
    pub(super) fn read(search: &str) -> Self {
        Self::of(QueryString::parse(search))
    }

    fn of(parameters: QueryString) -> Self {
        let mut filter = OfferingUserFilter::read(&parameters);
        filter.page_size = Some(filter.page_size.unwrap_or(PAGE_SIZE).min(300));
        Self { parameters, filter }
    }

    /// The address of this state.
    pub(super) fn address(&self) -> String {
        self.parameters.address(&Path::Accounts.to_string())
    }

    /// The same with other values of a parameter, from the first page.
    fn with(&self, key: &str, values: impl IntoIterator<Item = String>) -> Self {
        let mut parameters = self.parameters.clone();
        parameters.remove(key);
        parameters.remove("page");
        for value in values {
            parameters.push(key, value);
        }
        Self::of(parameters)
    }

    /// Searches for a text.
    pub(super) fn searching(&self, text: &str) -> Self {
        let text = text.trim();
        self.with("query", (!text.is_empty()).then(|| text.to_owned()))
    }

    /// Adds a state to those that are shown, or takes it away.
    pub(super) fn toggled(&self, state: &State) -> Self {
        let mut states = self.filter.state.clone();
        match states.iter().position(|it| it == state) {
            Some(at) => {
                states.remove(at);
            }
            None => states.push(state.clone()),
        }
        self.with("state", states.iter().map(ToString::to_string))
    }

    /// Shows one offering, or all.
    pub(super) fn at_offering(&self, offering: Option<OfferingId>) -> Self {
        self.with("offering_uuid", offering.map(|it| it.to_string()))
    }

    /// Whether the table is sorted by this key, and then whether descending.
    pub(super) fn order_of(&self, key: &str) -> Option<bool> {
        let order = self.filter.o.as_deref()?;
        match order.strip_prefix('-') {
            Some(order) => (order == key).then_some(true),
            None => (order == key).then_some(false),
        }
    }

    /// Sorts by this key: up, then down, then as the server likes.
    pub(super) fn sorted_by(&self, key: &str) -> Self {
        let order = match self.order_of(key) {
            None => Some(key.to_owned()),
            Some(false) => Some(format!("-{key}")),
            Some(true) => None,
        };
        self.with("o", order)
    }

    /// Which page this is, from 1, and how many rows a page has.
    pub(super) fn window(&self) -> (u64, u64) {
        (self.filter.page.unwrap_or(1), self.filter.page_size.unwrap_or(PAGE_SIZE))
    }

    /// Another page of the same.
    pub(super) fn at_page(&self, page: u64) -> Self {
        let mut parameters = self.parameters.clone();
        parameters.remove("page");
        if page > 1 {
            parameters.push("page", page.to_string());
        }
        Self::of(parameters)
    }

    /// Whether anything narrows the table beyond whose accounts they are.
    pub(super) fn is_filtered(&self) -> bool {
        let unfiltered = OfferingUserFilter {
            user_uuid: self.filter.user_uuid,
            o: self.filter.o.clone(),
            page: self.filter.page,
            page_size: self.filter.page_size,
            ..OfferingUserFilter::default()
        };
        self.filter != unfiltered
    }

    /// The same without anything that narrows it.
    pub(super) fn without_filters(&self) -> Self {
        let mut parameters = QueryString::default();
        for (key, value) in self.parameters.pairs() {
            if matches!(key.as_str(), "user_uuid" | "o" | "page_size") {
                parameters.push(key, value.clone());
            }
        }
        Self::of(parameters)
    }

    /// Whether the table shows the accounts of this person only.
    pub(super) fn is_only(&self, user: &UserId) -> bool {
        self.filter.user_uuid.as_ref() == Some(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn each_control_changes_its_parameter_and_goes_to_the_first_page() {
        let query = Query::read("?state=OK&page=3&utm=x");
        let addresses = [
            query.searching("  ada & co "),
            query.toggled(&State::Creating),
            query.toggled(&State::Ok),
            query.sorted_by("username"),
            query.sorted_by("username").sorted_by("username"),
            query.at_page(4),
            query.at_page(1),
            query.without_filters(),
        ];
        expect![[r#"
            /accounts?state=OK&utm=x&query=ada%20%26%20co
            /accounts?utm=x&state=OK&state=Creating
            /accounts?utm=x
            /accounts?state=OK&utm=x&o=username
            /accounts?state=OK&utm=x&o=-username
            /accounts?state=OK&utm=x&page=4
            /accounts?state=OK&utm=x
            /accounts"#]]
        .assert_eq(&addresses.map(|it| it.address()).join("\n"));
    }

    #[test]
    fn hostile_parameters_do_nothing() {
        let query =
            Query::read("?page=-1&page_size=99999&state=%3Cscript%3E&offering_uuid=x&user_uuid=y");
        assert_eq!(query.window(), (1, 300));
        assert!(!query.is_filtered());
    }

    #[test]
    fn a_person_s_own_table_is_not_filtered() {
        let query = Query::read("?user_uuid=00000000000000000000000000000001&o=-created");
        assert!(!query.is_filtered());
        assert!(Query::read("?query=a").is_filtered());
    }
}
