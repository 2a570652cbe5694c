//! All rows as the database has them, and the rules in plain words: an oracle for lists.

use std::collections::{BTreeMap, BTreeSet};

use purser::Settings;
use rusqlite::{Connection, Row};

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) person: i64,
    pub(crate) offering: i64,
    pub(crate) username: Option<String>,
    pub(crate) state: u8,
    pub(crate) runtime_state: String,
    pub(crate) is_restricted: bool,
    pub(crate) created: String,
    pub(crate) modified: String,
}

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    sees_all: bool,
}

#[derive(Debug)]
pub(crate) struct Offering {
    pub(crate) uuid: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) customer: i64,
    pub(crate) parent: Option<i64>,
    is_open: bool,
}

/// A role of a person on one thing.
struct Membership {
    person: i64,
    customer: Option<i64>,
    project: Option<i64>,
    offering: Option<i64>,
}

/// Everything that lists depend on.
pub(crate) struct World {
    pub(crate) accounts: Vec<Account>,
    pub(crate) people: BTreeMap<i64, Person>,
    pub(crate) offerings: BTreeMap<i64, Offering>,
    /// Organisations by key, with their uuids.
    pub(crate) customers: BTreeMap<i64, String>,
    /// Person and offering of the consents that were not revoked.
    pub(crate) consents: BTreeSet<(i64, i64)>,
    /// Offerings with terms in force.
    pub(crate) terms: BTreeSet<i64>,
    /// Projects by key, with their organisations.
    projects: BTreeMap<i64, i64>,
    memberships: Vec<Membership>,
    customer_groups: BTreeSet<(i64, String)>,
    offering_groups: BTreeSet<(i64, String)>,
    sources: BTreeSet<(i64, String)>,
    managed: BTreeSet<(i64, String)>,
}

impl World {
    pub(crate) fn read(db: &Connection) -> Self {
        Self {
            accounts: all(db, "SELECT * FROM offering_users ORDER BY id", |row| {
                Ok(Account {
                    id: row.get("id")?,
                    uuid: row.get("uuid")?,
                    person: row.get("user_id")?,
                    offering: row.get("offering_id")?,
                    username: row.get("username")?,
                    state: row.get("state")?,
                    runtime_state: row.get("runtime_state")?,
                    is_restricted: row.get("is_restricted")?,
                    created: row.get("created")?,
                    modified: row.get("modified")?,
                })
            }),
            people: all(db, "SELECT * FROM users", |row| {
                let sees_all = row.get::<_, bool>("is_staff")? || row.get("is_support")?;
                let id = row.get("id")?;
                let person = Person {
                    id,
                    uuid: row.get("uuid")?,
                    username: row.get("username")?,
                    first_name: row.get("first_name")?,
                    last_name: row.get("last_name")?,
                    sees_all,
                };
                Ok((id, person))
            }),
            offerings: all(db, "SELECT * FROM offerings", |row| {
                let offering = Offering {
                    uuid: row.get("uuid")?,
                    slug: row.get("slug")?,
                    name: row.get("name")?,
                    customer: row.get("customer_id")?,
                    parent: row.get("parent_id")?,
                    is_open: row.get("provider_can_create_users")?,
                };
                Ok((row.get("id")?, offering))
            }),
            customers: all(db, "SELECT id, uuid FROM customers", pair),
            consents: all(
                db,
                "SELECT user_id, offering_id FROM consents WHERE revocation_date IS NULL",
                pair,
            ),
            terms: all(db, "SELECT offering_id FROM terms WHERE is_active", |row| row.get(0)),
            projects: all(db, "SELECT id, customer_id FROM projects", pair),
            memberships: all(db, "SELECT * FROM memberships", |row| {
                Ok(Membership {
                    person: row.get("user_id")?,
                    customer: row.get("customer_id")?,
                    project: row.get("project_id")?,
                    offering: row.get("offering_id")?,
                })
            }),
            customer_groups: all(db, "SELECT customer_id, name FROM customer_groups", pair),
            offering_groups: all(db, "SELECT offering_id, name FROM offering_groups", pair),
            sources: all(db, "SELECT user_id, source FROM identity_sources", pair),
            managed: all(db, "SELECT user_id, source FROM managed_sources", pair),
        }
    }

    pub(crate) fn person(&self, username: &str) -> &Person {
        let person = self.people.values().find(|it| it.username == username);
        person.unwrap_or_else(|| panic!("nobody is called {username}"))
    }

    pub(crate) fn account(&self, uuid: &str) -> Option<&Account> {
        self.accounts.iter().find(|it| it.uuid == uuid)
    }

    /// Which records a person sees (`contract.md` 4.2).
    pub(crate) fn sees(&self, viewer: &Person, account: &Account) -> bool {
        let offering = &self.offerings[&account.offering];
        if viewer.sees_all {
            return true;
        }
        if !offering.is_open {
            return false;
        }
        let customers = self.customers_of(viewer.id);
        let with_projects: BTreeSet<i64> = customers
            .iter()
            .copied()
            .chain(self.projects_of(viewer.id).iter().map(|it| self.projects[it]))
            .collect();
        let reaches = with_projects.contains(&offering.customer)
            || self.share_a_group(account.offering, &with_projects);
        account.person == viewer.id
            || ((customers.contains(&offering.customer) || self.knows(viewer.id, account.person))
                && reaches)
            || self.roles_of(viewer.id).any(|it| it.offering == Some(account.offering))
            || self.manages(viewer.id, account.person)
    }

    fn roles_of(&self, person: i64) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(move |it| it.person == person)
    }

    fn customers_of(&self, person: i64) -> BTreeSet<i64> {
        self.roles_of(person).filter_map(|it| it.customer).collect()
    }

    fn projects_of(&self, person: i64) -> BTreeSet<i64> {
        self.roles_of(person).filter_map(|it| it.project).collect()
    }

    /// They share an organisation or a project; who belongs to an organisation knows all of its
    /// projects' people.
    fn knows(&self, viewer: i64, person: i64) -> bool {
        let customers = self.customers_of(viewer);
        let mut projects = self.projects_of(viewer);
        projects.extend(
            self.projects
                .iter()
                .filter(|(_, it)| customers.contains(it))
                .map(|(project, _)| project),
        );
        !customers.is_disjoint(&self.customers_of(person))
            || !projects.is_disjoint(&self.projects_of(person))
    }

    fn share_a_group(&self, offering: i64, customers: &BTreeSet<i64>) -> bool {
        self.offering_groups.iter().filter(|(it, _)| *it == offering).any(|(_, name)| {
            customers.iter().any(|it| self.customer_groups.contains(&(*it, name.clone())))
        })
    }

    fn manages(&self, viewer: i64, person: i64) -> bool {
        let managed = self.managed.iter().filter(|(it, _)| *it == viewer);
        managed.into_iter().any(|(_, source)| self.sources.contains(&(person, source.clone())))
    }

    pub(crate) fn has_consent(&self, account: &Account) -> bool {
        self.consents.contains(&(account.person, account.offering))
    }

    /// Person and offering of consents without an account.
    pub(crate) fn consents_alone(&self) -> impl Iterator<Item = (i64, i64)> {
        let is_alone = |(person, offering): &(i64, i64)| {
            !self.accounts.iter().any(|it| (it.person, it.offering) == (*person, *offering))
        };
        self.consents.iter().copied().filter(is_alone)
    }

    /// What a person may list and retrieve: where consent is enforced, less than they see
    /// (`contract.md` 4.2).
    pub(crate) fn lists(&self, settings: Settings, viewer: &Person, account: &Account) -> bool {
        let is_hidden = settings.enforce_consent
            && !viewer.sees_all
            && viewer.id != account.person
            && self.terms.contains(&account.offering)
            && !self.has_consent(account);
        self.sees(viewer, account) && !is_hidden
    }
}

fn all<T, C: FromIterator<T>>(
    db: &Connection,
    sql: &str,
    read: impl Fn(&Row) -> rusqlite::Result<T>,
) -> C {
    let mut statement = db.prepare_cached(sql).expect(sql);
    let rows = statement.query_map([], |row| read(row)).expect(sql);
    rows.collect::<rusqlite::Result<C>>().expect(sql)
}

fn pair<A: rusqlite::types::FromSql, B: rusqlite::types::FromSql>(
    row: &Row,
) -> rusqlite::Result<(A, B)> {
    Ok((row.get(0)?, row.get(1)?))
}
