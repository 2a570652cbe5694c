//! What may be combined: each rule with what it refuses and what it accepts.

use serde_json::{Value, json};

use crate::server::{DEPENDENCIES, QUESTIONS, Server, path};

/// The one sentence of a refusal.
#[track_caller]
fn refusal(answer: &crate::server::Answer) -> String {
    assert_eq!(answer.status, 400, "{}", answer.body);
    let sentences = answer.body["non_field_errors"].as_array().expect("non_field_errors");
    assert_eq!(sentences.len(), 1);
    sentences[0].as_str().expect("a sentence").to_owned()
}

#[tokio::test]
async fn questions_are_judged_as_a_whole() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let id = "ce00425f1b254887a52c06093c05e207";
    let pair = "Set both operator and review_answer_value, or leave out both.";
    let operator = |name| format!("The operator {name} does not suit this type of question.");
    let value = |text| format!("The value {text} does not suit this type of question.");
    let guidance =
        "Guidance that is not always shown needs guidance_operator and guidance_answer_value.";
    let bounds = "Only questions of type number, year or rating have bounds.";
    let files = "Only questions of type file or multiple_files limit files.";
    let limit = "Limits of files have to be greater than zero.";
    let scale = "Only questions of type likert have a scale.";
    let toolbar = "Only questions of type rich_text have a toolbar and a limit of characters.";
    let refused: [(Value, &str); 36] = [
        (json!({ "operator": "equals" }), pair),
        (json!({ "operator": "equals", "review_answer_value": [] }), pair),
        // Falsy values trigger nothing.
        (json!({ "operator": "equals", "review_answer_value": false }), pair),
        (json!({ "review_answer_value": true }), pair),
        (json!({ "operator": "", "review_answer_value": true }), pair),
        (json!({ "operator": "contains", "review_answer_value": true }), &operator("contains")),
        (json!({ "operator": "equals", "review_answer_value": "true" }), &value("true")),
        (
            json!({ "question_type": "rich_text", "operator": "equals", "review_answer_value": "x" }),
            &operator("equals"),
        ),
        (
            json!({ "question_type": "single_select", "operator": "in", "review_answer_value": [id, id] }),
            &value("['ce00425f1b254887a52c06093c05e207', 'ce00425f1b254887a52c06093c05e207']"),
        ),
        (json!({ "always_show_guidance": false }), guidance),
        (json!({ "always_show_guidance": false, "guidance_operator": "equals" }), guidance),
        (json!({ "always_show_guidance": false, "guidance_answer_value": true }), guidance),
        (
            json!({ "always_show_guidance": false, "guidance_operator": "equals", "guidance_answer_value": null }),
            guidance,
        ),
        (json!({ "guidance_operator": "in" }), &operator("in")),
        (json!({ "question_type": "number", "guidance_answer_value": "many" }), &value("many")),
        (json!({ "min_value": 1 }), bounds),
        (json!({ "question_type": "text_input", "max_value": "0" }), bounds),
        (
            json!({ "question_type": "number", "min_value": "10.0001", "max_value": "10" }),
            "min_value may not be greater than max_value.",
        ),
        (json!({ "allowed_file_types": [".pdf"] }), files),
        (json!({ "allowed_mime_types": ["image/*"] }), files),
        (json!({ "max_file_size_mb": 1 }), files),
        (json!({ "question_type": "url", "max_files_count": 1 }), files),
        (
            json!({ "question_type": "file", "allowed_file_types": [".pdf", "doc"] }),
            "The file type doc has to start with a dot.",
        ),
        (
            json!({ "question_type": "file", "allowed_mime_types": ["image"] }),
            "The MIME type image has to contain a slash.",
        ),
        (json!({ "question_type": "file", "max_file_size_mb": 0 }), limit),
        (json!({ "question_type": "multiple_files", "max_files_count": 0 }), limit),
        (
            json!({ "question_type": "file", "max_files_count": 2 }),
            "Only questions of type multiple_files limit how many files there are.",
        ),
        (json!({ "likert_scale_length": 5 }), scale),
        (json!({ "likert_low_label": "Never" }), scale),
        (json!({ "likert_high_label": "Always" }), scale),
        (json!({ "likert_allow_na": true }), scale),
        (
            json!({ "question_type": "likert" }),
            "A question of type likert needs likert_scale_length.",
        ),
        (json!({ "rich_text_char_limit": 10 }), toolbar),
        (json!({ "rich_text_toolbar_level": "standard" }), toolbar),
        (
            json!({ "question_type": "rich_text", "rich_text_char_limit": 0 }),
            "rich_text_char_limit has to be greater than zero.",
        ),
        (
            json!({ "question_type": "date", "operator": "equals", "review_answer_value": "soon" }),
            &value("soon"),
        ),
    ];
    for (mut body, sentence) in refused {
        body["checklist"] = checklist["url"].clone();
        let answer = stella.post(QUESTIONS, body.clone()).await;
        assert_eq!(refusal(&answer), sentence, "{body}");
    }
    for body in [
        json!({ "operator": "", "review_answer_value": [] }),
        json!({ "operator": "not_equals", "review_answer_value": true }),
        json!({ "always_show_guidance": false, "guidance_operator": "equals", "guidance_answer_value": false }),
        json!({ "guidance_answer_value": null }),
        json!({ "question_type": "single_select", "operator": "in", "review_answer_value": [id] }),
        json!({ "question_type": "multi_select", "operator": "not_in", "review_answer_value": [id, id] }),
        json!({ "question_type": "number", "min_value": 10, "max_value": "10.0000" }),
        json!({ "question_type": "year", "min_value": 1900 }),
        json!({ "question_type": "rating", "max_value": 5 }),
        json!({ "question_type": "file", "allowed_file_types": [".pdf"], "allowed_mime_types": ["application/*"], "max_file_size_mb": 1 }),
        json!({ "question_type": "multiple_files", "max_files_count": 3 }),
        json!({ "question_type": "boolean", "min_value": null, "allowed_file_types": [], "likert_allow_na": false, "likert_low_label": "", "rich_text_char_limit": null, "rich_text_toolbar_level": "" }),
        json!({ "question_type": "likert", "likert_scale_length": 7, "likert_low_label": "Never", "likert_allow_na": true, "operator": "equals", "review_answer_value": "na" }),
        json!({ "question_type": "rich_text", "rich_text_char_limit": 10, "rich_text_toolbar_level": "minimal" }),
        json!({ "question_type": "date", "operator": "equals", "review_answer_value": "31 January 2026" }),
    ] {
        stella.question(&checklist, body).await;
    }
}

#[tokio::test]
async fn a_patch_is_judged_by_what_is_in_it() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let fields = json!({
        "question_type": "number",
        "operator": "equals",
        "review_answer_value": 5,
        "max_value": 10,
    });
    let question = stella.question(&checklist, fields).await;
    let patch = async |body: Value| stella.patch(path(&question), body).await;
    // A pair that is stored does not complete one that is sent.
    for half in [json!({ "operator": "not_equals" }), json!({ "review_answer_value": 6 })] {
        assert!(refusal(&patch(half).await).starts_with("Set both"));
    }
    assert!(
        refusal(&patch(json!({ "always_show_guidance": false })).await).starts_with("Guidance")
    );
    // Conditions are not compared with a type, or a bound with a bound, that is only stored.
    let both = json!({ "operator": "contains", "review_answer_value": ["x"] });
    assert_eq!(patch(both).await.status, 200);
    assert_eq!(patch(json!({ "min_value": 20 })).await.status, 200);
    // Where a field does not belong is, though.
    assert!(refusal(&patch(json!({ "max_files_count": 1 })).await).starts_with("Only questions"));
    assert!(
        refusal(&patch(json!({ "likert_allow_na": true })).await).starts_with("Only questions")
    );
    // A type that is sent counts for both.
    let typed =
        json!({ "question_type": "text_input", "operator": "equals", "review_answer_value": "x" });
    assert!(refusal(&patch(typed).await).starts_with("The operator"));
    assert!(refusal(&patch(json!({ "question_type": "likert" })).await).contains("needs likert"));
    let changed = patch(json!({ "question_type": "text_input" })).await;
    assert_eq!((changed.status, &changed.body["max_value"]), (200, &json!("10.0000")));
}

#[tokio::test]
async fn a_dependency_suits_the_question_it_looks_at() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let number = json!({ "description": "How many?", "question_type": "number" });
    let number = stella.question(&checklist, number).await;
    let text = stella.question(&checklist, json!({ "question_type": "text_area" })).await;
    let rich = stella.question(&checklist, json!({ "question_type": "rich_text" })).await;
    let yes = stella.question(&checklist, json!({})).await;
    let why = stella.question(&checklist, json!({})).await;

    let clash = stella.depend(&why, &number, "contains", json!(5)).await;
    let sentence = "The operator contains does not suit the question it depends on.";
    assert_eq!(refusal(&clash), sentence);
    let clash = stella.depend(&why, &number, "equals", json!([5])).await;
    assert_eq!(refusal(&clash), "The value [5] does not suit the question it depends on.");
    let clash = stella.depend(&why, &rich, "equals", json!("x")).await;
    assert!(refusal(&clash).starts_with("The operator"));
    // Unlike a trigger, a dependency may wait for a falsy value, but not for a missing one.
    let valueless = json!({ "question": why["url"], "depends_on_question": yes["url"] });
    assert!(refusal(&stella.post(DEPENDENCIES, valueless).await).starts_with("The value None"));
    let on_yes = stella.depend(&why, &yes, "equals", json!(false)).await;
    assert_eq!(on_yes.status, 201);
    assert_eq!(stella.depend(&why, &text, "contains", json!(["x"])).await.status, 201);

    // What a change leaves out is judged as it is stored.
    let patch = async |body: Value| stella.patch(path(&on_yes.body), body).await;
    assert_eq!(patch(json!({ "operator": "not_equals" })).await.status, 200);
    assert!(refusal(&patch(json!({ "operator": "in" })).await).starts_with("The operator"));
    assert!(
        refusal(&patch(json!({ "depends_on_question": text["url"] })).await)
            .starts_with("The value")
    );
    let moved = json!({ "depends_on_question": number["url"], "required_answer_value": "5" });
    let moved = patch(moved).await;
    assert_eq!((moved.status, &moved.body["depends_on_question_name"]), (200, &json!("How many?")));
}

#[tokio::test]
async fn questions_do_not_depend_on_themselves() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let mut questions = Vec::new();
    for _ in 0..4 {
        questions.push(stella.question(&checklist, json!({})).await);
    }
    let [a, b, c, d] = &questions[..] else { panic!("four questions") };
    let depend = async |question, on| stella.depend(question, on, "equals", json!(true)).await;
    let itself = json!({ "non_field_errors": ["Question cannot depend on itself"] });
    let refused = depend(a, a).await;
    assert_eq!((refused.status, &refused.body), (400, &itself));
    assert_eq!(depend(a, b).await.status, 201);
    assert_eq!(depend(b, a).await.body, itself);
    assert_eq!(depend(b, c).await.status, 201);
    assert_eq!(depend(c, a).await.body, itself);
    // Only the first dependency of each question is followed.
    assert_eq!(depend(c, d).await.status, 201);
    let second = depend(b, d).await;
    assert_eq!(second.status, 201);
    assert_eq!(depend(d, b).await.body, itself);
    let on_a = depend(d, a).await;
    assert_eq!(on_a.body, itself);
    // A change is looked at in the same way.
    let turned = json!({ "question": c["url"], "depends_on_question": a["url"] });
    assert_eq!(stella.patch(path(&second.body), turned).await.body, itself);
}
