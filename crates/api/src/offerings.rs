use serde::Deserialize;

use crate::{CustomerId, Method, OfferingId, Page, QueryString, Request, request::decode_json};

/// An offering, as far as a desk needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Offering {
    /// Identity.
    pub uuid: OfferingId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The organisation that provides it.
    #[serde(default)]
    pub customer_uuid: Option<CustomerId>,
    /// That organisation's name.
    #[serde(default)]
    pub customer_name: String,
    /// Whether an account there comes with a checklist.
    #[serde(default)]
    pub has_compliance_requirements: bool,
}

decode_json!(Offering);

/// Offerings that the caller provides or may see, by part of their name.
pub fn find_offerings(name: &str, page_size: u64) -> Request<Page<Offering>> {
    let mut query = QueryString::default();
    if !name.is_empty() {
        query.push("name", name);
    }
    query.push("o", "name");
    query.push("page_size", page_size.to_string());
    Request::get("/api/marketplace-provider-offerings/", &query)
}

/// One offering, as everybody sees it.
pub fn public_offering(id: OfferingId) -> Request<Offering> {
    Request::bare(Method::Get, format!("/api/marketplace-public-offerings/{id}/"))
}
