//! What each field takes, and the sentence for what it does not.

use serde_json::{Value, json};

use crate::server::{CHECKLISTS, DEPENDENCIES, OPTIONS, Person, QUESTIONS, Server};

/// Sends each value in `field` of an otherwise good body and compares the field's errors.
async fn refuses(stella: &Person<'_>, path: &str, good: &Value, cases: &[(&str, Value, &str)]) {
    for (field, value, message) in cases {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = stella.post(path, body).await;
        let expected = json!({ *field: [message] });
        assert_eq!((answer.status, &answer.body), (400, &expected), "{field}: {value}");
    }
}

const NULL: &str = "This field may not be null.";
const BLANK: &str = "This field may not be blank.";
const REQUIRED: &str = "This field is required.";

#[tokio::test]
async fn of_checklists() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let good = json!({ "name": "n".repeat(150), "description": "d".repeat(2000) });
    stella.create(CHECKLISTS, good.clone()).await;
    let cases = [
        ("name", json!(null), NULL),
        ("name", json!("  "), BLANK),
        ("name", json!(["a"]), "Not a valid string."),
        ("name", json!(true), "Not a valid string."),
        ("name", json!("a\0b"), "Null characters are not allowed."),
        ("name", json!("n".repeat(151)), "Ensure this field has no more than 150 characters."),
        (
            "description",
            json!("d".repeat(2001)),
            "Ensure this field has no more than 2000 characters.",
        ),
        ("checklist_type", json!("x"), "\"x\" is not a valid choice."),
        ("checklist_type", json!(5), "\"5\" is not a valid choice."),
        ("checklist_type", json!(""), "\"\" is not a valid choice."),
    ];
    refuses(&stella, CHECKLISTS, &good, &cases).await;
    let both = stella.post(CHECKLISTS, json!({ "checklist_type": null })).await;
    assert_eq!(both.body, json!({ "name": [REQUIRED], "checklist_type": [NULL] }));
    let numeric = stella.create(CHECKLISTS, json!({ "name": 7 })).await;
    assert_eq!(numeric["name"], "7");
}

#[tokio::test]
async fn of_questions() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let good = json!({ "checklist": checklist["url"], "question_type": "number" });
    let whole = "A valid integer is required.";
    let number = "A valid number is required.";
    let cases = [
        (
            "description",
            json!("d".repeat(2001)),
            "Ensure this field has no more than 2000 characters.",
        ),
        ("user_guidance", json!(null), NULL),
        ("question_type", json!("x"), "\"x\" is not a valid choice."),
        ("required", json!("maybe"), "Must be a valid boolean."),
        ("required", json!(2), "Must be a valid boolean."),
        ("required", json!(null), NULL),
        ("order", json!("first"), whole),
        ("order", json!(1.5), whole),
        ("order", json!(true), whole),
        ("order", json!(-1), "Ensure this value is greater than or equal to 0."),
        (
            "order",
            json!(2_147_483_648_u32),
            "Ensure this value is less than or equal to 2147483647.",
        ),
        ("min_value", json!("low"), number),
        ("min_value", json!(false), number),
        ("max_value", json!("1.00001"), "Ensure that there are no more than 4 decimal places."),
        ("max_file_size_mb", json!("big"), whole),
        ("likert_scale_length", json!(4), "\"4\" is not a valid choice."),
        (
            "likert_low_label",
            json!("l".repeat(201)),
            "Ensure this field has no more than 200 characters.",
        ),
        ("rich_text_toolbar_level", json!("all"), "\"all\" is not a valid choice."),
        ("operator", json!("is"), "\"is\" is not a valid choice."),
        ("review_answer_value", json!(null), NULL),
        ("guidance_operator", json!("is"), "\"is\" is not a valid choice."),
        ("dependency_logic_operator", json!("xor"), "\"xor\" is not a valid choice."),
        ("dependency_logic_operator", json!(""), "\"\" is not a valid choice."),
        ("allowed_file_types", json!(".pdf"), "Expected a list of items but got type \"str\"."),
    ];
    refuses(&stella, QUESTIONS, &good, &cases).await;
    let mut body = good.clone();
    body["allowed_mime_types"] = json!(["a/b", 5, [], ""]);
    let inside = stella.post(QUESTIONS, body).await;
    let errors = json!({ "2": ["Not a valid string."], "3": [BLANK] });
    assert_eq!(inside.body, json!({ "allowed_mime_types": errors }));
    let homeless = stella.post(QUESTIONS, json!({})).await;
    assert_eq!((homeless.status, homeless.body), (400, json!({ "checklist": [REQUIRED] })));
    let array = stella.post(QUESTIONS, json!([])).await;
    let message = "Invalid data. Expected a dictionary, but got list.";
    assert_eq!((array.status, array.body), (400, json!({ "non_field_errors": [message] })));
    for spelling in [json!(3), json!("5"), json!(7)] {
        let fields = json!({ "question_type": "likert", "likert_scale_length": spelling });
        stella.question(&checklist, fields).await;
    }
}

#[tokio::test]
async fn of_options_and_dependencies() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let first = stella.question(&checklist, json!({})).await;
    let second = stella.question(&checklist, json!({})).await;
    let empty = stella.post(OPTIONS, json!({})).await;
    assert_eq!(empty.body, json!({ "question": [REQUIRED], "label": [REQUIRED] }));
    let good = json!({ "question": first["url"], "label": "l".repeat(255) });
    stella.create(OPTIONS, good.clone()).await;
    let cases = [
        ("label", json!(""), BLANK),
        ("label", json!("l".repeat(256)), "Ensure this field has no more than 255 characters."),
        ("order", json!(-1), "Ensure this value is greater than or equal to 0."),
    ];
    refuses(&stella, OPTIONS, &good, &cases).await;
    let empty = stella.post(DEPENDENCIES, json!({})).await;
    assert_eq!(empty.body, json!({ "question": [REQUIRED], "depends_on_question": [REQUIRED] }));
    let good = json!({
        "question": first["url"],
        "depends_on_question": second["url"],
        "required_answer_value": true,
    });
    let made = stella.create(DEPENDENCIES, good.clone()).await;
    assert_eq!(made["operator"], "equals");
    let cases = [
        ("operator", json!(""), "\"\" is not a valid choice."),
        ("operator", json!(null), NULL),
        ("required_answer_value", json!(null), NULL),
    ];
    refuses(&stella, DEPENDENCIES, &good, &cases).await;
}

#[tokio::test]
async fn of_links() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let question = stella.question(&checklist, json!({})).await;
    let uuid = checklist["uuid"].as_str().expect("a uuid");
    let hyphenated = uuid::Uuid::parse_str(uuid).expect("a uuid").hyphenated().to_string();
    for link in [
        format!("http://desk.example{CHECKLISTS}{uuid}/"),
        format!("https://proxy.example:8443{CHECKLISTS}{hyphenated}/"),
        format!("{CHECKLISTS}{uuid}/?x=y"),
    ] {
        stella.create(QUESTIONS, json!({ "checklist": link })).await;
    }
    let no_object = "Invalid hyperlink - Object does not exist.";
    let no_match = "Invalid hyperlink - No URL match.";
    let cases = [
        ("checklist", json!(format!("{CHECKLISTS}{}/", "0".repeat(32))), no_object),
        ("checklist", json!(format!("{CHECKLISTS}x/")), no_object),
        ("checklist", question["url"].clone(), "Invalid hyperlink - Incorrect URL match."),
        ("checklist", json!(uuid), no_match),
        ("checklist", json!(CHECKLISTS), no_match),
        ("checklist", json!("http://"), no_match),
        ("checklist", json!(5), "Incorrect type. Expected URL string, received int."),
        ("checklist", json!({}), "Incorrect type. Expected URL string, received dict."),
        ("checklist", json!(null), NULL),
        ("checklist", json!(""), NULL),
    ];
    refuses(&stella, QUESTIONS, &json!({}), &cases).await;
}
