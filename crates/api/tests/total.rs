//! Whatever comes in, there is a result: reading never panics, and filters survive the address bar.

use api::{
    ApiError, Bytes, ChecklistForm, ChecklistSummary, CommentUpdate, Completion, CompletionRow,
    ComplianceOverview, ComplianceUser, Configuration, ConsentRecord, Count, CustomerId, Decode,
    Me, Offering, OfferingId, OfferingUser, OfferingUserFilter, OfferingUserId, Page, QueryString,
    Response, ReviewCompletion, ReviewForm, Rights, Role, ServiceProvider, SignedIn, State,
    StoredFile, Submitted, Template, TermsOfService, UserId, list_offering_users,
};
use checklist::Value;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Reads an answer as every type there is.
fn decode_as_everything(response: &Response) -> Vec<ApiError> {
    let mut errors = Vec::new();
    macro_rules! decode {
        ($($answer:ty),+ $(,)?) => {
            $(errors.extend(<$answer>::decode(response).err());)+
        };
    }
    decode! {
        (), Bytes, Count, SignedIn, Configuration, OfferingUser, CommentUpdate, Template, Submitted,
        Offering, ConsentRecord, Page<OfferingUser>, Page<Offering>, Page<Role>,
        Page<ServiceProvider>, Page<ComplianceOverview>, Page<ComplianceUser>,
        Page<ChecklistSummary>, Page<CompletionRow>, Page<ConsentRecord>, Page<TermsOfService>,
        ReviewCompletion, ReviewForm, Me,
    }
    match Completion::decode(response) {
        Ok(completion) => assert!((0.0..=100.0).contains(&completion.percentage.shown())),
        Err(error) => errors.push(error),
    }
    match ChecklistForm::decode(response) {
        Ok(form) => {
            for existing in form.questions.iter().filter_map(|it| it.existing.as_ref()) {
                StoredFile::of(&existing.value);
            }
        }
        Err(error) => errors.push(error),
    }
    if let (Ok(me), Ok(account)) = (Me::decode(response), OfferingUser::decode(response)) {
        Rights::of(&me, None).may_update(&account);
    }
    errors
}

/// What a hasty reader trips over.
fn strange_values() -> Vec<Json> {
    vec![
        json!(null),
        json!(true),
        json!(""),
        json!("é\u{0}"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"": {}}),
        json!(-1),
        json!(0),
        json!(101),
        json!(256),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(-0.0),
        json!(f64::MAX),
    ]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Json::from),
        4 => select(strange_values()),
        1 => any::<f64>().prop_map(Json::from),
        1 => any::<String>().prop_map(Json::from),
        1 => select(vec!["OK", "and", "", "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "boolean"])
            .prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::from),
            vec(("detail|uuid|name|[a-c]", inner), 0..3)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// Answers that are understood.
fn examples() -> Vec<Json> {
    let parse = |text| serde_json::from_str(text).expect("JSON");
    vec![
        parse(include_str!("data/checklist.json")),
        parse(include_str!("data/account.json")),
        parse(include_str!("data/account_older.json")),
        json!([{"uuid": Uuid::nil(), "state": 5}]),
        json!({
            "uuid": Uuid::nil(), "state": "OK", "completion_percentage": 50.0,
            "permissions": [{"role_name": "Owner", "scope_uuid": Uuid::nil()}],
        }),
        json!([{}, {"non_field_errors": ["No."]}, {"answer_data": ["No."]}]),
    ]
}

/// How many values there are, containers included.
fn size(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(size).sum(),
        Json::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

/// The `n`th value.
fn nth<'a>(json: &'a mut Json, n: &mut usize) -> Option<&'a mut Json> {
    if *n == 0 {
        return Some(json);
    }
    *n -= 1;
    match json {
        Json::Array(items) => items.iter_mut().find_map(|it| nth(it, n)),
        Json::Object(fields) => fields.values_mut().find_map(|it| nth(it, n)),
        _ => None,
    }
}

/// An answer in which one value is another than expected.
fn almost_an_answer() -> impl Strategy<Value = String> {
    (select(examples()), any::<prop::sample::Index>(), any_json()).prop_map(
        |(mut json, at, with)| {
            let mut place = at.index(size(&json));
            *nth(&mut json, &mut place).expect("below the size") = with;
            json.to_string()
        },
    )
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let answer = || almost_an_answer().prop_map(String::into_bytes);
    prop_oneof![
        vec(any::<u8>(), 0..200),
        any_json().prop_map(|json| json.to_string().into_bytes()),
        answer(),
        // Cut off, or with one byte that does not belong there.
        (answer(), any::<prop::sample::Index>()).prop_map(|(mut body, at)| {
            body.truncate(at.index(body.len()));
            body
        }),
        (answer(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut body, at, byte)| {
            let at = at.index(body.len());
            body[at] = byte;
            body
        }),
    ]
}

fn id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

/// Text that is a condition: not empty.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["(?s).{1,8}", "[&=%+#?/, é]{1,8}"]
}

fn number() -> impl Strategy<Value = u64> {
    1..=u64::MAX
}

prop_compose! {
    /// Whom and what accounts belong to.
    fn any_scope()(
        offering in option::of(text()),
        offering_uuid in vec(id().prop_map(OfferingId), 0..3),
        offering_slug in vec("[^,]{1,8}", 0..3),
        parent_offering_uuid in option::of(id().prop_map(OfferingId)),
        provider_uuid in option::of(id().prop_map(CustomerId)),
        user_uuid in option::of(id().prop_map(UserId)),
        user_username in option::of(text()),
        query in option::of(text()),
    ) -> OfferingUserFilter {
        OfferingUserFilter {
            offering, offering_uuid, offering_slug, parent_offering_uuid, provider_uuid, user_uuid,
            user_username, query, ..OfferingUserFilter::default()
        }
    }
}

prop_compose! {
    /// Filters that mean what they say: no empty text, no comma in a short name, no unknown state.
    fn any_filter()(
        scope in any_scope(),
        state in vec(select(State::ALL.to_vec()), 0..3),
        runtime_state in vec(text(), 0..3),
        flags in any::<[Option<bool>; 4]>(),
        moments in prop::array::uniform4(option::of(text())),
        field in vec(text(), 0..3),
        o in option::of(text()),
        page in option::of(number()),
        page_size in option::of(number()),
    ) -> OfferingUserFilter {
        let [is_restricted, has_consent, has_complete_profile, offering_has_active_tos] = flags;
        let [created, created_before, modified, modified_before] = moments;
        OfferingUserFilter {
            state, runtime_state, is_restricted, has_consent, has_complete_profile,
            offering_has_active_tos, created, created_before, modified, modified_before, field, o,
            page, page_size, ..scope
        }
    }
}

fn almost_a_parameter() -> impl Strategy<Value = String> {
    let key = "state|page|query|field|offering_slug|has_consent|user_uuid";
    let value = "OK|true|1|,|%2C|%|\\+|\\PC{0,3}";
    (key, "=?", value).prop_map(|(key, equals, value)| key + &equals + &value)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filters_come_back_as_they_were(filter in any_filter()) {
        prop_assert_eq!(&OfferingUserFilter::read(&filter.write()), &filter);
        let url = list_offering_users(&filter).url;
        let query = url.split_once('?').map_or("", |(_, query)| query);
        prop_assert_eq!(&OfferingUserFilter::read(&QueryString::parse(query)), &filter);
    }

    #[test]
    fn any_address_holds_a_filter(
        text in prop_oneof![
            any::<String>(),
            vec(almost_a_parameter(), 0..6).prop_map(|pairs| pairs.join("&")),
        ],
    ) {
        let filter = OfferingUserFilter::read(&QueryString::parse(&text));
        prop_assert_eq!(OfferingUserFilter::read(&filter.write()), filter);
    }

    #[test]
    fn every_answer_is_read_or_refused(
        status in any::<u16>(),
        total in any::<Option<u64>>(),
        body in any_body(),
    ) {
        let response = Response { status, total, body };
        for error in decode_as_everything(&response) {
            prop_assert!(matches!(error, ApiError::Protocol(_)));
        }
        let answer = api::checklist(OfferingUserId(Uuid::nil()), false).read(&response);
        prop_assert!(answer.is_err() || (200..300).contains(&status));
    }

    #[test]
    fn every_refusal_is_read(status in 400..600_u16, body in any_body(), position in 0..5_usize) {
        let refusal = Response { status, total: None, body };
        let answer = api::submit_answers(OfferingUserId(Uuid::nil()), &[]).read(&refusal);
        prop_assert!(answer.is_err());
        if let Err(ApiError::Rejected(body)) = answer {
            body.at(position);
            for (name, messages) in body.fields() {
                prop_assert!(body.for_field(name).len() >= messages.len());
            }
        }
    }

    #[test]
    fn every_value_is_a_stored_file_or_none(json in any_json()) {
        if let Ok(value) = serde_json::from_value::<Value>(json) {
            StoredFile::of(&value);
        }
    }
}

#[test]
fn every_place_may_hold_every_value() {
    for example in examples() {
        for place in 0..size(&example) {
            for strange in strange_values() {
                let mut answer = example.clone();
                *nth(&mut answer, &mut { place }).expect("below the size") = strange;
                let body = answer.to_string().into_bytes();
                decode_as_everything(&Response { status: 200, total: None, body });
            }
        }
    }
}

#[test]
fn answers_may_be_nested_deeply() {
    for text in ["[", "{\"a\":"] {
        let body = text.repeat(100_000).into_bytes();
        let response = Response { status: 400, total: None, body };
        decode_as_everything(&response);
        assert!(api::me().read(&response).is_err());
    }
}
