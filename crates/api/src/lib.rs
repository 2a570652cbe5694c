//! The Waldur endpoints Purser uses: what to send, and how to read what comes back.
//!
//! Nothing here performs I/O. A [`Request`] is data that knows the type of its answer, so the app
//! can send it, a test can hand it to a router, and both read the answer by the same code.

mod checklists;
mod compliance;
mod consents;
mod error;
mod fields;
mod files;
mod ids;
mod offering_users;
mod offerings;
mod query;
mod questions;
mod request;
mod session;
mod state;

pub use checklists::{
    ChecklistForm, ChecklistInfo, Completion, OpenQuestion, Percent, ReviewCompletion, ReviewForm,
    Submitted, Template, TriggerSummary, checklist, checklist_review, checklist_template,
    completion_review_status, completion_status, submit_answers,
};
pub use compliance::{
    ChecklistSummary, CompletionRow, ComplianceOverview, ComplianceUser, ServiceProvider,
    checklists_summary, completions, compliance_offering_users, compliance_overview,
    service_providers,
};
pub use consents::{
    Agreement, Consent, ConsentRecord, TermsOfService, active_terms, grant_consent, list_consents,
    revoke_consent,
};
pub use error::{ApiError, ErrorBody};
pub use files::{Bytes, StoredFile, media};
pub use ids::{ChecklistId, ConsentId, CustomerId, OfferingId, OfferingUserId, ProviderId, UserId};
pub use offering_users::{
    CommentUpdate, NewOfferingUser, OfferingUser, OfferingUserFilter, Reason, Timestamp,
    count_offering_users, create_offering_user, delete_offering_user, list_offering_users,
    replace_offering_user, retrieve_offering_user, transition, update_comments, update_restricted,
    update_runtime_state, update_username,
};
pub use offerings::{Offering, find_offerings, public_offering};
pub use query::QueryString;
pub use questions::{Conditions, ExistingAnswer, FormQuestion, RawCondition, ReviewQuestion};
pub use request::{Count, Decode, Method, Page, Request, Response};
pub use session::{
    Configuration, DemoPerson, Me, Membership, Rights, Role, SignedIn, configuration, me, roles,
    sign_in, sign_out,
};
pub use state::{State, Transition};

/// Runs the example of the read-me.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
