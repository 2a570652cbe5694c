use rusqlite::Connection;

use super::{Bits, order::sorted_part, slot};
use crate::error::Result;

/// A column, and whether the largest comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PersonKey {
    pub(crate) column: PersonColumn,
    pub(crate) descending: bool,
}

/// What people can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PersonColumn {
    FirstName,
    LastName,
    Username,
    Email,
}

impl PersonColumn {
    /// Everybody with each column, in its order. The database compares, since it minds small and
    /// capital letters, which the texts of the roster do not. It has an index for all but the last.
    const SORTED: [&str; 4] = [
        "SELECT id, first_name FROM users ORDER BY first_name",
        "SELECT id, last_name FROM users ORDER BY last_name",
        "SELECT id, username FROM users ORDER BY username",
        "SELECT id, email FROM users ORDER BY email",
    ];
}

/// Where people stand by each column: the rank by the person's key. Equals share a rank.
#[derive(Default)]
pub(super) struct Ranks([Vec<u32>; PersonColumn::SORTED.len()]);

impl Ranks {
    pub(super) fn load(db: &Connection) -> Result<Self> {
        let last: usize =
            db.query_row("SELECT coalesce(max(id), 0) FROM users", [], |row| row.get(0))?;
        let mut ranks = Self::default();
        for (sql, ranks) in PersonColumn::SORTED.iter().zip(&mut ranks.0) {
            ranks.reserve_exact(last + 1);
            let mut statement = db.prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut rank = 0;
            let mut before = String::new();
            while let Some(row) = rows.next()? {
                let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                if text != before {
                    rank += 1;
                    text.clone_into(&mut before);
                }
                *slot(ranks, row.get(0)?) = rank;
            }
        }
        Ok(ranks)
    }

    /// A part of some people in an order; equals by their keys.
    pub(super) fn window(
        &self,
        people: &Bits,
        by: &[PersonKey],
        offset: usize,
        limit: usize,
    ) -> Vec<u32> {
        let rank = |person: u32, by: &PersonKey| {
            let rank = self.0[by.column as usize].get(person as usize).copied().unwrap_or_default();
            if by.descending { !rank } else { rank }
        };
        let people = people.keys().map(|it| (by.first().map(|by| rank(it, by)), it)).collect();
        let window = sorted_part(people, offset, limit, |left, right| {
            let rest = || {
                let mut decided =
                    by.iter().skip(1).map(|by| rank(left.1, by).cmp(&rank(right.1, by)));
                decided.find(|it| it.is_ne()).unwrap_or_else(|| left.1.cmp(&right.1))
            };
            left.0.cmp(&right.0).then_with(rest)
        });
        window.into_iter().map(|(_, person)| person).collect()
    }
}
