//! Who sees what, and who may do what (`contract.md` 4).

use rusqlite::{Connection, OptionalExtension};

use crate::{
    auth::User,
    error::{Error, Result},
};

/// What a role can allow, first of all with accounts. The texts are Waldur's.
#[derive(Clone, Copy)]
pub(crate) enum Permission {
    Create,
    Update,
    Delete,
    UpdateOffering,
    UpdateOfferingOptions,
    ListCustomers,
    SetUsernames,
}

impl Permission {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "OFFERING.CREATE_USER",
            Self::Update => "OFFERING.UPDATE_USER",
            Self::Delete => "OFFERING.DELETE_USER",
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
    let provided = provided_offerings(user, parameter);
    format!("o.provider_can_create_users AND (a.user_id = {parameter} OR {provided})")
}

/// A condition on `offerings o` that leaves the offerings a person provides.
pub(crate) fn provided_offerings(user: &User, parameter: &str) -> String {
    if user.is_staff || user.is_support {
        return "1".to_owned();
    }
    format!(
        "EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = {parameter} \
         AND (m.customer_id = o.customer_id OR m.offering_id = o.id))"
    )
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
