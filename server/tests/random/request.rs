use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};
use purser::operations;
use serde_json::{Value, json};

/// A request as it will be sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path in the table of operations.
    pub(crate) operation: String,
    path: String,
    query: Vec<(String, String)>,
    pub(crate) who: Who,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) enum Who {
    Nobody,
    /// A header that opens nothing.
    Stranger(String),
    /// One of the demo's people.
    Known(usize),
}

impl Request {
    pub(crate) fn address(&self) -> String {
        let mut query = api::QueryString::default();
        for (key, value) in &self.query {
            query.push(key, value.as_str());
        }
        query.address(&self.path)
    }
}

/// What a name, a filter or a body may be made of that nobody hopes for.
const HOSTILE: [&str; 16] = [
    "",
    " ",
    "null",
    "-1",
    "0",
    "99999999999999999999",
    "1e400",
    "NaN",
    "'; DROP TABLE users; --",
    "%00",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "\u{202e}\u{0}\u{fffd}\u{1f600}",
    "ffffffffffffffffffffffffffffffff",
    "0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01",
    "2026-13-45T99:99:99Z",
];

/// The uuids of what there is, by table.
pub(crate) type Ids = BTreeMap<String, Vec<String>>;

pub(crate) fn any_request(by_table: &Ids) -> impl Strategy<Value = Request> + use<> {
    let ids: Vec<String> = by_table.values().flatten().cloned().collect();
    let fitting = any_fitting_body(by_table);
    let table: Vec<(String, String)> =
        operations().iter().map(|it| (it.method.to_string(), it.path.clone())).collect();
    let wrong = prop_oneof![
        12 => Just(None),
        1 => select(vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).prop_map(Some),
    ];
    (
        select(table),
        wrong,
        any_id(ids.clone()),
        any_query(ids.clone()),
        any_who(),
        prop_oneof![4 => any_body(ids), 1 => fitting],
        any_kind(),
    )
        .prop_map(|((method, path), wrong, id, query, who, body, content_type)| Request {
            method: wrong.map_or(method, str::to_owned),
            path: path.replace("{uuid}", &id).replace("{id}", &id),
            operation: path,
            query,
            who,
            content_type,
            body,
        })
}

fn any_who() -> impl Strategy<Value = Who> {
    let header = select(vec!["Token", "Token a b", "Token 0000", "Bearer x", "", "\u{ff}"]);
    prop_oneof![
        1 => Just(Who::Nobody),
        1 => header.prop_map(|it| Who::Stranger(it.to_owned())),
        // Staff gets furthest.
        10 => (0usize..5).prop_map(Who::Known),
        10 => Just(Who::Known(4)),
    ]
}

/// Mostly the id of something, sometimes in the other spelling, sometimes nothing of the kind.
fn any_id(ids: Vec<String>) -> impl Strategy<Value = String> {
    prop_oneof![
        16 => select(ids.clone()),
        2 => select(ids).prop_map(|it| {
            uuid::Uuid::parse_str(&it).map_or(it, |it| it.hyphenated().to_string())
        }),
        1 => (1u32..500).prop_map(|it| it.to_string()),
        1 => "[a-z0-9.%-]{1,40}",
        1 => Just("%2e%2e%2f%2e%2e%2fpurser.sqlite3".to_owned()),
        1 => Just("%ff%00".to_owned()),
    ]
}

fn any_query(ids: Vec<String>) -> impl Strategy<Value = Vec<(String, String)>> {
    let key = select(vec![
        "page",
        "page_size",
        "o",
        "field",
        "query",
        "state",
        "runtime_state",
        "offering",
        "offering_uuid",
        "offering_slug",
        "parent_offering_uuid",
        "provider_uuid",
        "user_uuid",
        "user",
        "user_username",
        "is_restricted",
        "has_consent",
        "created",
        "created_before",
        "modified",
        "modified_before",
        "has_complete_profile",
        "offering_has_active_tos",
        "include_all",
        "parent_uuid",
        "version",
        "is_active",
        "requires_reconsent",
        "is_completed",
        "compliance_status",
        "checklist_type",
        "checklist_type__in",
        "checklist_uuid",
        "question_uuid",
        "depends_on_question_uuid",
        "full_name",
        "username",
        "email",
        "name",
        "customer_uuid",
        "user_keyword",
        "uuid",
    ]);
    let value = prop_oneof![
        4 => any_id(ids),
        2 => select(HOSTILE.to_vec()).prop_map(str::to_owned),
        4 => select(vec![
            "OK", "Requested", "true", "false", "True", "1", "2", "10", "300", "username", "-created",
            "modified", "-user_last_name", "username,-created", "-agreement_date", "name", "2026-01-05",
            "2026-01-05T09:00:00Z", "2026-01-05T09:00:00.123+02:00", "Active", "completed", "pending",
            "no_checklist", "uuid", "a", "alice", "tamm", "offering_compliance",
        ]).prop_map(str::to_owned),
        1 => ".{0,30}",
    ];
    prop_oneof![2 => Just(Vec::new()).boxed(), 3 => vec((key.prop_map(str::to_owned), value), 0..4).boxed()]
}

fn any_kind() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        8 => Just(Some("application/json".to_owned())),
        1 => Just(None),
        1 => Just(Some("application/x-www-form-urlencoded".to_owned())),
        1 => Just(Some("multipart/form-data; boundary=x".to_owned())),
    ]
}

/// A body that an operation may want, one that is nearly so, or none at all.
fn any_body(ids: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let object = vec((any_field(), any_value(ids.clone())), 0..6)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()));
    let answers = vec((any_id(ids.clone()), any_value(ids)), 0..4).prop_map(|items| {
        let item = |(uuid, answer)| json!({ "question_uuid": uuid, "answer_data": answer });
        Value::Array(items.into_iter().map(item).collect())
    });
    let text = |value: Value| value.to_string().into_bytes();
    prop_oneof![
        6 => object.prop_map(text),
        3 => answers.prop_map(text),
        1 => Just(Vec::new()),
        1 => vec(any::<u8>(), 0..60),
        1 => select(vec!["null", "[]", "[null]", "{", "[[[]]]", "1", "\"x\"", "{\"a\":NaN}", "\u{feff}{}"])
            .prop_map(|it| it.as_bytes().to_vec()),
        1 => (1usize..3000).prop_map(|depth| "[".repeat(depth).into_bytes()),
    ]
}

fn any_field() -> impl Strategy<Value = String> {
    let known = select(vec![
        "username",
        "password",
        "offering",
        "offering_uuid",
        "user",
        "user_uuid",
        "is_restricted",
        "comment",
        "comment_url",
        "service_provider_comment",
        "service_provider_comment_url",
        "runtime_state",
        "version",
        "terms_of_service",
        "terms_of_service_link",
        "is_active",
        "requires_reconsent",
        "grace_period_days",
        "compliance_checklist",
        "name",
        "description",
        "checklist_type",
        "checklist",
        "question_type",
        "required",
        "order",
        "min_value",
        "max_value",
        "allowed_file_types",
        "allowed_mime_types",
        "max_file_size_mb",
        "max_files_count",
        "likert_scale_length",
        "likert_allow_na",
        "rich_text_char_limit",
        "rich_text_toolbar_level",
        "operator",
        "review_answer_value",
        "always_requires_review",
        "guidance_answer_value",
        "guidance_operator",
        "always_show_guidance",
        "dependency_logic_operator",
        "label",
        "question",
        "depends_on_question",
        "required_answer_value",
        "user_guidance",
    ]);
    prop_oneof![12 => known.prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn any_value(ids: Vec<String>) -> impl Strategy<Value = Value> {
    let link = |(kind, id): (&str, String)| json!(format!("http://localhost/api/{kind}/{id}/"));
    let kinds = vec![
        "users",
        "marketplace-provider-offerings",
        "checklists-admin",
        "checklists-admin-questions",
    ];
    let leaf = prop_oneof![
        3 => any_id(ids.clone()).prop_map(Value::String),
        2 => (select(kinds), any_id(ids)).prop_map(link),
        2 => select(HOSTILE.to_vec()).prop_map(|it| json!(it)),
        2 => select(vec![
            "boolean", "number", "single_select", "file", "likert", "rich_text", "equals", "contains",
            "in", "and", "or", "offering_compliance", "https://example.org/x", "Active", "demo", "alice",
            "10.5", "2026-01-05", ".pdf", "minimal",
        ]).prop_map(|it| json!(it)),
        1 => any::<bool>().prop_map(|it| json!(it)),
        1 => any::<i64>().prop_map(|it| json!(it)),
        1 => (-3i64..400).prop_map(|it| json!(it)),
        1 => any::<f64>().prop_map(|it| json!(it)),
        1 => Just(Value::Null),
        1 => ".{0,20}".prop_map(|it| json!(it)),
        1 => Just(json!({ "name": "a.txt", "content": "aGVsbG8=" })),
        1 => Just(json!({ "name": "../../x", "content": "aGVsbG8=", "stored_file_id": "../x" })),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            vec((".{0,6}", inner), 0..3).prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

/// A body that some operation takes.
fn any_fitting_body(ids: &Ids) -> impl Strategy<Value = Vec<u8>> + use<> {
    let one_of = |table: &str| select(ids[table].clone());
    let account = (one_of("offerings"), one_of("users"), "[a-z]{0,8}").prop_map(
        |(offering, user, name)| {
            json!({ "offering_uuid": offering, "user_uuid": user, "username": name })
        },
    );
    let consent = one_of("offerings").prop_map(|it| json!({ "offering": it }));
    let terms = (one_of("offerings"), "[a-z0-9]{1,6}").prop_map(|(offering, version)| {
        let link = format!("http://localhost/api/marketplace-provider-offerings/{offering}/");
        json!({ "offering": link, "version": version, "terms_of_service": "<p>Terms</p>" })
    });
    let checklist = "[a-z]{1,8}"
        .prop_map(|name| json!({ "name": name, "checklist_type": "offering_compliance" }));
    let question = (one_of("checklists"), "[a-z]{1,8}").prop_map(|(checklist, text)| {
        let link = format!("http://localhost/api/checklists-admin/{checklist}/");
        json!({ "checklist": link, "description": text, "question_type": "boolean" })
    });
    let option = one_of("questions").prop_map(|question| {
        let link = format!("http://localhost/api/checklists-admin-questions/{question}/");
        json!({ "question": link, "label": "One", "order": 1 })
    });
    let dependency = (one_of("questions"), one_of("questions")).prop_map(|(question, parent)| {
        let link = |it| format!("http://localhost/api/checklists-admin-questions/{it}/");
        json!({
            "question": link(question),
            "depends_on_question": link(parent),
            "operator": "equals",
            "required_answer_value": true,
        })
    });
    let attach = one_of("checklists").prop_map(|it| json!({ "compliance_checklist": it }));
    prop_oneof![account, consent, terms, checklist, question, option, dependency, attach]
        .prop_map(|it| it.to_string().into_bytes())
}
