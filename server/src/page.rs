//! Collections, a page at a time (`contract.md` 1.2).

use std::str::FromStr;

use api::QueryString;
use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use rusqlite::{Connection, Row, params_from_iter, types::Value as Sql};
use serde::Serialize;
use serde_json::Value;

use crate::{
    call::Call,
    error::{Error, Result},
};

/// A collection, as SQL: what its rows are made of, which of them belong to it, and their order.
pub(crate) struct Collection<'a> {
    pub(crate) columns: &'a str,
    pub(crate) tables: &'a str,
    pub(crate) condition: &'a str,
    pub(crate) order: &'a str,
    pub(crate) parameters: &'a [Sql],
}

impl Collection<'_> {
    /// Answers with the page that is asked for, each row as `show` makes it.
    pub(crate) fn respond(
        &self,
        db: &Connection,
        call: &Call,
        show: impl Fn(&Row) -> rusqlite::Result<Value>,
    ) -> Result<Response> {
        let Self { columns, tables, condition, order, parameters } = *self;
        let paging = Paging::read(&call.query)?;
        let sql = format!("SELECT count(*) FROM {tables} WHERE {condition}");
        let mut count = db.prepare_cached(&sql)?;
        let total = count.query_row(params_from_iter(parameters), |row| row.get(0))?;
        let (limit, offset) = paging.window(total)?;
        let sql = format!(
            "SELECT {columns} FROM {tables} WHERE {condition} ORDER BY {order} \
             LIMIT {limit} OFFSET {offset}"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(parameters), show)?;
        paging.respond(call, total, rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Which part of a collection is asked for (`contract.md` 1.2).
#[derive(Clone, Copy)]
pub(crate) struct Paging {
    page: u64,
    size: u64,
}

impl Paging {
    const DEFAULT_SIZE: u64 = 10;
    const LARGEST_SIZE: u64 = 300;

    pub(crate) fn read(query: &QueryString) -> Result<Self> {
        let size = positive(query.last("page_size")).unwrap_or(Self::DEFAULT_SIZE);
        let page = match query.last("page") {
            None | Some("") => 1,
            given => positive(given).ok_or(Error::NoSuchPage)?,
        };
        Ok(Self { page, size: size.min(Self::LARGEST_SIZE) })
    }

    /// `LIMIT` and `OFFSET`, once it is known that the page exists. The first always does.
    pub(crate) fn window(self, total: u64) -> Result<(u64, u64)> {
        if self.page > self.last(total) {
            return Err(Error::NoSuchPage);
        }
        Ok((self.size, (self.page - 1) * self.size))
    }

    fn last(self, total: u64) -> u64 {
        total.div_ceil(self.size).max(1)
    }

    /// The answer: the rows as a plain array, the rest in headers.
    pub(crate) fn respond<T: Serialize>(
        self,
        call: &Call,
        total: u64,
        rows: Vec<T>,
    ) -> Result<Response> {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-result-count"), HeaderValue::from(total));
        let last = self.last(total);
        let mut links = vec![self.link(call, 1, "first")];
        if self.page > 1 {
            links.push(self.link(call, self.page - 1, "prev"));
        }
        if self.page < last {
            links.push(self.link(call, self.page + 1, "next"));
        }
        links.push(self.link(call, last, "last"));
        let links = HeaderValue::from_str(&links.join(", "))
            .map_err(|error| Error::Internal(error.to_string()))?;
        headers.insert(header::LINK, links);
        if !call.selects() {
            return Ok((headers, Json(rows)).into_response());
        }
        let rows = rows.into_iter().map(|row| call.show(row)).collect::<Result<Vec<_>>>()?;
        Ok((headers, Json(rows)).into_response())
    }

    fn link(self, call: &Call, page: u64, relation: &str) -> String {
        let mut query = call.query.clone();
        query.remove("page");
        if page > 1 {
            query.push("page", page.to_string());
        }
        let address = query.address(&format!("{}{}", call.origin, call.path));
        format!("<{address}>; rel=\"{relation}\"")
    }
}

/// Whether a page comes sooner by going through all rows in their order until it is full, and not by
/// sorting the rows that belong to the collection. Those lie about evenly among all, so that the way
/// to the last row of the page, which is the `end`th of the collection, passes `end * all / total`
/// rows; sorting looks at `total`.
pub(crate) fn is_dense(end: u64, total: u64, all: u64) -> bool {
    u128::from(end) * u128::from(all) < u128::from(total) * u128::from(total)
}

fn positive(text: Option<&str>) -> Option<u64> {
    u64::from_str(text?).ok().filter(|number| (1..=u64::from(u32::MAX)).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_gone_through_for_an_early_page_of_many() {
        assert!(is_dense(10, 500_000, 1_000_000));
        assert!(!is_dense(10, 100, 1_000_000));
        assert!(!is_dense(500_000, 500_000, 1_000_000));
    }
}
