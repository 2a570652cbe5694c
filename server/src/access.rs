//! Who sees what, and who may do what (`contract.md` 4).

use rusqlite::{Connection, OptionalExtension};

use crate::{
    auth::User,
    error::{Error, Result},
    roster::{Bits, Sight},
};

/// What a role can allow, first of all with accounts. The texts are Waldur's.
#[derive(Clone, Copy)]
pub(crate) enum Permission {
    CreateUser,
    UpdateUser,
    DeleteUser,
    UpdateOffering,
    UpdateOfferingOptions,
    ListCustomers,
    SetUsernames,
}

impl Permission {
    fn name(self) -> &'static str {
        match self {
            Self::CreateUser => "OFFERING.CREATE_USER",
            Self::UpdateUser => "OFFERING.UPDATE_USER",
            Self::DeleteUser => "OFFERING.DELETE_USER",
            Self::UpdateOffering => "OFFERING.UPDATE",
            Self::UpdateOfferingOptions => "OFFERING.UPDATE_OPTIONS",
            Self::ListCustomers => "SERVICE_PROVIDER.LIST_CUSTOMERS",
            Self::SetUsernames => "SERVICE_PROVIDER.SET_OFFERINGS_USERNAME",
        }
    }
}

/// A condition on `offering_users a JOIN offerings o` that leaves the accounts a person sees
/// (`contract.md` 4.2). `parameter` is how SQL names the person's id.
pub(crate) fn visible_accounts(user: &User, parameter: &str) -> String {
    if user.is_staff || user.is_support {
        return "1".to_owned();
    }
    format!(
        "o.provider_can_create_users AND (a.user_id = {parameter} OR {} \
         OR ({} AND a.user_id IN ({})) OR a.user_id IN ({}))",
        provided_offerings(user, parameter),
        reached_offerings(parameter),
        known_people(parameter),
        managed_people(parameter),
    )
}

/// A condition on `offerings o` that leaves the offerings a person provides: those of their
/// organisations, and those on which they have a role.
pub(crate) fn provided_offerings(user: &User, parameter: &str) -> String {
    if user.is_staff || user.is_support {
        return "1".to_owned();
    }
    format!(
        "EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = {parameter} \
         AND (m.customer_id = o.customer_id OR m.offering_id = o.id))"
    )
}

/// A condition on `offerings o` that leaves those of the organisations of a person's projects, and
/// those that share a group with one of the person's organisations.
fn reached_offerings(parameter: &str) -> String {
    format!(
        "(o.customer_id IN (SELECT p.customer_id FROM memberships m \
           JOIN projects p ON p.id = m.project_id WHERE m.user_id = {parameter}) \
         OR EXISTS (SELECT 1 FROM offering_groups g JOIN customer_groups h ON h.name = g.name \
           WHERE g.offering_id = o.id AND h.customer_id IN ({})))",
        own_customers(parameter)
    )
}

/// The organisations in which a person has a role, or a project.
fn own_customers(parameter: &str) -> String {
    format!(
        "SELECT coalesce(m.customer_id, p.customer_id) FROM memberships m \
         LEFT JOIN projects p ON p.id = m.project_id WHERE m.user_id = {parameter} \
         AND m.offering_id IS NULL"
    )
}

/// The people who have a role in an organisation or a project of a person.
fn known_people(parameter: &str) -> String {
    format!(
        "SELECT n.user_id FROM memberships m JOIN memberships n ON n.customer_id = m.customer_id \
           WHERE m.user_id = {parameter} \
         UNION SELECT n.user_id FROM memberships m JOIN projects p ON p.customer_id = m.customer_id \
           JOIN memberships n ON n.project_id = p.id WHERE m.user_id = {parameter} \
         UNION SELECT n.user_id FROM memberships m JOIN memberships n ON n.project_id = m.project_id \
           WHERE m.user_id = {parameter}"
    )
}

/// The people with an identity from a source that a person manages.
fn managed_people(parameter: &str) -> String {
    format!(
        "SELECT s.user_id FROM managed_sources g JOIN identity_sources s ON s.source = g.source \
         WHERE g.user_id = {parameter}"
    )
}

/// The same as [`visible_accounts`], for the roster.
pub(crate) fn sight(db: &Connection, user: &User) -> Result<Sight> {
    if user.is_staff || user.is_support {
        return Ok(Sight::Everything);
    }
    let keys = |sql: &str| {
        let mut statement = db.prepare_cached(sql)?;
        let keys = statement.query_map([user.id], |row| row.get(0))?;
        keys.collect::<rusqlite::Result<Bits>>()
    };
    let offerings = |condition: &str| {
        keys(&format!("SELECT o.id FROM offerings o WHERE ?1 = ?1 AND {condition}"))
    };
    Ok(Sight::Some {
        person: u32::try_from(user.id).unwrap_or_default(),
        open: offerings("o.provider_can_create_users")?,
        provided: offerings(&provided_offerings(user, "?1"))?,
        reached: offerings(&reached_offerings("?1"))?,
        known: keys(&known_people("?1"))?,
        managed: keys(&managed_people("?1"))?,
    })
}

/// A condition on a membership `m` that leaves those whose role carries a permission.
pub(crate) fn carries(permission: Permission) -> String {
    format!(
        "EXISTS (SELECT 1 FROM roles r, json_each(r.permissions) p \
         WHERE r.id = m.role_id AND p.value = '{}')",
        permission.name()
    )
}

/// What a permission is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) customer: Option<i64>,
    pub(crate) offering: Option<i64>,
}

/// Whether a role on exactly one of the things in `scope` allows it. Staff may do everything;
/// support may not (`contract.md` 4.1).
pub(crate) fn may(
    db: &Connection,
    user: &User,
    permission: Permission,
    scope: Scope,
) -> Result<bool> {
    if user.is_staff {
        return Ok(true);
    }
    let found = db
        .prepare_cached(
            "SELECT 1 FROM memberships m JOIN roles r ON r.id = m.role_id \
             WHERE m.user_id = ?1 AND (m.customer_id = ?2 OR m.offering_id = ?3) \
             AND EXISTS (SELECT 1 FROM json_each(r.permissions) WHERE value = ?4)",
        )?
        .query_row((user.id, scope.customer, scope.offering, permission.name()), |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// The same, as a 403.
pub(crate) fn require(
    db: &Connection,
    user: &User,
    permission: Permission,
    scope: Scope,
) -> Result<()> {
    if may(db, user, permission, scope)? { Ok(()) } else { Err(Error::FORBIDDEN) }
}
