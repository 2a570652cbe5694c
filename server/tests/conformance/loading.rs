//! `purser demo --load FILE.json`.

use purser::{
    Profile,
    demo::{self, LoadError},
};
use serde_json::{Value, json};

use crate::desk::{Desk, uuids};

const HYPHENATED: &str = "0D6A5F0E-9f1b-4d0c-8a3a-6d1b2c3d4e01";
const HEX: &str = "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01";

fn question(number: usize) -> Value {
    json!({ "uuid": format!("{number:032x}") })
}

fn checklist(uuid: &str, questions: &[Value]) -> Value {
    json!({ "uuid": uuid, "name": "A list", "note": "unknown", "questions": questions })
}

fn load(desk: &Desk, checklists: &Value) -> Result<usize, LoadError> {
    desk.load(&checklists.to_string())
}

/// How many rows there are of everything that loading makes.
fn rows(desk: &Desk) -> Vec<i64> {
    let tables =
        ["checklists", "questions", "offerings", "offering_users", "completions", "memberships"];
    let count =
        |table| desk.db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
    tables.into_iter().map(|table| count(table).expect("a number")).collect()
}

#[test]
fn a_checklist_becomes_an_offering_with_an_account() {
    let desk = Desk::new(Profile::Current, 4);
    let mut child = question(2);
    child["dependencies"] = json!([{
        "uuid": "whatever",
        "depends_on_question": format!("{:032x}", 1),
        "operator": "not_an_operator",
        "required_answer_value": [1, 1.0, "1", true, null],
        "admin_api_would_accept": false,
    }]);
    child["user_guidance"] = Value::Null;
    let list = json!([checklist(HYPHENATED, &[question(1), child])]);
    assert_eq!(load(&desk, &list), Ok(1));

    let accounts = desk.fetch("alice", "/api/marketplace-offering-users/?page_size=300");
    let accounts = accounts.expect("a list");
    let account = accounts.as_array().into_iter().flatten();
    let account = account.into_iter().find(|it| it["offering_name"] == HYPHENATED);
    let account = account.expect("an account of alice");
    assert_eq!(account["customer_name"], "Northern Computing Network");
    assert_eq!(account["has_compliance_checklist"], true);
    let path = |action: &str| {
        let uuid = account["uuid"].as_str().expect("a uuid");
        format!("/api/marketplace-offering-users/{uuid}/{action}")
    };
    let form = desk.fetch("alice", &path("checklist/?include_all=true")).expect("a form");
    assert_eq!(form["checklist"]["uuid"], HEX);
    assert_eq!(form["questions"][0]["description"], "Q");
    assert_eq!(
        form["questions"][1]["dependencies_info"]["conditions"][0]["required_value"].to_string(),
        "[1,1.0,\"1\",true,null]"
    );
    for (who, status) in [("rita", 200), ("pavel", 200), ("alice", 403), ("sam", 403)] {
        assert_eq!(desk.get(who, &path("checklist_review/")).status, status, "{who}");
    }
}

#[test]
fn what_is_there_is_left_alone() {
    let desk = Desk::new(Profile::Current, 4);
    assert_eq!(load(&desk, &json!([checklist(HEX, &[question(1)])])), Ok(1));
    let form = desk.form_of(HEX);
    let answers = [(form.questions[0].as_str(), json!(true))];
    assert_eq!(desk.submit("alice", &form, &answers).status, 200);
    let before = rows(&desk);
    let changed = checklist(HYPHENATED, &[question(2), question(3)]);
    assert_eq!(load(&desk, &json!([changed])), Ok(0));
    assert_eq!(rows(&desk), before);
    assert_eq!(desk.visible("alice", &form), Ok(form.questions.clone()));

    // Others beside it come in, the second of the same uuid does not.
    let other = format!("{:032x}", 9);
    let list = json!([changed, checklist(&other, &[question(1)]), checklist(&other, &[])]);
    assert_eq!(load(&desk, &list), Ok(1));
    assert_eq!(desk.form_of(&other).questions, [format!("{:032x}", 1)]);
}

#[test]
fn questions_stand_in_their_order_and_then_in_that_of_the_file() {
    let desk = Desk::new(Profile::Current, 4);
    let with_order = |number, order: i64| {
        let mut question = question(number);
        question["order"] = json!(order);
        question
    };
    let questions = [with_order(4, 2), with_order(3, 1), with_order(2, 2), with_order(1, 1)];
    assert_eq!(load(&desk, &json!([checklist(HEX, &questions)])), Ok(1));
    let form = desk.fetch("alice", &desk.form_of(HEX).path("checklist/")).expect("a form");
    let order: Vec<_> = [3, 1, 4, 2].iter().map(|number| format!("{number:032x}")).collect();
    assert_eq!(uuids(&form["questions"]), order);
}

#[test]
fn bounds_come_back_with_four_places() {
    let desk = Desk::new(Profile::Current, 4);
    for (given, shown) in [
        ("10", "10.0000"),
        ("-0.5", "-0.5000"),
        ("0.0002", "0.0002"),
        ("99999999999.9999", "99999999999.9999"),
        ("1e5", "100000.0000"),
    ] {
        let form = desk.form(&[json!({ "question_type": "number", "min_value": given })]);
        let question = desk.question("alice", &form, &form.questions[0]).expect("a question");
        assert_eq!(question["min_value"], shown);
        assert_eq!(question["max_value"], Value::Null);
    }
}

#[test]
fn a_broken_file_is_refused_in_one_sentence_and_leaves_nothing() {
    let desk = Desk::new(Profile::Current, 4);
    let before = rows(&desk);
    let with = |key: &str, value: Value| {
        let mut question = question(2);
        question[key] = value;
        json!([checklist(HYPHENATED, &[question])])
    };
    let good = checklist(&format!("{:032x}", 9), &[question(5)]);
    let second = "Checklist 2 (0D6A5F0E-9f1b-4d0c-8a3a-6d1b2c3d4e01)";
    for (list, sentence) in [
        (json!({}), "The file has to be a list of checklists.".to_owned()),
        (json!([good, 5]), "Checklist 2 has no uuid.".to_owned()),
        (
            json!([good, { "uuid": 5 }]),
            "Checklist 2 has a wrong uuid: invalid type: integer `5`, expected a string."
                .to_owned(),
        ),
        (json!([good, { "uuid": HYPHENATED }]), format!("{second} has no questions.")),
        (
            json!([good, { "uuid": "x", "questions": [] }]),
            "Checklist 2 (x) has a wrong uuid.".to_owned(),
        ),
        (
            json!([good, checklist(HYPHENATED, &[question(1), question(1)])]),
            format!("{second}: question 2 has the uuid of another."),
        ),
        (
            json!([good, checklist(HYPHENATED, &[json!([])])]),
            format!("{second}: question 1 is no object."),
        ),
        (
            json!([good, with("min_value", json!(5))[0]]),
            format!(
                "{second}: question 1 has a wrong min_value: invalid type: integer `5`, expected a string."
            ),
        ),
        (
            json!([good, with("dependencies", json!([{}]))[0]]),
            format!(
                "{second}: question 1 has a wrong dependencies: missing field `depends_on_question`."
            ),
        ),
        (
            json!([
                good,
                with(
                    "question_options",
                    json!([
                        { "uuid": HEX, "label": "A", "order": 1 },
                        { "uuid": HYPHENATED, "label": "B", "order": 2 },
                    ])
                )[0]
            ]),
            format!("{second}: question 1 has two options with the uuid {HEX}."),
        ),
        (
            json!([
                good,
                with(
                    "dependencies",
                    json!([{
                        "depends_on_question": HEX, "operator": "equals", "required_answer_value": 1,
                    }])
                )[0]
            ]),
            format!("{second}: question 1 depends on a question that is not in its checklist."),
        ),
        (
            json!([good, with("order", json!("first"))[0]]),
            format!(
                "{second}: question 1 has a wrong order: invalid type: string \"first\", expected i64."
            ),
        ),
    ] {
        let error = load(&desk, &list).expect_err(&sentence);
        assert_eq!(error.to_string(), sentence);
        assert_eq!(rows(&desk), before, "{sentence}");
    }
    for (text, sentence) in [
        (
            "",
            "The file is no JSON: Input is a zero-length, empty document: line 1 column 1 (char 0).",
        ),
        ("[{]", "The file is no JSON: unexpected character: line 1 column 3 (char 2)."),
    ] {
        let error = desk.load(text).expect_err(sentence);
        assert_eq!(error.to_string(), sentence);
    }
}

#[test]
fn hostile_files_harm_nobody() {
    let desk = Desk::new(Profile::Current, 4);
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let uuid = format!("{:032x}", 1);
    for value in [nested(1000), nested(200), "1e308".to_owned(), "\"\\u0000\"".to_owned()] {
        for key in ["review_answer_value", "likert_scale_length", "question_options", "description"]
        {
            let text = format!(
                r#"[{{"uuid":"{HEX}","questions":[{{"uuid":"{uuid}","{key}":{value}}}]}}]"#
            );
            if desk.load(&text) == Ok(1) {
                let form = desk.form_of(HEX);
                let shown = desk.get("rita", &form.path("checklist_review/"));
                assert_eq!(shown.status, 200, "{key}: {}", shown.text);
                // The offering and what belongs to it stay; the next one is another.
                desk.sql("DELETE FROM completions", []);
                desk.sql("UPDATE offerings SET checklist_id = NULL", []);
                desk.sql("DELETE FROM checklists WHERE uuid = ?1", [HEX]);
            }
        }
    }
    assert!(desk.load(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn without_the_people_of_the_demo_there_is_nobody_to_load_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = purser::Store::open(folder.path()).expect("a store");
    let error = demo::load(&store, "[]").expect_err("nobody");
    assert_eq!(
        error.to_string(),
        "There is no demo data to load the checklists into: alice is missing."
    );
}
