//! What comes back, in every shape that servers old and new are known to send.

use api::{
    Agreement, ApiError, Conditions, Configuration, Consent, ErrorBody, FormQuestion, Me,
    OfferingUser, OfferingUserId, QueryString, Request, Response, Rights, Role, State, StoredFile,
};
use checklist::{Choice, Kind, Value};
use expect_test::{Expect, expect};
use serde_json::json;
use uuid::Uuid;

const ID: OfferingUserId = OfferingUserId(Uuid::from_u128(1));

fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response { status, total: None, body: body.into() }
}

#[track_caller]
fn read<T: api::Decode>(request: Request<T>, body: impl ToString) -> T {
    request.read(&response(200, body.to_string())).expect("the answer should be understood")
}

#[track_caller]
fn account(body: impl ToString) -> OfferingUser {
    read(api::retrieve_offering_user(ID), body)
}

/// A checklist with these questions.
#[track_caller]
fn questions(questions: serde_json::Value) -> Vec<FormQuestion> {
    let body = json!({"checklist": {}, "completion": {}, "questions": questions});
    read(api::checklist(ID, true), body).questions
}

fn uuid(n: u8) -> String {
    format!("{n:032x}")
}

#[test]
fn the_example_of_the_contract_is_read() {
    let form = read(api::checklist(ID, false), include_str!("data/checklist.json"));
    assert_eq!(form.checklist.name, "Data protection");
    assert!(!form.completion.is_completed);
    assert_eq!(form.completion.percentage.shown(), 50.0);
    assert_eq!(form.completion.modified.as_str(), "2026-01-05T09:10:00.000000+00:00");
    let [open] = &form.completion.unanswered_required_questions[..] else { panic!("{form:?}") };
    assert_eq!(open.description, "Which data?");

    let [personal, which] = &form.questions[..] else { panic!("{form:?}") };
    assert_eq!(personal.question.kind, Kind::Boolean);
    assert_eq!((&personal.conditions, &personal.question.visibility), (&Conditions::Always, &None));
    let existing = personal.existing.as_ref().unwrap();
    assert_eq!((&existing.value, existing.author.as_str()), (&Value::Bool(true), "Ada Example"));

    let health =
        Choice { id: "c1000000000040008000000000000001".to_owned(), label: "Health".to_owned() };
    assert_eq!(which.question.kind, Kind::MultiSelect(vec![health]));
    assert_eq!((which.question.required, which.order, &which.existing), (true, 2, &None));
    assert_eq!(which.question.id.0, open.uuid);
    assert_eq!(which.conditions, Conditions::Known);
    let visibility = which.question.visibility.as_ref().unwrap();
    assert_eq!(visibility.conditions[0].parent, personal.question.id);
}

#[test]
fn an_account_of_an_older_server_is_read() {
    let account = account(include_str!("data/account_older.json"));
    assert_eq!(account.state, State::PendingAdditionalValidation);
    assert_eq!(account.username.as_deref(), Some("ada"));
    assert_eq!(account.user_full_name.as_deref(), Some("Ada Example"));
    assert_eq!(account.service_provider_comment, "Please send <b>proof</b>.");
    assert_eq!(account.created.as_str(), "2025-09-04T12:00:00.123456Z");
    assert!(account.has_compliance_checklist && !account.is_restricted);
    // It does not say to what the person agreed, nor anything newer.
    assert_eq!(account.consent, Consent::Given(None));
    assert_eq!((account.runtime_state, account.is_profile_complete), (None, None));
}

#[test]
fn an_account_of_a_newer_server_is_read() {
    let account = account(include_str!("data/account.json"));
    assert_eq!(account.state, State::Ok);
    assert_eq!(account.runtime_state.as_deref(), Some("Pending account linking"));
    assert_eq!(account.is_profile_complete, Some(false));
    assert!(account.is_restricted && !account.has_compliance_checklist);
    let Consent::Outdated(Some(agreement)) = account.consent else { panic!("{account:?}") };
    assert_eq!(agreement.version, "2");
}

#[test]
fn ids_are_read_in_both_spellings() {
    let hex = "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01";
    for spelling in [hex, "0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01", &hex.to_uppercase()] {
        let account = account(json!({
            "uuid": spelling, "user_uuid": spelling, "offering_uuid": spelling,
            "customer_uuid": spelling, "state": "OK",
        }));
        assert_eq!(account.uuid.to_string(), hex);
        assert_eq!(account.user_uuid.unwrap().to_string(), hex);
        assert_eq!(account.offering_uuid.unwrap().to_string(), hex);
        assert_eq!(account.customer_uuid.unwrap().to_string(), hex);
        let [question] = &questions(json!([{"uuid": spelling, "question_type": "date"}]))[..]
        else {
            panic!("one question")
        };
        assert_eq!(question.question.id.0, account.uuid.0);
    }
}

#[test]
fn ids_of_options_keep_their_spelling() {
    let spellings = ["0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "0D6A5F0E-9f1b-4d0c-8a3a-6d1b2c3d4e01"];
    let options = spellings.map(|it| json!({"uuid": it, "label": "A", "order": 1}));
    let [question] = &questions(json!([
        {"uuid": uuid(1), "question_type": "single_select", "question_options": options},
    ]))[..] else {
        panic!("one question")
    };
    let choices = spellings.map(|it| Choice { id: it.to_owned(), label: "A".to_owned() });
    assert_eq!(question.question.kind, Kind::SingleSelect(choices.to_vec()));
}

#[test]
fn moments_are_read_in_both_spellings() {
    for spelling in [
        "2025-09-04T12:00:00.123456+00:00",
        "2025-09-04T12:00:00+00:00",
        "2025-09-04T12:00:00.123456Z",
        "2025-09-04T12:00:00Z",
    ] {
        let account = account(json!({
            "uuid": uuid(1), "state": "OK", "created": spelling, "has_consent": true,
            "consent_data": {"version": "1", "agreement_date": spelling},
        }));
        assert_eq!(account.created.as_str(), spelling);
        let Consent::Given(Some(agreement)) = account.consent else { panic!("{spelling}") };
        assert_eq!(agreement.agreement_date.as_str(), spelling);
    }
}

#[test]
fn states_nobody_knew_keep_their_label() {
    let state = |label: &str| account(json!({"uuid": uuid(1), "state": label})).state;
    for known in State::ALL {
        assert_eq!(state(known.label()), known);
    }
    for label in ["Frozen", "ok", "", "5"] {
        assert_eq!(state(label), State::Unknown(label.to_owned()));
        assert_eq!(state(label).number(), None);
    }
}

#[test]
fn the_compliance_list_counts_its_states() {
    let provider = api::ProviderId(Uuid::nil());
    let state = |number: i64| {
        let row = json!([{"uuid": uuid(1), "state": number, "compliance_status": "pending"}]);
        read(api::compliance_offering_users(provider, None, 1), row).items.remove(0).state
    };
    for (number, known) in (1..).zip(State::ALL) {
        assert_eq!(state(number), known);
    }
    for number in [0, 11, -1, i64::MIN, i64::MAX] {
        assert_eq!(state(number), State::Unknown(number.to_string()));
    }
}

#[test]
fn personal_fields_may_be_missing() {
    let bare = account(json!({"uuid": uuid(1), "state": "Requested"}));
    let nulls = account(json!({
        "uuid": uuid(1), "state": "Requested", "user_uuid": null, "user_username": null,
        "user_full_name": null, "user_email": null, "offering_uuid": null, "offering_name": null,
        "customer_uuid": null, "customer_name": null, "username": null, "runtime_state": null,
        "service_provider_comment": null, "service_provider_comment_url": null,
        "is_restricted": null, "has_consent": null, "requires_reconsent": null,
        "offering_has_active_tos": null, "consent_data": null, "has_compliance_checklist": null,
        "is_profile_complete": null,
    }));
    assert_eq!(bare, nulls);
    assert_eq!((bare.user_full_name, bare.user_email, bare.user_username), (None, None, None));
    assert_eq!((bare.user_uuid, bare.offering_uuid, bare.username), (None, None, None));
}

#[test]
fn an_empty_account_name_is_none() {
    for name in [json!(null), json!("")] {
        let account = account(json!({"uuid": uuid(1), "state": "OK", "username": name}));
        assert_eq!(account.username, None);
    }
}

#[test]
fn keys_nobody_knew_are_passed_over() {
    let extra = json!({"deep": [{"er": null}], "text": "é", "number": 1e300});
    let account = account(json!({"uuid": uuid(1), "state": "OK", "new_in_2030": extra}));
    assert_eq!(account.state, State::Ok);
    let question = json!({"uuid": uuid(1), "question_type": "date", "new_in_2030": extra});
    assert_eq!(questions(json!([question]))[0].question.kind, Kind::Date);
}

#[test]
fn consent_comes_in_four_fields() {
    let agreed = json!({"uuid": uuid(5), "version": "1", "agreement_date": "2025-09-04T12:00:00Z"});
    let consent = |mut fields: serde_json::Value| {
        fields["uuid"] = json!(uuid(1));
        fields["state"] = json!("OK");
        account(fields).consent
    };
    let cases = [
        (json!({"has_consent": false}), Consent::NoneKnown),
        (json!({"has_consent": true}), Consent::Given(None)),
        (json!({"has_consent": true, "requires_reconsent": true}), Consent::Outdated(None)),
        (json!({"has_consent": false, "offering_has_active_tos": false}), Consent::NoTerms),
        (json!({"has_consent": false, "offering_has_active_tos": true}), Consent::Missing),
        // Revoked, and described all the same.
        (
            json!({"has_consent": false, "offering_has_active_tos": true, "consent_data": agreed}),
            Consent::Missing,
        ),
    ];
    for (fields, expected) in cases {
        assert_eq!(consent(fields.clone()), expected, "{fields}");
    }
    let given = consent(json!({"has_consent": true, "consent_data": agreed}));
    assert!(matches!(given, Consent::Given(Some(Agreement { version, .. })) if version == "1"));
}

/// One line per question with its kind.
#[track_caller]
fn check_kinds(list: serde_json::Value, expected: Expect) {
    let questions = questions(list);
    let lines = questions.iter().map(|it| format!("{:?}\n", it.question.kind));
    expected.assert_eq(&lines.collect::<String>());
}

/// A question of every type, with these keys beside the type.
fn of_every_type(keys: serde_json::Value) -> serde_json::Value {
    let types = [
        "boolean",
        "single_select",
        "multi_select",
        "text_input",
        "text_area",
        "number",
        "date",
        "datetime",
        "year",
        "rating",
        "phone_number",
        "email",
        "url",
        "country",
        "likert",
        "rich_text",
        "file",
        "multiple_files",
        "matrix",
        "",
    ];
    let question = |name: &str| {
        let mut question = keys.clone();
        question["uuid"] = json!(uuid(1));
        question["question_type"] = json!(name);
        question
    };
    types.map(question).into_iter().collect()
}

#[test]
fn questions_of_every_type_are_read() {
    let keys = json!({
        "question_options": [{"uuid": "c1", "label": "Health", "order": 1}],
        "min_value": "0.5000", "max_value": 10,
        "allowed_file_types": [".pdf"], "allowed_mime_types": ["application/pdf"],
        "max_file_size_mb": 5, "max_files_count": 2,
        "likert_scale_length": 7, "likert_low_label": "never", "likert_high_label": "always",
        "likert_allow_na": true, "rich_text_char_limit": 500, "rich_text_toolbar_level": "extended",
    });
    check_kinds(
        of_every_type(keys),
        expect![[r#"
        Boolean
        SingleSelect([Choice { id: "c1", label: "Health" }])
        MultiSelect([Choice { id: "c1", label: "Health" }])
        TextInput
        TextArea
        Number(Bounds { min: Some("0.5000"), max: Some("10") })
        Date
        DateTime
        Year(Bounds { min: Some("0.5000"), max: Some("10") })
        Rating(Bounds { min: Some("0.5000"), max: Some("10") })
        PhoneNumber
        Email
        Url
        Country
        Likert(Likert { points: 7, low: "never", high: "always", allow_na: true })
        RichText(RichText { at_most: Some(500), toolbar: Extended })
        File(FileLimits { extensions: [".pdf"], mime_types: ["application/pdf"], max_megabytes: Some(5) })
        MultipleFiles { limits: FileLimits { extensions: [".pdf"], mime_types: ["application/pdf"], max_megabytes: Some(5) }, at_most: Some(2) }
        Unsupported("matrix")
        Unsupported("")
    "#]],
    );
}

#[test]
fn questions_of_every_type_do_without_their_limits() {
    let bare = of_every_type(json!({}));
    check_kinds(
        bare.clone(),
        expect![[r#"
        Boolean
        SingleSelect([])
        MultiSelect([])
        TextInput
        TextArea
        Number(Bounds { min: None, max: None })
        Date
        DateTime
        Year(Bounds { min: None, max: None })
        Rating(Bounds { min: None, max: None })
        PhoneNumber
        Email
        Url
        Country
        Likert(Likert { points: 5, low: "", high: "", allow_na: false })
        RichText(RichText { at_most: None, toolbar: Standard })
        File(FileLimits { extensions: [], mime_types: [], max_megabytes: None })
        MultipleFiles { limits: FileLimits { extensions: [], mime_types: [], max_megabytes: None }, at_most: None }
        Unsupported("matrix")
        Unsupported("")
    "#]],
    );
    let nulls = json!({
        "question_options": null, "min_value": null, "max_value": null,
        "allowed_file_types": null, "allowed_mime_types": null,
        "max_file_size_mb": null, "max_files_count": null,
        "likert_scale_length": null, "likert_low_label": null, "likert_high_label": null,
        "rich_text_char_limit": null, "rich_text_toolbar_level": null,
        "user_guidance": null, "existing_answer": null,
    });
    let kinds = |list| questions(list).into_iter().map(|it| it.question.kind).collect::<Vec<_>>();
    assert_eq!(kinds(of_every_type(nulls)), kinds(bare));
}

#[test]
fn questions_come_in_their_order() {
    let question = |n: u8, order: i64| json!({"uuid": uuid(n), "question_type": "date", "description": n.to_string(), "order": order});
    let list = [question(1, 2), question(2, 1), question(3, 2), question(4, -1), question(5, 1)];
    let texts: Vec<_> = questions(json!(list)).into_iter().map(|it| it.question.text).collect();
    assert_eq!(texts, ["4", "2", "5", "1", "3"]);
}

#[test]
fn blank_guidance_is_none() {
    let guidance = |text: serde_json::Value| {
        let question = json!({"uuid": uuid(1), "question_type": "date", "user_guidance": text});
        questions(json!([question])).remove(0).guidance
    };
    assert_eq!(guidance(json!(null)), None);
    assert_eq!(guidance(json!(" \n")), None);
    assert_eq!(guidance(json!(" Hint ")), Some(" Hint ".to_owned()));
}

#[test]
fn answers_stay_as_they_were_sent() {
    let texts =
        ["null", "true", "5", "5.0", "1e5", "\" 12 \"", "[]", "[\"c1\"]", "{\"b\":1,\"a\":2}"];
    for text in texts {
        let body = format!(
            r#"{{"checklist":{{}},"completion":{{}},"questions":[{{"uuid":"{}","question_type":"x",
            "existing_answer":{{"answer_data":{text},"user":42}}}}]}}"#,
            uuid(1)
        );
        let form = read(api::checklist(ID, false), body);
        let existing = form.questions[0].existing.as_ref().unwrap();
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!((&existing.value, existing.author.as_str()), (&expected, ""));
    }
}

/// In place of a value: there is no such key.
const MISSING: &str = "missing";

/// One line per value of `dependencies_info`: what is known of when the last of five questions is
/// shown.
#[track_caller]
fn check_conditions(values: &[&str], expected: Expect) {
    let lines = values.iter().map(|&case| {
        let mut last = json!({"uuid": uuid(5), "question_type": "date", "description": "Last"});
        if case != MISSING {
            last["dependencies_info"] = serde_json::from_str(case).expect("JSON");
        }
        let mut list: Vec<_> = (1..)
            .zip(["A", "B", "Twin", "Twin"])
            .map(|(n, text)| json!({"uuid": uuid(n), "question_type": "date", "description": text}))
            .collect();
        list.push(last);
        let list = questions(json!(list));
        let FormQuestion { conditions, question, .. } = &list[4];
        let found = match (conditions, &question.visibility) {
            (Conditions::Known, Some(visibility)) => {
                let rules = visibility.conditions.iter().map(|it| {
                    let (parent, required) = (it.parent.0.as_u128(), it.required.python_repr());
                    format!("{parent} {:?} {required}", it.operator)
                });
                format!("Known {:?}: {}", visibility.logic, rules.collect::<Vec<_>>().join(", "))
            }
            (Conditions::Ambiguous(raw), None) => {
                let texts: Vec<_> = raw.iter().map(|it| &it.question_description).collect();
                format!("Ambiguous: {texts:?}")
            }
            (conditions, visibility) => format!("{conditions:?} {visibility:?}"),
        };
        format!("{case}\n    {found}\n")
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn silence_about_conditions_is_not_the_same_as_none() {
    check_conditions(
        &[MISSING, "null", "{}", r#"{"logic":"and","conditions":[]}"#],
        expect![[r#"
            missing
                Unknown None
            null
                Always None
            {}
                Always None
            {"logic":"and","conditions":[]}
                Always None
        "#]],
    );
}

#[test]
fn conditions_are_matched_by_the_words_of_their_parent() {
    check_conditions(
        &[
            r#"{"logic":"and","conditions":[{"question_description":"A","operator":"equals","required_value":true}]}"#,
            r#"{"logic":"or","conditions":[{"question_description":"B","operator":"in","required_value":["x"]},{"question_description":"A","operator":"not_in","required_value":[]}]}"#,
            r#"{"logic":"OR","conditions":[{"question_description":"A","operator":"equals","required_value":1.0}]}"#,
            r#"{"conditions":[{"question_description":"A","operator":"greater","required_value":null}]}"#,
            r#"{"conditions":[{"question_description":"A"}]}"#,
        ],
        expect![[r#"
            {"logic":"and","conditions":[{"question_description":"A","operator":"equals","required_value":true}]}
                Known And: 1 Equals True
            {"logic":"or","conditions":[{"question_description":"B","operator":"in","required_value":["x"]},{"question_description":"A","operator":"not_in","required_value":[]}]}
                Known Or: 2 In ['x'], 1 NotIn []
            {"logic":"OR","conditions":[{"question_description":"A","operator":"equals","required_value":1.0}]}
                Known Or: 1 Equals 1.0
            {"conditions":[{"question_description":"A","operator":"greater","required_value":null}]}
                Known And: 1 Unknown("greater") None
            {"conditions":[{"question_description":"A"}]}
                Known And: 1 Unknown("") None
        "#]],
    );
}

#[test]
fn parents_are_not_guessed() {
    check_conditions(
        &[
            r#"{"logic":"and","conditions":[{"question_description":"Twin","operator":"equals","required_value":true}]}"#,
            r#"{"logic":"or","conditions":[{"question_description":"A","operator":"equals","required_value":true},{"question_description":"Gone","operator":"equals","required_value":true}]}"#,
            r#"{"conditions":[{"question_description":"a","operator":"equals","required_value":true}]}"#,
            r#"{"conditions":[{"question_description":"A ","operator":"equals","required_value":true}]}"#,
            r#"{"conditions":[{"operator":"equals","required_value":true}]}"#,
        ],
        expect![[r#"
            {"logic":"and","conditions":[{"question_description":"Twin","operator":"equals","required_value":true}]}
                Ambiguous: ["Twin"]
            {"logic":"or","conditions":[{"question_description":"A","operator":"equals","required_value":true},{"question_description":"Gone","operator":"equals","required_value":true}]}
                Ambiguous: ["A", "Gone"]
            {"conditions":[{"question_description":"a","operator":"equals","required_value":true}]}
                Ambiguous: ["a"]
            {"conditions":[{"question_description":"A ","operator":"equals","required_value":true}]}
                Ambiguous: ["A "]
            {"conditions":[{"operator":"equals","required_value":true}]}
                Ambiguous: [""]
        "#]],
    );
}

#[test]
fn percentages_are_shown_from_0_to_100() {
    let cases =
        [("0", 0.0), ("100", 100.0), ("6.2", 6.2), ("150.0", 100.0), ("-1", 0.0), ("1e300", 100.0)];
    for (text, shown) in cases {
        let body = format!(r#"{{"completion_percentage": {text}}}"#);
        assert_eq!(read(api::completion_status(ID), body).percentage.shown(), shown, "{text}");
    }
}

#[test]
fn reviewers_see_rules_and_flags() {
    let form = read(
        api::checklist_review(ID),
        json!({
            "checklist": {"uuid": uuid(7), "name": "Data protection"},
            "completion": {
                "is_completed": true, "completion_percentage": 100, "requires_review": true,
                "reviewed_by": null, "reviewed_at": null, "review_notes": "",
                "review_trigger_summary": [
                    {"question": "Which?", "answer": ["c1"], "trigger_value": ["c1"], "operator": "in"},
                    {},
                ],
            },
            "questions": [
                {
                    "uuid": uuid(2), "question_type": "multi_select", "description": "Which?",
                    "order": 2, "operator": "in", "review_answer_value": ["c1"],
                    "always_requires_review": false,
                    "existing_answer": {"answer_data": ["c1"], "requires_review": true},
                },
                {
                    "uuid": uuid(1), "question_type": "boolean", "order": 1, "operator": "",
                    "review_answer_value": null, "always_requires_review": true,
                    "existing_answer": null,
                },
            ],
        }),
    );
    assert!(form.completion.requires_review && form.completion.completion.is_completed);
    assert_eq!(form.completion.reviewed_by_name, None);
    assert_eq!(form.completion.trigger_summary.len(), 2);
    assert_eq!(form.completion.trigger_summary[1].answer, Value::Null);

    let [first, second] = &form.questions[..] else { panic!("{form:?}") };
    assert!(first.trigger.always && !first.requires_review);
    assert!(second.requires_review && second.trigger.fires(&Value::List(vec![Value::from("c1")])));
    assert_eq!(second.base.question.text, "Which?");
}

#[test]
fn a_template_says_nothing_of_conditions() {
    let template = read(
        api::checklist_template(Uuid::nil()),
        json!({
            "checklist": {"uuid": uuid(7), "name": "Data protection"},
            "questions": [{
                "uuid": uuid(1), "question_type": "boolean", "user_guidance": "Hint",
                "guidance_answer_value": [], "guidance_operator": "equals",
                "always_show_guidance": true, "dependency_logic_operator": "and",
            }],
            "initial_visible_questions": [],
        }),
    );
    assert_eq!(template.questions[0].conditions, Conditions::Unknown);
    assert_eq!(template.questions[0].guidance.as_deref(), Some("Hint"));
}

#[test]
fn a_file_is_known_by_its_id() {
    let file = |json: serde_json::Value| {
        StoredFile::of(&serde_json::from_value::<Value>(json).expect("a value"))
    };
    let stored = file(
        json!({"name": "a.pdf", "size": 3, "mime_type": "application/pdf", "stored_file_id": "x"}),
    );
    assert_eq!(stored.map(|it| (it.name, it.size)), Some(("a.pdf".to_owned(), 3)));
    let forged = file(json!({"stored_file_id": "x", "size": -1, "name": null}));
    assert_eq!(forged.map(|it| (it.name, it.size)), Some((String::new(), 0)));
    assert_eq!(file(json!({"name": "a.pdf", "content": "YQ=="})), None);
    assert_eq!(file(json!({"stored_file_id": 5})), None);
    assert_eq!(file(json!(["stored_file_id"])), None);
}

#[test]
fn lists_say_how_many_there_are() {
    let request = || api::list_offering_users(&api::OfferingUserFilter::default());
    let body = json!([{"uuid": uuid(1), "state": "OK"}]).to_string();
    let page =
        request().read(&Response { total: Some(31), ..response(200, body.clone()) }).unwrap();
    assert_eq!((page.items.len(), page.total), (1, 31));
    // A header that another origin may not read is no header.
    assert_eq!(request().read(&response(200, body)).unwrap().total, 1);

    let count = api::count_offering_users(&api::OfferingUserFilter::default());
    let counted = Response { total: Some(31), ..response(200, "") };
    assert_eq!(count.read(&counted), Ok(api::Count(31)));
    assert!(matches!(count.read(&response(200, "")), Err(ApiError::Protocol(_))));
}

#[test]
fn the_completions_list_counts_where_others_list() {
    let row = json!([{
        "offering_user": null, "offering_user_uuid": null, "checklist_name": "Data protection",
        "is_completed": true, "completion_percentage": 100, "unanswered_required_questions": 2,
    }]);
    let page = read(api::completions(None, 1), row);
    assert!(page.items[0].is_completed && page.items[0].offering_user_uuid.is_none());
}

#[test]
fn answers_without_a_promise_are_not_parsed() {
    for body in ["", "null", "<html>OK</html>", "{\"logout_url\": \"https://idp.example.com\"}"] {
        for status in [200, 201, 204] {
            assert_eq!(api::sign_out().read(&response(status, body)), Ok(()));
        }
    }
    let content = vec![0, 159, 146, 150];
    assert_eq!(api::media("x").read(&response(200, content.clone())), Ok(api::Bytes(content)));
}

#[test]
fn answers_that_break_their_promise_are_a_protocol_error() {
    for body in ["", "<html>OK</html>", "{\"detail\": \"OK\"}", "[]", "{\"uuid\":", "{\"uuid\": 1}"]
    {
        let answer = api::retrieve_offering_user(ID).read(&response(200, body));
        assert!(matches!(answer, Err(ApiError::Protocol(_))), "{body}");
        let answer = api::checklist(ID, false).read(&response(200, body));
        assert!(matches!(answer, Err(ApiError::Protocol(_))), "{body}");
    }
}

/// One line per answer to the request, with what is said of it.
#[track_caller]
fn check_faults<T: api::Decode + std::fmt::Debug>(
    request: Request<T>,
    bodies: &[&str],
    expected: Expect,
) {
    let lines = bodies.iter().map(|body| {
        let Err(ApiError::Protocol(fault)) = request.read(&response(200, *body)) else {
            panic!("accepted: {body}")
        };
        format!("{body}\n    {fault}\n")
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn what_is_missing_is_named() {
    check_faults(
        api::retrieve_offering_user(ID),
        &[
            "{}",
            "[]",
            r#"{"uuid": null}"#,
            r#"{"uuid": "0d6a"}"#,
            r#"{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}"#,
            r#"{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": 5}"#,
            r#"{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": "OK", "is_restricted": "no"}"#,
            r#"{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": "OK", "consent_data": 1}"#,
            r#"{"uuid":"#,
            "<html>OK</html>",
        ],
        expect![[r#"
            {}
                uuid is missing
            []
                the answer is not an object
            {"uuid": null}
                uuid is missing
            {"uuid": "0d6a"}
                uuid is not an id
            {"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}
                state is missing
            {"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": 5}
                state is not text
            {"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": "OK", "is_restricted": "no"}
                is_restricted is neither true nor false
            {"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": "OK", "consent_data": 1}
                consent_data is not an object
            {"uuid":
                the answer is not JSON: unexpected end of data: line 1 column 9 (char 8)
            <html>OK</html>
                the answer is not JSON: unexpected character: line 1 column 1 (char 0)
        "#]],
    );
    check_faults(
        api::checklist(ID, false),
        &[
            r#"{"checklist": {}}"#,
            r#"{"checklist": {}, "completion": {}}"#,
            r#"{"checklist": {}, "completion": {}, "questions": {}}"#,
            r#"{"checklist": {}, "completion": {}, "questions": [1]}"#,
            r#"{"checklist": {}, "completion": {"completion_percentage": "5"}, "questions": []}"#,
            r#"{"checklist": {}, "completion": {}, "questions": [{"question_type": "date"}]}"#,
            r#"{"checklist": {}, "completion": {}, "questions": [{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}]}"#,
        ],
        expect![[r#"
            {"checklist": {}}
                completion is missing
            {"checklist": {}, "completion": {}}
                questions is missing
            {"checklist": {}, "completion": {}, "questions": {}}
                questions is not a list
            {"checklist": {}, "completion": {}, "questions": [1]}
                questions is not a list of objects
            {"checklist": {}, "completion": {"completion_percentage": "5"}, "questions": []}
                completion_percentage is not a number
            {"checklist": {}, "completion": {}, "questions": [{"question_type": "date"}]}
                uuid is missing
            {"checklist": {}, "completion": {}, "questions": [{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}]}
                question_type is missing
        "#]],
    );
    check_faults(
        api::compliance_offering_users(api::ProviderId(Uuid::nil()), None, 1),
        &[
            "{}",
            "[1]",
            r#"[{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}]"#,
            r#"[{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": "OK"}]"#,
        ],
        expect![[r#"
            {}
                the answer is not a list
            [1]
                the answer is not a list of objects
            [{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}]
                state is missing
            [{"uuid": "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01", "state": "OK"}]
                state is not a whole number in range
        "#]],
    );
}

#[test]
fn ordinary_people_come_without_flags() {
    let person: Me = read(api::me(), json!({"uuid": uuid(1), "username": "ada"}));
    assert!(!person.is_staff && !person.is_support && person.permissions.is_empty());
    let provider: Me = read(
        api::me(),
        json!({"uuid": uuid(1), "is_staff": false, "permissions": [
            {"role_name": "CUSTOMER.OWNER", "scope_type": "customer", "scope_uuid": uuid(4)},
        ]}),
    );
    let roles: Vec<Role> = read(
        api::roles(),
        json!([{"name": "CUSTOMER.OWNER", "permissions": ["OFFERING.UPDATE_USER"]}]),
    )
    .items;
    let account = account(json!({"uuid": uuid(1), "state": "OK", "customer_uuid": uuid(4)}));
    assert!(Rights::of(&provider, Some(&roles)).may_update(&account));
    assert!(!Rights::of(&provider, Some(&[])).may_update(&account));
    assert!(!Rights::of(&person, Some(&roles)).may_update(&account));
}

#[test]
fn only_the_embedded_backend_names_people() {
    let real: Configuration =
        read(api::configuration(), json!({"WALDUR_CORE": {"SITE_NAME": "X"}}));
    assert!(real.purser.demo_people.is_empty());
    let people = json!({"PURSER": {"demo_people": [{"username": "ada", "password": "ada"}]}});
    assert_eq!(read(api::configuration(), people).purser.demo_people[0].username, "ada");
}

/// One line per refusal, with the error it becomes.
#[track_caller]
fn check_refusals(cases: &[(u16, &str)], expected: Expect) {
    let lines = cases.iter().map(|&(status, body)| {
        let error = api::retrieve_offering_user(ID).read(&response(status, body)).expect_err(body);
        let refusal = format!("{status} {body}");
        format!("{}\n    {error:?}\n", refusal.trim_end())
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn refusals_of_every_shape_are_read() {
    check_refusals(
        &[
            (400, r#"{"comment_url":["Enter a valid URL."]}"#),
            (400, r#"{"comment_url":"Enter a valid URL."}"#),
            (
                400,
                r#"{"non_field_errors":["Either 'offering' URL or 'offering_uuid' is required."]}"#,
            ),
            (400, r#"{"non_field_errors":["A"],"offering":["B","C"],"user":["D"]}"#),
            (400, r#"["It is not allowed to create users for current offering."]"#),
            (400, r#""Bare.""#),
            (
                400,
                r#"{"detail":"Cannot transition to OK from current state: 8. Valid states for operation: Requested."}"#,
            ),
            (400, r#"{"detail":"JSON parse error - Expecting value: line 1 column 1 (char 0)"}"#),
            (400, r#"{"state":{"0":["Not a valid choice."],"1":[]}}"#),
            (400, ""),
            (400, "null"),
            (400, "42"),
            (400, "[]"),
            (400, "{}"),
            (400, "<html>Bad request</html>"),
            (400, "{\"detail\":\"cut of"),
            (413, "<html>Request entity too large</html>"),
        ],
        expect![[r#"
            400 {"comment_url":["Enter a valid URL."]}
                Rejected(ErrorBody { general: [], fields: [("comment_url", ["Enter a valid URL."])], items: [] })
            400 {"comment_url":"Enter a valid URL."}
                Rejected(ErrorBody { general: [], fields: [("comment_url", ["Enter a valid URL."])], items: [] })
            400 {"non_field_errors":["Either 'offering' URL or 'offering_uuid' is required."]}
                Rejected(ErrorBody { general: ["Either 'offering' URL or 'offering_uuid' is required."], fields: [], items: [] })
            400 {"non_field_errors":["A"],"offering":["B","C"],"user":["D"]}
                Rejected(ErrorBody { general: ["A"], fields: [("offering", ["B", "C"]), ("user", ["D"])], items: [] })
            400 ["It is not allowed to create users for current offering."]
                Rejected(ErrorBody { general: ["It is not allowed to create users for current offering."], fields: [], items: [] })
            400 "Bare."
                Rejected(ErrorBody { general: ["Bare."], fields: [], items: [] })
            400 {"detail":"Cannot transition to OK from current state: 8. Valid states for operation: Requested."}
                Rejected(ErrorBody { general: ["Cannot transition to OK from current state: 8. Valid states for operation: Requested."], fields: [], items: [] })
            400 {"detail":"JSON parse error - Expecting value: line 1 column 1 (char 0)"}
                Rejected(ErrorBody { general: ["JSON parse error - Expecting value: line 1 column 1 (char 0)"], fields: [], items: [] })
            400 {"state":{"0":["Not a valid choice."],"1":[]}}
                Rejected(ErrorBody { general: [], fields: [("state", ["Not a valid choice."])], items: [] })
            400
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            400 null
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            400 42
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            400 []
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            400 {}
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            400 <html>Bad request</html>
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            400 {"detail":"cut of
                Rejected(ErrorBody { general: [], fields: [], items: [] })
            413 <html>Request entity too large</html>
                Rejected(ErrorBody { general: [], fields: [], items: [] })
        "#]],
    );
}

#[test]
fn statuses_say_what_to_do_next() {
    check_refusals(
        &[
            (401, r#"{"detail":"Invalid token."}"#),
            (401, ""),
            (403, r#"{"detail":"You do not have permission to perform this action."}"#),
            (403, "<html>Forbidden</html>"),
            (404, r#"{"detail":"No OfferingUser matches the given query."}"#),
            (404, "<html>Not found</html>"),
            (405, r#"{"detail":"Method \"GET\" not allowed."}"#),
            (409, r#"{"detail":"Cannot delete X with existing Y"}"#),
            (424, r#"{"detail":"Off."}"#),
            (429, ""),
            (500, "<html>Server error</html>"),
            (502, ""),
            (302, ""),
            (0, ""),
        ],
        expect![[r#"
            401 {"detail":"Invalid token."}
                SignedOut { detail: "Invalid token." }
            401
                SignedOut { detail: "" }
            403 {"detail":"You do not have permission to perform this action."}
                Forbidden { detail: "You do not have permission to perform this action." }
            403 <html>Forbidden</html>
                Forbidden { detail: "" }
            404 {"detail":"No OfferingUser matches the given query."}
                NotFound
            404 <html>Not found</html>
                NotFound
            405 {"detail":"Method \"GET\" not allowed."}
                Protocol("status 405")
            409 {"detail":"Cannot delete X with existing Y"}
                Conflict { detail: "Cannot delete X with existing Y" }
            424 {"detail":"Off."}
                FeatureOff
            429
                Protocol("status 429")
            500 <html>Server error</html>
                Server { status: 500 }
            502
                Server { status: 502 }
            302
                Protocol("status 302")
            0
                Protocol("status 0")
        "#]],
    );
}

/// One line per position, with the messages for the answer there.
#[track_caller]
fn check_positions(body: &str, expected: Expect) {
    let refused = api::submit_answers(ID, &[]).read(&response(400, body));
    let Err(ApiError::Rejected(error)) = refused else { panic!("{refused:?}") };
    let lines = (0..4).map(|position| format!("{position} {:?}\n", error.at(position)));
    expected.assert_eq(&format!("{:?}\n{}", error.general(), lines.collect::<String>()));
}

#[test]
fn refused_answers_are_found_by_position() {
    check_positions(
        r#"[{}, {"non_field_errors":["Answer value 'abc' is not valid for the question 'Since when?' (type: date)."]},
            {"answer_data":["This field is required."]}, {"question_uuid":["Must be a valid UUID."]}]"#,
        expect![[r#"
            []
            0 []
            1 ["Answer value 'abc' is not valid for the question 'Since when?' (type: date)."]
            2 ["This field is required."]
            3 ["Must be a valid UUID."]
        "#]],
    );
    check_positions(
        r#"[{"non_field_errors":["Question with UUID 0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01 does not exist"]},
            {"non_field_errors":["Question 0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01 does not belong to this checklist"]}]"#,
        expect![[r#"
            []
            0 ["Question with UUID 0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01 does not exist"]
            1 ["Question 0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01 does not belong to this checklist"]
            2 []
            3 []
        "#]],
    );
    // Not about any one answer.
    check_positions(
        r#"{"non_field_errors":["Expected a list of items but got type \"dict\"."]}"#,
        expect![[r#"
            ["Expected a list of items but got type \"dict\"."]
            0 []
            1 []
            2 []
            3 []
        "#]],
    );
    check_positions(
        r#"{"detail":"No checklist configured for this object"}"#,
        expect![[r#"
        ["No checklist configured for this object"]
        0 []
        1 []
        2 []
        3 []
    "#]],
    );
    check_positions(
        "[{}, [[\"nested\"], null], 5, \"bare\"]",
        expect![[r#"
        []
        0 []
        1 ["nested"]
        2 ["5"]
        3 ["bare"]
    "#]],
    );
    check_positions(
        "[{}, {}]",
        expect![[r#"
        []
        0 []
        1 []
        2 []
        3 []
    "#]],
    );
}

#[test]
fn messages_stand_beside_their_field() {
    let body = ErrorBody::read(br#"{"username":["Too long.","Taken."],"detail":"No."}"#);
    assert_eq!(body.for_field("username"), ["Too long.", "Taken."]);
    assert_eq!(body.for_field("detail"), [] as [&str; 0]);
    assert_eq!(body.general(), ["No."]);
    assert_eq!(body.fields().map(|(name, _)| name).collect::<Vec<_>>(), ["username"]);
}

#[test]
fn filters_pass_over_what_is_no_condition() {
    let read = |text: &str| api::OfferingUserFilter::read(&QueryString::parse(text));
    let nothing = api::OfferingUserFilter::default();
    for text in [
        "",
        "?",
        "state=5",
        "state=ok",
        "is_restricted=1",
        "is_restricted=",
        "has_consent=TRUE",
        "page=0",
        "page=-1",
        "page=x",
        "page_size=",
        "user_uuid=x",
        "offering_uuid=,x,",
        "query=",
        "offering_slug=,",
        "tab=answers",
        "%zz=%",
        "&&=&",
    ] {
        assert_eq!(read(text), nothing, "{text}");
    }
    assert_eq!(read("state=OK&state=x&page=3&page=2").state, [State::Ok]);
    assert_eq!(read("page=3&page=2").page, Some(2));
    assert_eq!(read("query=a+b%2Bc").query.as_deref(), Some("a b+c"));
    assert_eq!(read("offering_slug=a,b&offering_slug=c").offering_slug, ["a", "b", "c"]);
}
