use checklist::Value;

use crate::{
    Consent, Count, CustomerId, Method, OfferingId, OfferingUserId, Page, QueryString, Request,
    State, Transition, UserId,
    consents::Agreement,
    fields::{Fields, Record},
    request::object,
};

const COLLECTION: &str = "/api/marketplace-offering-users/";

/// A moment as the server writes it, in either of its spellings (`contract.md` 1.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timestamp(pub(crate) String);

impl Timestamp {
    /// The server's text, which every browser can read.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's account at one offering (`contract.md` 2.1, 2.2).
///
/// Personal fields are there only if the offering exposes them. Fields of newer servers are `None`
/// on older ones.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferingUser {
    /// Identity.
    pub uuid: OfferingUserId,
    /// The person. Answers to a write may lack it.
    pub user_uuid: Option<UserId>,
    /// The person's name for signing in to Waldur.
    pub user_username: Option<String>,
    /// The person's name.
    pub user_full_name: Option<String>,
    /// The person's e-mail address.
    pub user_email: Option<String>,
    /// The offering. Answers to a write may lack it.
    pub offering_uuid: Option<OfferingId>,
    /// The offering's name.
    pub offering_name: String,
    /// The organisation that provides the offering.
    pub customer_uuid: Option<CustomerId>,
    /// Its name.
    pub customer_name: String,
    /// The account's name at the provider, once there is one.
    pub username: Option<String>,
    /// Where the account is in its life.
    pub state: State,
    /// Whether the account works, apart from its life; newer servers only.
    pub runtime_state: Option<String>,
    /// What the provider says to the person: limited HTML, may be empty.
    pub service_provider_comment: String,
    /// Where the person can do something about it; may be empty.
    pub service_provider_comment_url: String,
    /// Whether the provider restricted the account.
    pub is_restricted: bool,
    /// Whether the person agreed to the terms.
    pub consent: Consent,
    /// Whether there is a checklist to answer for this account.
    pub has_compliance_checklist: bool,
    /// Whether the person's profile has all that the offering needs; newer servers only.
    pub is_profile_complete: Option<bool>,
    /// When the account was asked for.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

impl Record for OfferingUser {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: OfferingUserId(fields.id("uuid")),
            user_uuid: fields.optional_id("user_uuid").map(UserId),
            user_username: fields.optional_text("user_username"),
            user_full_name: fields.optional_text("user_full_name"),
            user_email: fields.optional_text("user_email"),
            offering_uuid: fields.optional_id("offering_uuid").map(OfferingId),
            offering_name: fields.text("offering_name"),
            customer_uuid: fields.optional_id("customer_uuid").map(CustomerId),
            customer_name: fields.text("customer_name"),
            username: fields.optional_text("username").filter(|it| !it.is_empty()),
            state: State::from_label(&fields.essential_text("state")),
            runtime_state: fields.optional_text("runtime_state"),
            service_provider_comment: fields.text("service_provider_comment"),
            service_provider_comment_url: fields.text("service_provider_comment_url"),
            is_restricted: fields.flag("is_restricted"),
            consent: Consent::of(
                fields.flag("has_consent"),
                fields.flag("requires_reconsent"),
                fields.optional_flag("offering_has_active_tos"),
                fields.optional_object("consent_data").map(|it| Agreement::read(&it)),
            ),
            has_compliance_checklist: fields.flag("has_compliance_checklist"),
            is_profile_complete: fields.optional_flag("is_profile_complete"),
            created: Timestamp(fields.text("created")),
            modified: Timestamp(fields.text("modified")),
        }
    }
}

/// Which accounts to list: every parameter of `contract.md` 2.3. Empty means no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferingUserFilter {
    /// The offering's address.
    pub offering: Option<String>,
    /// Any of these offerings.
    pub offering_uuid: Vec<OfferingId>,
    /// Any of these offerings, by their short names.
    pub offering_slug: Vec<String>,
    /// Offerings below this one.
    pub parent_offering_uuid: Option<OfferingId>,
    /// The organisation that provides the offering, despite the parameter's name.
    pub provider_uuid: Option<CustomerId>,
    /// The person.
    pub user_uuid: Option<UserId>,
    /// The person's whole user name, in any case.
    pub user_username: Option<String>,
    /// Any of these states.
    pub state: Vec<State>,
    /// Restricted or not.
    pub is_restricted: Option<bool>,
    /// Whether a consent exists that was not revoked; not quite what the field of that name says.
    pub has_consent: Option<bool>,
    /// Created at or after.
    pub created: Option<String>,
    /// Created at or before; newer servers.
    pub created_before: Option<String>,
    /// Changed at or after.
    pub modified: Option<String>,
    /// Changed at or before; newer servers.
    pub modified_before: Option<String>,
    /// Part of a name or of an offering's name.
    pub query: Option<String>,
    /// Any of these runtime states; newer servers.
    pub runtime_state: Vec<String>,
    /// Whether the person's profile is complete; newer servers.
    pub has_complete_profile: Option<bool>,
    /// Whether the offering has terms in force; newer servers.
    pub offering_has_active_tos: Option<bool>,
    /// Only these keys of each object.
    pub field: Vec<String>,
    /// Order: keys separated by commas, `-` before one that descends.
    pub o: Option<String>,
    /// From 1.
    pub page: Option<u64>,
    /// At most 300; 10 where absent.
    pub page_size: Option<u64>,
}

impl OfferingUserFilter {
    /// Reads a filter from an address. What does not belong to a filter is left alone; what is not
    /// well formed is no condition.
    pub fn read(query: &QueryString) -> Self {
        let text = |key: &str| query.last(key).filter(|it| !it.is_empty()).map(str::to_owned);
        let flag = |key: &str| match query.last(key) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        let list = |key: &str| -> Vec<String> {
            let values = query.all(key).flat_map(|it| it.split(','));
            values.filter(|it| !it.is_empty()).map(str::to_owned).collect()
        };
        Self {
            offering: text("offering"),
            offering_uuid: list("offering_uuid").iter().filter_map(|it| it.parse().ok()).collect(),
            offering_slug: list("offering_slug"),
            parent_offering_uuid: text("parent_offering_uuid").and_then(|it| it.parse().ok()),
            provider_uuid: text("provider_uuid").and_then(|it| it.parse().ok()),
            user_uuid: text("user_uuid").and_then(|it| it.parse().ok()),
            user_username: text("user_username"),
            state: query
                .all("state")
                .map(State::from_label)
                .filter(|it| it.number().is_some())
                .collect(),
            is_restricted: flag("is_restricted"),
            has_consent: flag("has_consent"),
            created: text("created"),
            created_before: text("created_before"),
            modified: text("modified"),
            modified_before: text("modified_before"),
            query: text("query"),
            runtime_state: query.all("runtime_state").map(str::to_owned).collect(),
            has_complete_profile: flag("has_complete_profile"),
            offering_has_active_tos: flag("offering_has_active_tos"),
            field: query.all("field").map(str::to_owned).collect(),
            o: text("o"),
            page: text("page").and_then(|it| it.parse().ok()).filter(|it| *it > 0),
            page_size: text("page_size").and_then(|it| it.parse().ok()).filter(|it| *it > 0),
        }
    }

    /// The filter as parameters, in a fixed order.
    pub fn write(&self) -> QueryString {
        let mut out = QueryString::default();
        let mut put = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                out.push(key, value);
            }
        };
        let flag = |it: Option<bool>| it.map(|it| it.to_string());
        let joined = |it: Vec<String>| (!it.is_empty()).then(|| it.join(","));
        put("offering", self.offering.clone());
        put("offering_uuid", joined(self.offering_uuid.iter().map(ToString::to_string).collect()));
        put("offering_slug", joined(self.offering_slug.clone()));
        put("parent_offering_uuid", self.parent_offering_uuid.map(|it| it.to_string()));
        put("provider_uuid", self.provider_uuid.map(|it| it.to_string()));
        put("user_uuid", self.user_uuid.map(|it| it.to_string()));
        put("user_username", self.user_username.clone());
        for state in &self.state {
            put("state", Some(state.to_string()));
        }
        put("is_restricted", flag(self.is_restricted));
        put("has_consent", flag(self.has_consent));
        put("created", self.created.clone());
        put("created_before", self.created_before.clone());
        put("modified", self.modified.clone());
        put("modified_before", self.modified_before.clone());
        put("query", self.query.clone());
        for state in &self.runtime_state {
            put("runtime_state", Some(state.clone()));
        }
        put("has_complete_profile", flag(self.has_complete_profile));
        put("offering_has_active_tos", flag(self.offering_has_active_tos));
        for field in &self.field {
            put("field", Some(field.clone()));
        }
        put("o", self.o.clone());
        put("page", self.page.map(|it| it.to_string()));
        put("page_size", self.page_size.map(|it| it.to_string()));
        out
    }
}

/// A new account: for whom, at what, and under which name if it exists already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOfferingUser {
    /// The offering.
    pub offering_uuid: OfferingId,
    /// The person.
    pub user_uuid: UserId,
    /// The account's name; with one, the account starts as OK.
    pub username: Option<String>,
}

/// What a pending action says to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Limited HTML.
    pub comment: String,
    /// An address, or empty.
    pub comment_url: String,
}

/// The provider's comment and its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentUpdate {
    /// Limited HTML; the server cleans it.
    pub service_provider_comment: String,
    /// An address, or empty.
    pub service_provider_comment_url: String,
}

impl Record for CommentUpdate {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            service_provider_comment: fields.essential_text("service_provider_comment"),
            service_provider_comment_url: fields.essential_text("service_provider_comment_url"),
        }
    }
}

/// One page of accounts.
pub fn list_offering_users(filter: &OfferingUserFilter) -> Request<Page<OfferingUser>> {
    Request::get(COLLECTION, &filter.write())
}

/// How many accounts there are.
pub fn count_offering_users(filter: &OfferingUserFilter) -> Request<Count> {
    Request::head(COLLECTION, &filter.write())
}

/// One account.
pub fn retrieve_offering_user(id: OfferingUserId) -> Request<OfferingUser> {
    Request::bare(Method::Get, member(id, ""))
}

/// Makes an account.
pub fn create_offering_user(new: &NewOfferingUser) -> Request<OfferingUser> {
    let mut body = vec![
        ("offering_uuid", Value::Text(new.offering_uuid.to_string())),
        ("user_uuid", Value::Text(new.user_uuid.to_string())),
    ];
    if let Some(username) = &new.username {
        body.push(("username", Value::from(username.as_str())));
    }
    Request::send(Method::Post, COLLECTION, &object(body))
}

/// Sets the account's name; in early states this makes the account OK (`contract.md` 2.4).
pub fn update_username(id: OfferingUserId, username: &str) -> Request<OfferingUser> {
    Request::send(Method::Patch, member(id, ""), &object(vec![("username", username.into())]))
}

/// The same by PUT, with the one field a client should send.
pub fn replace_offering_user(id: OfferingUserId, username: &str) -> Request<OfferingUser> {
    Request::send(Method::Put, member(id, ""), &object(vec![("username", username.into())]))
}

/// Deletes the record, with its answers, from any state.
pub fn delete_offering_user(id: OfferingUserId) -> Request<()> {
    Request::bare(Method::Delete, member(id, ""))
}

/// Restricts the account, or lifts that.
pub fn update_restricted(id: OfferingUserId, is_restricted: bool) -> Request<()> {
    let body = object(vec![("is_restricted", Value::Bool(is_restricted))]);
    Request::send(Method::Post, member(id, "update_restricted/"), &body)
}

/// Changes what the provider says to the person. The answer is what was kept of it.
pub fn update_comments(id: OfferingUserId, update: &CommentUpdate) -> Request<CommentUpdate> {
    let body = object(vec![
        ("service_provider_comment", update.service_provider_comment.as_str().into()),
        ("service_provider_comment_url", update.service_provider_comment_url.as_str().into()),
    ]);
    Request::send(Method::Patch, member(id, "update_comments/"), &body)
}

/// Changes whether the account works, apart from its life; newer servers.
pub fn update_runtime_state(id: OfferingUserId, runtime_state: &str) -> Request<()> {
    let body = object(vec![("runtime_state", runtime_state.into())]);
    Request::send(Method::Post, member(id, "update_runtime_state/"), &body)
}

/// Moves the account on. `reason` is for the transitions that take a comment and is not sent with
/// others.
pub fn transition(
    id: OfferingUserId,
    transition: Transition,
    reason: Option<&Reason>,
) -> Request<()> {
    let path = member(id, &format!("{}/", transition.action()));
    match reason.filter(|_| transition.takes_comment()) {
        Some(Reason { comment, comment_url }) => {
            let body = object(vec![
                ("comment", comment.as_str().into()),
                ("comment_url", comment_url.as_str().into()),
            ]);
            Request::send(Method::Post, path, &body)
        }
        None => Request::bare(Method::Post, path),
    }
}

/// The address of an account, or of an action on it.
pub(crate) fn member(id: OfferingUserId, action: &str) -> String {
    format!("{COLLECTION}{id}/{action}")
}
