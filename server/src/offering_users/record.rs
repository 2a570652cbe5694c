//! An account, as it is read and as it travels.

use api::State;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use crate::{
    Settings,
    access::{Permission, Scope, visible_accounts},
    auth::User,
    call::link,
    error::{Error, Result},
    users::full_name,
};

/// An account, with what its offering and its person add to it.
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) user_id: i64,
    pub(crate) offering_id: i64,
    pub(crate) customer_id: i64,
    pub(crate) username: Option<String>,
    pub(crate) state: State,
    pub(crate) comment: String,
    pub(crate) comment_url: String,
    runtime_state: String,
    is_restricted: bool,
    created: String,
    modified: String,
    user_uuid: String,
    user_username: String,
    user_first_name: String,
    user_last_name: String,
    user_email: String,
    offering_uuid: String,
    offering_name: String,
    customer_uuid: String,
    customer_name: String,
    has_terms: bool,
    has_consent: bool,
    requires_reconsent: bool,
    has_checklist: bool,
    /// The newest consent, which may be revoked.
    consent: Option<Consent>,
}

/// What [`Account::from_row`] reads, in its order.
const COLUMNS: &str = "a.id, a.uuid, a.user_id, a.offering_id, o.customer_id, \
     a.username, a.state, a.comment, a.comment_url, a.runtime_state, a.is_restricted, a.created, \
     a.modified, u.uuid, u.username, u.first_name, u.last_name, u.email, o.uuid, o.name, c.uuid, c.name, t.id IS NOT NULL, \
     t.id IS NOT NULL AND l.id IS NOT NULL AND l.revocation_date IS NULL, \
     t.requires_reconsent AND l.revocation_date IS NULL AND t.version <> l.version, \
     EXISTS (SELECT 1 FROM completions p WHERE p.offering_user_id = a.id \
             AND p.checklist_id = o.checklist_id), \
     l.uuid, l.version, l.agreement_date";

/// Where the columns come from: `a` account, `u` person, `o` offering, `c` its organisation, `t`
/// terms in force, `l` consent, which may be revoked (`contract.md` 9.2).
const TABLES: &str = "offering_users a \
     JOIN users u ON u.id = a.user_id \
     JOIN offerings o ON o.id = a.offering_id \
     JOIN customers c ON c.id = o.customer_id \
     LEFT JOIN terms t ON t.offering_id = o.id AND t.is_active \
     LEFT JOIN consents l ON l.offering_id = o.id AND l.user_id = u.id";

impl Account {
    /// How many characters its name at the provider has at most.
    pub(crate) const LONGEST_NAME: usize = 100;

    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            uuid: row.get(1)?,
            user_id: row.get(2)?,
            offering_id: row.get(3)?,
            customer_id: row.get(4)?,
            username: row.get(5)?,
            state: State::from_number(row.get(6)?),
            comment: row.get(7)?,
            comment_url: row.get(8)?,
            runtime_state: row.get(9)?,
            is_restricted: row.get(10)?,
            created: row.get(11)?,
            modified: row.get(12)?,
            user_uuid: row.get(13)?,
            user_username: row.get(14)?,
            user_first_name: row.get(15)?,
            user_last_name: row.get(16)?,
            user_email: row.get(17)?,
            offering_uuid: row.get(18)?,
            offering_name: row.get(19)?,
            customer_uuid: row.get(20)?,
            customer_name: row.get(21)?,
            has_terms: row.get(22)?,
            has_consent: row.get(23)?,
            requires_reconsent: row.get::<_, Option<bool>>(24)?.unwrap_or_default(),
            has_checklist: row.get(25)?,
            consent: read_consent(row)?,
        })
    }

    /// The account of a uuid, if the person sees it.
    pub(crate) fn find(db: &Connection, user: &User, uuid: &str) -> Result<Self> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE a.uuid = ?1 AND ?2 = ?2 AND {}",
            visible_accounts(user, "?2")
        );
        let found =
            db.prepare_cached(&sql)?.query_row((uuid, user.id), Self::from_row).optional()?;
        found.ok_or(Error::NotFound)
    }

    /// The accounts of some keys, whoever asks. Those that were deleted in this moment are left out.
    pub(super) fn of_keys(db: &Connection, keys: &[u32]) -> Result<Vec<Self>> {
        let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE a.id = ?1");
        let mut statement = db.prepare_cached(&sql)?;
        // In the order of the table, neighbours are found on the same pages.
        let mut places: Vec<usize> = (0..keys.len()).collect();
        places.sort_unstable_by_key(|place| keys[*place]);
        let mut accounts: Vec<Option<Self>> = keys.iter().map(|_| None).collect();
        for place in places {
            accounts[place] = statement.query_row([keys[place]], Self::from_row).optional()?;
        }
        Ok(accounts.into_iter().flatten().collect())
    }

    /// Where a role may allow something to be done with it: its organisation or its offering.
    pub(crate) fn scope(&self) -> Scope {
        Scope { customer: Some(self.customer_id), offering: Some(self.offering_id) }
    }

    /// Refuses people who may not change accounts of this offering.
    pub(crate) fn require_update(&self, db: &Connection, user: &User) -> Result<()> {
        crate::access::require(db, user, Permission::UpdateUser, self.scope())
    }

    /// As it travels (`contract.md` 2.1 and 2.2). Personal data beyond name and e-mail is left out,
    /// as an offering does that exposes only the usual attributes.
    pub(super) fn shown(&self, origin: &str, settings: Settings) -> Shown<'_> {
        let link = |kind, uuid: &str| link(origin, kind, uuid);
        Shown {
            url: link("marketplace-offering-users", &self.uuid),
            uuid: &self.uuid,
            user: link("users", &self.user_uuid),
            offering: link("marketplace-provider-offerings", &self.offering_uuid),
            username: self.username.as_deref(),
            offering_uuid: &self.offering_uuid,
            offering_name: &self.offering_name,
            user_uuid: &self.user_uuid,
            user_username: &self.user_username,
            user_full_name: full_name(&self.user_first_name, &self.user_last_name),
            user_email: &self.user_email,
            created: &self.created,
            modified: &self.modified,
            customer_uuid: &self.customer_uuid,
            customer_name: &self.customer_name,
            is_restricted: self.is_restricted,
            state: self.state.label(),
            service_provider_comment: &self.comment,
            service_provider_comment_url: &self.comment_url,
            has_consent: self.has_consent,
            requires_reconsent: self.requires_reconsent,
            has_compliance_checklist: self.has_checklist,
            newer: settings.profile.is_new().then(|| self.newer(settings)),
        }
    }

    fn newer(&self, settings: Settings) -> Newer<'_> {
        // While consent is not enforced, Waldur sends nothing more about it.
        let tells_consent = settings.enforce_consent && self.has_terms;
        Newer {
            user_first_name: &self.user_first_name,
            user_last_name: &self.user_last_name,
            runtime_state: &self.runtime_state,
            offering_has_active_tos: self.has_terms,
            consent_data: self.consent.as_ref().filter(|_| tells_consent),
            is_profile_complete: true,
            missing_profile_attributes: [],
            uidnumber: None,
            primarygroup: None,
            login_shell: None,
            home_directory: None,
        }
    }
}

/// An account as it travels. A page has hundreds of them, which are written without being made into
/// maps first.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    url: String,
    uuid: &'a str,
    user: String,
    offering: String,
    username: Option<&'a str>,
    offering_uuid: &'a str,
    offering_name: &'a str,
    user_uuid: &'a str,
    user_username: &'a str,
    user_full_name: String,
    user_email: &'a str,
    created: &'a str,
    modified: &'a str,
    customer_uuid: &'a str,
    customer_name: &'a str,
    is_restricted: bool,
    state: &'a str,
    service_provider_comment: &'a str,
    service_provider_comment_url: &'a str,
    has_consent: bool,
    requires_reconsent: bool,
    has_compliance_checklist: bool,
    #[serde(flatten)]
    newer: Option<Newer<'a>>,
}

/// What older servers do not send (`contract.md` 2.2).
#[derive(Serialize)]
struct Newer<'a> {
    user_first_name: &'a str,
    user_last_name: &'a str,
    runtime_state: &'a str,
    offering_has_active_tos: bool,
    consent_data: Option<&'a Consent>,
    is_profile_complete: bool,
    missing_profile_attributes: [&'a str; 0],
    uidnumber: Option<u32>,
    primarygroup: Option<u32>,
    login_shell: Option<&'a str>,
    home_directory: Option<&'a str>,
}

/// A consent, as it travels with its account.
#[derive(Serialize)]
struct Consent {
    uuid: String,
    version: String,
    agreement_date: String,
}

fn read_consent(row: &Row) -> rusqlite::Result<Option<Consent>> {
    let Some(uuid) = row.get(26)? else { return Ok(None) };
    Ok(Some(Consent { uuid, version: row.get(27)?, agreement_date: row.get(28)? }))
}
