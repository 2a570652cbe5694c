use crate::{
    CustomerId, Method, OfferingId, Page, QueryString, Request,
    fields::{Fields, Record},
};

/// An offering, as far as a desk needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offering {
    /// Identity.
    pub uuid: OfferingId,
    /// Its name.
    pub name: String,
    /// The organisation that provides it.
    pub customer_uuid: Option<CustomerId>,
    /// That organisation's name.
    pub customer_name: String,
    /// Whether an account there comes with a checklist.
    pub has_compliance_requirements: bool,
}

impl Record for Offering {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: OfferingId(fields.id("uuid")),
            name: fields.text("name"),
            customer_uuid: fields.optional_id("customer_uuid").map(CustomerId),
            customer_name: fields.text("customer_name"),
            has_compliance_requirements: fields.flag("has_compliance_requirements"),
        }
    }
}

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
