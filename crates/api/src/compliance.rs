use crate::{
    CustomerId, OfferingId, OfferingUserId, Page, ProviderId, QueryString, Request, State,
    Timestamp,
    fields::{Fields, Record},
};

/// An organisation's record as a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProvider {
    /// Identity of the record; the organisation has another.
    pub uuid: ProviderId,
    /// The organisation.
    pub customer_uuid: Option<CustomerId>,
    /// Its name.
    pub customer_name: String,
}

/// How far the accounts of one offering are.
#[derive(Clone, Debug, PartialEq)]
pub struct ComplianceOverview {
    /// The offering.
    pub offering_uuid: OfferingId,
    /// Its name.
    pub offering_name: String,
    /// Its checklist.
    pub checklist_name: Option<String>,
    /// Accounts.
    pub total_users: u64,
    /// Accounts with a completion.
    pub users_with_completions: u64,
    /// Accounts that are complete.
    pub completed_users: u64,
    /// Accounts that are not.
    pub pending_users: u64,
    /// Complete over total, in percent.
    pub compliance_rate: f64,
}

/// One account in the compliance list, which gives the state as an integer (`contract.md` 10).
#[derive(Clone, Debug, PartialEq)]
pub struct ComplianceUser {
    /// The account.
    pub uuid: OfferingUserId,
    /// The person.
    pub user_full_name: Option<String>,
    /// The offering.
    pub offering_name: String,
    /// The account's state, by its integer.
    pub state: State,
    /// `completed`, `pending` or `no_checklist`.
    pub compliance_status: String,
    /// How much is answered, where there is a checklist.
    pub completion_percentage: Option<f64>,
}

/// A checklist and how much it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistSummary {
    /// Its name.
    pub checklist_name: String,
    /// How many questions it has.
    pub questions_count: u64,
    /// How many offerings use it.
    pub offerings_count: u64,
}

/// One completion in the list of all. Its percentage is of no use and left out (`contract.md` 10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionRow {
    /// The account.
    pub offering_user_uuid: Option<OfferingUserId>,
    /// The offering.
    pub offering_name: Option<String>,
    /// The checklist.
    pub checklist_name: String,
    /// Whether all required questions are answered, as of the last save.
    pub is_completed: bool,
    /// Whether any answer is flagged.
    pub requires_review: bool,
    /// When it last changed.
    pub modified: Timestamp,
}

impl Record for ServiceProvider {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: ProviderId(fields.id("uuid")),
            customer_uuid: fields.optional_id("customer_uuid").map(CustomerId),
            customer_name: fields.text("customer_name"),
        }
    }
}

impl Record for ComplianceOverview {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            offering_uuid: OfferingId(fields.id("offering_uuid")),
            offering_name: fields.text("offering_name"),
            checklist_name: fields.optional_text("checklist_name"),
            total_users: fields.number("total_users"),
            users_with_completions: fields.number("users_with_completions"),
            completed_users: fields.number("completed_users"),
            pending_users: fields.number("pending_users"),
            compliance_rate: fields.decimal("compliance_rate"),
        }
    }
}

impl Record for ComplianceUser {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: OfferingUserId(fields.id("uuid")),
            user_full_name: fields.optional_text("user_full_name"),
            offering_name: fields.text("offering_name"),
            state: State::from_number(fields.essential_number("state")),
            compliance_status: fields.text("compliance_status"),
            completion_percentage: fields.optional_decimal("completion_percentage"),
        }
    }
}

impl Record for ChecklistSummary {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            checklist_name: fields.text("checklist_name"),
            questions_count: fields.number("questions_count"),
            offerings_count: fields.number("offerings_count"),
        }
    }
}

impl Record for CompletionRow {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            offering_user_uuid: fields.optional_id("offering_user_uuid").map(OfferingUserId),
            offering_name: fields.optional_text("offering_name"),
            checklist_name: fields.text("checklist_name"),
            is_completed: fields.flag("is_completed"),
            requires_review: fields.flag("requires_review"),
            modified: Timestamp(fields.text("modified")),
        }
    }
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
