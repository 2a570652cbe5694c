use serde::Deserialize;

use crate::{
    CustomerId, OfferingId, OfferingUserId, Page, ProviderId, QueryString, Request, State,
    Timestamp,
};

/// An organisation's record as a provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServiceProvider {
    /// Identity of the record; the organisation has another.
    pub uuid: ProviderId,
    /// The organisation.
    #[serde(default)]
    pub customer_uuid: Option<CustomerId>,
    /// Its name.
    #[serde(default)]
    pub customer_name: String,
}

/// How far the accounts of one offering are.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ComplianceOverview {
    /// The offering.
    pub offering_uuid: OfferingId,
    /// Its name.
    #[serde(default)]
    pub offering_name: String,
    /// Its checklist.
    #[serde(default)]
    pub checklist_name: Option<String>,
    /// Accounts.
    #[serde(default)]
    pub total_users: u64,
    /// Accounts with a completion.
    #[serde(default)]
    pub users_with_completions: u64,
    /// Accounts that are complete.
    #[serde(default)]
    pub completed_users: u64,
    /// Accounts that are not.
    #[serde(default)]
    pub pending_users: u64,
    /// Complete over total, in percent.
    #[serde(default)]
    pub compliance_rate: f64,
}

/// One account in the compliance list, which gives the state as an integer (`contract.md` 10).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ComplianceUser {
    /// The account.
    pub uuid: OfferingUserId,
    /// The person.
    #[serde(default)]
    pub user_full_name: Option<String>,
    /// The offering.
    #[serde(default)]
    pub offering_name: String,
    /// The account's state, by its integer.
    #[serde(deserialize_with = "state_by_number")]
    pub state: State,
    /// `completed`, `pending` or `no_checklist`.
    #[serde(default)]
    pub compliance_status: String,
    /// How much is answered, where there is a checklist.
    #[serde(default)]
    pub completion_percentage: Option<f64>,
}

fn state_by_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<State, D::Error> {
    i64::deserialize(deserializer).map(State::from_number)
}

/// A checklist and how much it is used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChecklistSummary {
    /// Its name.
    #[serde(default)]
    pub checklist_name: String,
    /// How many questions it has.
    #[serde(default)]
    pub questions_count: u64,
    /// How many offerings use it.
    #[serde(default)]
    pub offerings_count: u64,
}

/// One completion in the list of all. Its percentage is of no use and left out (`contract.md` 10).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CompletionRow {
    /// The account.
    #[serde(default)]
    pub offering_user_uuid: Option<OfferingUserId>,
    /// The offering.
    #[serde(default)]
    pub offering_name: Option<String>,
    /// The checklist.
    #[serde(default)]
    pub checklist_name: String,
    /// Whether all required questions are answered, as of the last save.
    #[serde(default)]
    pub is_completed: bool,
    /// Whether any answer is flagged.
    #[serde(default)]
    pub requires_review: bool,
    /// When it last changed.
    #[serde(default)]
    pub modified: Timestamp,
}

/// The providers that the caller may see.
pub fn service_providers(page: u64) -> Request<Page<ServiceProvider>> {
    Request::get("/api/marketplace-service-providers/", &paged(page))
}

/// How far each offering of a provider is.
pub fn compliance_overview(provider: ProviderId, page: u64) -> Request<Page<ComplianceOverview>> {
    Request::get(&of(provider, "compliance_overview"), &paged(page))
}

/// How far each account of a provider is; `status` narrows it.
pub fn compliance_offering_users(
    provider: ProviderId,
    status: Option<&str>,
    page: u64,
) -> Request<Page<ComplianceUser>> {
    let mut query = paged(page);
    if let Some(status) = status {
        query.push("compliance_status", status);
    }
    Request::get(&of(provider, "offering_users"), &query)
}

/// Which checklists a provider uses.
pub fn checklists_summary(provider: ProviderId, page: u64) -> Request<Page<ChecklistSummary>> {
    Request::get(&of(provider, "checklists_summary"), &paged(page))
}

/// The completions that the caller may see.
pub fn completions(is_completed: Option<bool>, page: u64) -> Request<Page<CompletionRow>> {
    let mut query = paged(page);
    if let Some(is_completed) = is_completed {
        query.push("is_completed", is_completed.to_string());
    }
    Request::get("/api/marketplace-offering-user-checklist-completions/", &query)
}

fn of(provider: ProviderId, list: &str) -> String {
    format!("/api/marketplace-service-providers/{provider}/compliance/{list}/")
}

fn paged(page: u64) -> QueryString {
    let mut query = QueryString::default();
    query.push("page", page.to_string());
    query
}
