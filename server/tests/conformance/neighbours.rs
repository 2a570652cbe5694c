//! Requests beside those that were recorded, decided by the same rules of Waldur's parsers, and
//! hostile ones. `contract.md` 5.5 and 8; Django REST framework 3.16, orjson 3.11, Python 3.13.

use purser::Profile;
use serde_json::{Value, json};

use crate::desk::{Answer, Ask, Desk, Form};

/// A desk with one form of these questions.
fn desk_with(questions: &[Value]) -> (Desk, Form) {
    let desk = Desk::new(Profile::Current, 4);
    let form = desk.form(questions);
    (desk, form)
}

fn submit(desk: &Desk, form: &Form, content_type: Option<&str>, body: &[u8]) -> Answer {
    let path = form.path("submit_answers/");
    let headers = content_type.map(|it| ("content-type", it)).into_iter().collect();
    desk.send(Some("alice"), Ask { method: "POST", path: &path, headers, body: body.to_vec() })
}

#[track_caller]
fn expect(answer: &Answer, status: u16, body: &Value) {
    assert_eq!((answer.status, &answer.json()), (status, body), "{}", answer.text);
}

fn parse_error(reason: &str) -> Value {
    json!({ "detail": format!("JSON parse error - {reason}") })
}

#[test]
fn the_content_type_decides_how_a_body_is_read() {
    let (desk, form) = desk_with(&[json!({ "question_type": "text_input" })]);
    let body = json!([{ "question_uuid": form.questions[0], "answer_data": "ä" }]).to_string();
    let unsupported =
        |kind: &str| json!({ "detail": format!("Unsupported media type \"{kind}\" in request.") });
    for kind in
        ["text/plain;charset=UTF-8", "text/json", "application/jsonx", "json", "application/xml"]
    {
        expect(&submit(&desk, &form, Some(kind), body.as_bytes()), 415, &unsupported(kind));
    }
    expect(&submit(&desk, &form, None, body.as_bytes()), 415, &unsupported(""));
    for kind in [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json; charset=\"UTF-8\"; version=1",
        "application/json; charset=klingon",
        "application/*",
        "*/*",
    ] {
        assert_eq!(submit(&desk, &form, Some(kind), body.as_bytes()).status, 200, "{kind}");
        let shown = desk.question("alice", &form, &form.questions[0]).expect("a question");
        assert_eq!(shown["existing_answer"]["answer_data"], "ä", "{kind}");
    }
    let ascii = submit(&desk, &form, Some("application/json; charset=ascii"), body.as_bytes());
    let at = body.find('ä').expect("it");
    let reason =
        format!("'ascii' codec can't decode byte 0xc3 in position {at}: ordinal not in range(128)");
    expect(&ascii, 400, &parse_error(&reason));
    let latin = submit(&desk, &form, Some("application/json; charset=ISO-8859-1"), body.as_bytes());
    assert_eq!(latin.status, 200);
    let shown = desk.question("alice", &form, &form.questions[0]).expect("a question");
    assert_eq!(shown["existing_answer"]["answer_data"], "Ã¤");
}

#[test]
fn who_may_not_answer_does_not_learn_how_the_body_was() {
    let (desk, form) = desk_with(&[json!({})]);
    let path = form.path("submit_answers/");
    for (who, status) in [(None, 401), (Some("sam"), 403)] {
        let ask = Ask { method: "POST", path: &path, headers: vec![], body: b"\xff".to_vec() };
        assert_eq!(desk.send(who, ask).status, status);
    }
}

#[test]
fn a_body_can_be_empty() {
    let (desk, form) = desk_with(&[json!({})]);
    let no_list = json!({
        "non_field_errors": ["Expected a list of items but got type \"dict\"."],
    });
    for kind in [None, Some("application/json"), Some("text/plain")] {
        expect(&submit(&desk, &form, kind, b""), 400, &no_list);
    }
    let form_type = Some("application/x-www-form-urlencoded");
    assert_eq!(submit(&desk, &form, form_type, b"").status, 200);
    let blank = submit(&desk, &form, Some("application/json"), b" \n");
    let reason = "input data is empty: line 1 column 1 (char 0)";
    expect(&blank, 400, &parse_error(reason));
}

#[test]
fn a_form_can_carry_answers() {
    let (desk, form) = desk_with(&[json!({}), json!({ "question_type": "number" })]);
    let [first, second] = [&form.questions[0], &form.questions[1]];
    let form_type = Some("application/x-www-form-urlencoded; charset=utf-8");
    let body = format!(
        "[0]question_uuid={first}&[0]answer_data=true&%5B7%5Danswer_data=2.0\
         &%5B7%5Dquestion_uuid={second}&other=1"
    );
    let answer = submit(&desk, &form, form_type, body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text);
    for (question, stored) in [(first, json!(true)), (second, json!(2.0))] {
        let shown = desk.question("alice", &form, question).expect("a question");
        assert_eq!(shown["existing_answer"]["answer_data"], stored);
    }
    let body = "[0]question_uuid=&[0]answer_data=yes&[1]=x";
    let answer = submit(&desk, &form, form_type, body.as_bytes());
    let refusals = json!([
        {
            "question_uuid": ["Must be a valid UUID."],
            "answer_data": ["Value must be valid JSON."],
        },
        { "non_field_errors": ["Invalid data. Expected a dictionary, but got str."] },
    ]);
    expect(&answer, 400, &refusals);
}

#[test]
fn what_is_no_text_or_no_json_is_refused_in_the_words_of_the_readers() {
    let (desk, form) = desk_with(&[json!({})]);
    for (body, reason) in [
        (&b"\xef\xbb\xbf[]"[..], "unexpected character: line 1 column 1 (char 0)"),
        (
            b"\xff\xfe[\0]\0",
            "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        (
            b"[\"\xc3\"]",
            "'utf-8' codec can't decode byte 0xc3 in position 2: invalid continuation byte",
        ),
        (b"[\xe2\x82", "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data"),
        (b"[NaN]", "unexpected character: line 1 column 2 (char 1)"),
        (b"[-Infinity]", "no digit after minus sign: line 1 column 3 (char 2)"),
        (b"[\"\\udc00\"]", "invalid high surrogate in string: line 1 column 3 (char 2)"),
        (b"[\"\\ud800\"]", "no low surrogate in string: line 1 column 9 (char 8)"),
        (b"[1e999]", "number is infinity when parsed as double: line 1 column 2 (char 1)"),
    ] {
        expect(&submit(&desk, &form, Some("application/json"), body), 400, &parse_error(reason));
    }
}

#[test]
fn items_and_bodies_can_be_anything() {
    let (desk, form) = desk_with(&[json!({})]);
    const NULL: &str = "This field may not be null.";
    let post = |body: Value| desk.post("alice", &form.path("submit_answers/"), &body);
    let whole = |reason: &str| json!({ "non_field_errors": [reason] });
    expect(&post(json!(null)), 400, &whole("No data provided"));
    for (body, kind) in
        [(json!("x"), "str"), (json!(1), "int"), (json!(1.5), "float"), (json!(true), "bool")]
    {
        let reason = format!("Expected a list of items but got type \"{kind}\".");
        expect(&post(body), 400, &whole(&reason));
    }
    let good = json!({ "question_uuid": form.questions[0], "answer_data": true, "more": {} });
    let no_dictionary =
        |kind: &str| whole(&format!("Invalid data. Expected a dictionary, but got {kind}."));
    let answer = post(json!([good, null, 5, [], 1.0, false]));
    let refusals = json!([
        {},
        [NULL],
        no_dictionary("int"),
        no_dictionary("list"),
        no_dictionary("float"),
        no_dictionary("bool"),
    ]);
    expect(&answer, 400, &refusals);
    let answer = post(json!([{}, { "question_uuid": null }, { "answer_data": null }]));
    let required = "This field is required.";
    let refusals = json!([
        { "question_uuid": [required], "answer_data": [required] },
        { "question_uuid": [NULL], "answer_data": [required] },
        { "question_uuid": [required] },
    ]);
    expect(&answer, 400, &refusals);
    assert_eq!(post(json!([good])).status, 200);
}

#[test]
fn a_question_can_be_named_in_every_way_that_python_reads() {
    let uuid = "0123456789abcdef0123456789abcdef";
    let (desk, form) =
        desk_with(&[json!({ "uuid": uuid }), json!({ "uuid": format!("{:032x}", 7) })]);
    let post = |name: Value| {
        let body = json!([{ "question_uuid": name, "answer_data": true }]);
        desk.post("alice", &form.path("submit_answers/"), &body)
    };
    for name in [
        uuid.to_uppercase(),
        "01234567-89ab-cdef-0123-456789abcdef".to_owned(),
        format!("{{{uuid}}}"),
        format!("urn:uuid:{uuid}"),
        "0-1-2-3456789abcdef0123456789abcdef-".to_owned(),
    ] {
        assert_eq!(post(json!(name)).status, 200, "{name}");
    }
    assert_eq!(post(json!(7)).status, 200);
    let unknown = json!([{
        "non_field_errors": ["Question with UUID 00000000-0000-0000-0000-000000000001 does not exist"],
    }]);
    expect(&post(json!(true)), 400, &unknown);
    let invalid = json!([{ "question_uuid": ["Must be a valid UUID."] }]);
    for name in
        [json!(""), json!("x"), json!(-1), json!(7.0), json!([uuid]), json!({}), json!(1e30)]
    {
        expect(&post(name), 400, &invalid);
    }
}

#[test]
fn numbers_and_texts_come_back_to_the_last_digit() {
    let (desk, form) =
        desk_with(&[json!({ "question_type": "number" }), json!({ "question_type": "text_area" })]);
    let number = |text: &str| {
        let body = format!(r#"[{{"question_uuid":"{}","answer_data":{text}}}]"#, form.questions[0]);
        let answer = submit(&desk, &form, Some("application/json"), body.as_bytes());
        assert_eq!(answer.status, 200, "{text}: {}", answer.text);
        let shown = desk.get("alice", &form.path("checklist/")).text;
        let shown = shown.split("\"answer_data\":").nth(1).and_then(|it| it.split(',').next());
        shown.expect("an answer").to_owned()
    };
    for text in
        ["18446744073709551615", "-9223372036854775808", "0.1", "1.0", "5e-324", "7.038531e-26"]
    {
        assert_eq!(number(text), text);
    }
    for (text, float) in
        [("18446744073709551616", 18_446_744_073_709_551_616.0), ("-1e19", -1e19), ("1E2", 1e2)]
    {
        assert_eq!(number(text).parse(), Ok(float), "{text}");
    }
    let long = "𝔘\u{0}\u{7f}\u{fffd}'\"\\".repeat(100_000);
    let answers = [(form.questions[1].as_str(), json!(long))];
    assert_eq!(desk.submit("alice", &form, &answers).status, 200);
    let shown = desk.question("alice", &form, &form.questions[1]).expect("a question");
    assert!(shown["existing_answer"]["answer_data"] == json!(long));
}

#[test]
fn the_last_of_two_keys_and_of_two_items_counts() {
    let (desk, form) = desk_with(&[json!({ "question_type": "number" })]);
    let uuid = &form.questions[0];
    let body = format!(
        r#"[{{"question_uuid":"{uuid}","answer_data":1}},
            {{"question_uuid":"x","answer_data":"x","question_uuid":"{uuid}","answer_data":3}}]"#
    );
    assert_eq!(submit(&desk, &form, Some("application/json"), body.as_bytes()).status, 200);
    let shown = desk.question("alice", &form, uuid).expect("a question");
    assert_eq!(shown["existing_answer"]["answer_data"], 3);
}

#[test]
fn depth_harms_nobody() {
    let (desk, form) =
        desk_with(&[json!({ "question_type": "file" }), json!({ "question_type": "text_input" })]);
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let body = |question: usize, answer: &str| {
        let question = &form.questions[question];
        format!(r#"[{{"question_uuid":"{question}","answer_data":{answer}}}]"#)
    };
    let send = |body: &str| submit(&desk, &form, Some("application/json"), body.as_bytes());
    // Two levels are the request's own.
    let deepest = nested(1022);
    let refused = send(&body(1, &deepest));
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains(&deepest), "{}", refused.text);
    let reference = |it: &str| format!(r#"{{"stored_file_id":"x","more":{it}}}"#);
    assert_eq!(send(&body(0, &reference(&nested(1021)))).status, 200);
    let shown = desk.get("alice", &form.path("checklist/"));
    assert_eq!(shown.status, 200);
    assert!(shown.text.contains(&nested(1021)));
    let too_deep = send(&body(1, &nested(1023)));
    assert_eq!(too_deep.status, 400);
    assert!(too_deep.text.contains("recursion depth exceeded"), "{}", too_deep.text);
    assert_eq!(send(&"[".repeat(1_000_000)).status, 400);
}

#[test]
fn conditions_compare_to_the_last_digit() {
    // Readers that round twice read some of these wrongly.
    let floats: Vec<f64> = (1..400).map(|number| f64::from(number).sqrt() * 1e-9 / 7.0).collect();
    let desk = Desk::new(Profile::Current, 4);
    let mut questions = Vec::new();
    for float in &floats {
        let parent = desk.uuid();
        questions.push(json!({ "uuid": parent, "question_type": "number" }));
        questions.push(json!({ "dependencies": [{
            "depends_on_question": parent,
            "operator": "equals",
            "required_answer_value": float,
        }]}));
    }
    let form = desk.form(&questions);
    let parents = form.questions.iter().step_by(2).map(String::as_str);
    let answers: Vec<_> = parents.zip(floats.iter().map(|float| json!(float))).collect();
    assert_eq!(desk.submit("alice", &form, &answers).status, 200);
    assert_eq!(desk.visible("alice", &form).map(|it| it.len()), Ok(questions.len()));
}
