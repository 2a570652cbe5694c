use std::marker::PhantomData;

use checklist::Value;

use crate::{
    ApiError, ErrorBody, QueryString,
    fields::{self, Record},
};

/// One HTTP request, and the type its answer decodes to.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<T> {
    /// The verb.
    pub method: Method,
    /// Path and query.
    pub url: String,
    /// JSON, for the verbs that carry a body.
    pub body: Option<String>,
    answer: PhantomData<fn() -> T>,
}

/// The verbs in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

/// What came back, before anyone has looked inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Value of `X-Result-Count`, on lists.
    pub total: Option<u64>,
    /// The body as sent.
    pub body: Vec<u8>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many rows there are on all pages together.
    pub total: u64,
}

/// How many rows a list has, asked by HEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u64);

impl<T> Request<T> {
    pub(crate) fn get(path: &str, query: &QueryString) -> Self {
        Self { method: Method::Get, url: query.address(path), body: None, answer: PhantomData }
    }

    pub(crate) fn head(path: &str, query: &QueryString) -> Self {
        Self { method: Method::Head, ..Self::get(path, query) }
    }

    /// A request without a body.
    pub(crate) fn bare(method: Method, path: impl Into<String>) -> Self {
        Self { method, url: path.into(), body: None, answer: PhantomData }
    }

    /// A request with a JSON body.
    pub(crate) fn send(method: Method, path: impl Into<String>, body: &Value) -> Self {
        Self { method, url: path.into(), body: Some(body.to_json()), answer: PhantomData }
    }
}

/// A JSON object for a body.
pub(crate) fn object(fields: Vec<(&str, Value)>) -> Value {
    Value::Map(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// How a successful answer becomes a value.
pub trait Decode: Sized {
    /// Reads `response`, whose status is known to be a success.
    fn decode(response: &Response) -> Result<Self, ApiError>;
}

impl<T: Record> Decode for T {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        fields::record(&response.body)
    }
}

impl<T: Record> Decode for Page<T> {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        let items = fields::records(&response.body)?;
        let total = response.total.unwrap_or(items.len() as u64);
        Ok(Self { items, total })
    }
}

impl Decode for Count {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        let total =
            response.total.ok_or_else(|| ApiError::Protocol("no X-Result-Count".to_owned()));
        total.map(Self)
    }
}

/// The answer does not matter, or is empty: it is not parsed (`contract.md` 1.4).
impl Decode for () {
    fn decode(_: &Response) -> Result<Self, ApiError> {
        Ok(())
    }
}

impl<T: Decode> Request<T> {
    /// Turns the answer to this request into its value, or into the reason there is none.
    pub fn read(&self, response: &Response) -> Result<T, ApiError> {
        match response.status {
            200..=299 => T::decode(response),
            status => Err(ApiError::of(status, ErrorBody::read(&response.body))),
        }
    }
}
