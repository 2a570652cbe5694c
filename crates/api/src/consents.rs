use checklist::Value;

use crate::{
    ConsentId, Method, OfferingId, Page, QueryString, Request, Timestamp, UserId,
    fields::{Fields, Record},
    request::object,
};

const CONSENTS: &str = "/api/marketplace-user-offering-consents/";
const TERMS: &str = "/api/marketplace-offering-terms-of-service/";

/// Whether the person agreed to the offering's terms of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The offering has no terms in force.
    NoTerms,
    /// There are terms and no agreement to them.
    Missing,
    /// Agreed, and still in force. Older servers do not say to what.
    Given(Option<Agreement>),
    /// Agreed to an earlier version; the current one asks again.
    Outdated(Option<Agreement>),
    /// No agreement counts, and an older server does not say whether there are terms.
    NoneKnown,
}

impl Consent {
    /// Reads the four separate fields the server sends; not all combinations mean something
    /// (`contract.md` 9.2). `consent_data` may describe a revoked consent, so it counts only beside
    /// `has_consent`.
    pub(crate) fn of(
        has_consent: bool,
        requires_reconsent: bool,
        has_terms: Option<bool>,
        agreement: Option<Agreement>,
    ) -> Self {
        match (has_consent, has_terms) {
            (true, _) if requires_reconsent => Self::Outdated(agreement),
            (true, _) => Self::Given(agreement),
            (false, Some(true)) => Self::Missing,
            (false, Some(false)) => Self::NoTerms,
            (false, None) => Self::NoneKnown,
        }
    }
}

/// One act of agreeing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Version of the terms, as the provider numbers them.
    pub version: String,
    /// When.
    pub agreement_date: Timestamp,
}

/// One consent of one person (`contract.md` 9.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Identity.
    pub uuid: ConsentId,
    /// Version of the terms.
    pub version: String,
    /// When it was given.
    pub agreement_date: Timestamp,
    /// When it was taken back, if it was.
    pub revocation_date: Option<Timestamp>,
}

/// An offering's terms (`contract.md` 9.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsOfService {
    /// Version, as the provider numbers them.
    pub version: String,
    /// The text; may be empty.
    pub terms_of_service: String,
    /// Where the text is; may be empty.
    pub terms_of_service_link: String,
    /// Whether those who agreed to an earlier version are asked again.
    pub requires_reconsent: bool,
    /// How many days they have.
    pub grace_period_days: u32,
}

impl Record for Agreement {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            version: fields.text("version"),
            agreement_date: Timestamp(fields.text("agreement_date")),
        }
    }
}

impl Record for ConsentRecord {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: ConsentId(fields.id("uuid")),
            version: fields.text("version"),
            agreement_date: Timestamp(fields.text("agreement_date")),
            revocation_date: fields.optional_text("revocation_date").map(Timestamp),
        }
    }
}

impl Record for TermsOfService {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            version: fields.text("version"),
            terms_of_service: fields.text("terms_of_service"),
            terms_of_service_link: fields.text("terms_of_service_link"),
            requires_reconsent: fields.flag("requires_reconsent"),
            grace_period_days: fields.number("grace_period_days"),
        }
    }
}

/// The consents of a person to an offering.
pub fn list_consents(offering: OfferingId, user: UserId) -> Request<Page<ConsentRecord>> {
    let mut query = QueryString::default();
    query.push("offering_uuid", offering.to_string());
    query.push("user_uuid", user.to_string());
    Request::get(CONSENTS, &query)
}

/// Agrees to the terms in force, as the caller.
pub fn grant_consent(offering: OfferingId) -> Request<()> {
    let body = object(vec![("offering", Value::Text(offering.to_string()))]);
    Request::send(Method::Post, CONSENTS, &body)
}

/// Takes a consent back.
pub fn revoke_consent(id: ConsentId) -> Request<ConsentRecord> {
    Request::bare(Method::Post, format!("{CONSENTS}{id}/revoke/"))
}

/// The terms of an offering that are in force: one or none.
pub fn active_terms(offering: OfferingId) -> Request<Page<TermsOfService>> {
    let mut query = QueryString::default();
    query.push("offering_uuid", offering.to_string());
    query.push("is_active", "true");
    Request::get(TERMS, &query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_fields_make_four_meanings() {
        let agreement = Agreement { version: "2".to_owned(), agreement_date: Timestamp::default() };
        let some = || Some(agreement.clone());
        assert_eq!(Consent::of(false, false, Some(false), None), Consent::NoTerms);
        assert_eq!(Consent::of(false, false, Some(true), None), Consent::Missing);
        assert_eq!(Consent::of(true, false, Some(true), some()), Consent::Given(some()));
        assert_eq!(Consent::of(true, true, Some(true), some()), Consent::Outdated(some()));
    }

    #[test]
    fn a_revoked_agreement_does_not_count() {
        let agreement =
            Some(Agreement { version: "1".to_owned(), agreement_date: Timestamp::default() });
        assert_eq!(Consent::of(false, false, Some(true), agreement), Consent::Missing);
    }

    #[test]
    fn an_older_server_leaves_open_whether_there_are_terms() {
        assert_eq!(Consent::of(false, false, None, None), Consent::NoneKnown);
        assert_eq!(Consent::of(true, false, None, None), Consent::Given(None));
    }
}
