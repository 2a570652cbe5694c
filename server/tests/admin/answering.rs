//! Checklists that staff made, as those who answer them see them.

use serde_json::{Value, json};

use crate::server::{OPTIONS, Person, Server, all, path};

const ACCOUNTS: &str = "/api/marketplace-offering-users/";

/// Makes a checklist that of one of alice's accounts, and gives back where the account is.
async fn attach(server: &Server, alice: &Person<'_>, checklist: &Value) -> String {
    let accounts = alice.get(ACCOUNTS).await.body;
    let account = accounts[0]["uuid"].as_str().expect("a uuid").to_owned();
    let db = server.database();
    let changed = db.execute(
        "UPDATE offerings SET checklist_id = (SELECT id FROM checklists WHERE uuid = ?1) \
         WHERE id = (SELECT offering_id FROM offering_users WHERE uuid = ?2)",
        [checklist["uuid"].as_str(), Some(&account)],
    );
    assert_eq!(changed.expect("SQL"), 1);
    let added = db.execute(
        "INSERT INTO completions (uuid, offering_user_id, checklist_id, created, modified) \
         SELECT '00000000000000000000000000000099', a.id, k.id, '', '' \
         FROM offering_users a, checklists k WHERE a.uuid = ?1 AND k.uuid = ?2",
        [Some(account.as_str()), checklist["uuid"].as_str()],
    );
    assert_eq!(added.expect("SQL"), 1);
    format!("{ACCOUNTS}{account}/")
}

async fn submit(alice: &Person<'_>, account: &str, answers: &[(&Value, Value)]) -> Value {
    let answers = answers.iter().map(
        |(question, answer)| json!({ "question_uuid": question["uuid"], "answer_data": answer }),
    );
    let body = Value::Array(answers.collect());
    let answer = alice.post(&format!("{account}submit_answers/"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn conditions_show_and_hide_questions() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let ask = |text: &str, order: u32| json!({ "description": text, "order": order });
    let with = |mut fields: Value, more: Value| {
        fields.as_object_mut().expect("fields").extend(more.as_object().expect("more").clone());
        fields
    };
    let field = with(ask("Which field?", 1), json!({ "question_type": "single_select" }));
    let field = stella.question(&checklist, field).await;
    let physics = stella.option(&field, "Physics", 2).await;
    let biology = stella.option(&field, "Biology", 1).await;
    let count = with(ask("How many people?", 2), json!({ "question_type": "number" }));
    let count = stella.question(&checklist, count).await;
    let either = json!({ "question_type": "text_area", "dependency_logic_operator": "or" });
    let either = stella.question(&checklist, with(ask("Which animals?", 3), either)).await;
    let both = stella.question(&checklist, ask("Is it safe?", 4)).await;
    for question in [&either, &both] {
        let on_field = stella.depend(question, &field, "in", json!([biology["uuid"]])).await;
        assert_eq!(on_field.status, 201, "{}", on_field.body);
        assert_eq!(stella.depend(question, &count, "equals", json!(2)).await.status, 201);
    }

    let alice = server.sign_in("alice").await;
    let account = attach(&server, &alice, &checklist).await;
    let shown = async || {
        let form = alice.get(&format!("{account}checklist/")).await.body;
        all(&form["questions"], "description").into_iter().cloned().collect::<Vec<_>>()
    };
    let form = alice.get(&format!("{account}checklist/?include_all=true")).await.body;
    assert_eq!(all(&form["questions"][0]["question_options"], "label"), ["Biology", "Physics"]);
    assert_eq!(form["questions"][0]["dependencies_info"], Value::Null);
    let info = json!({
        "logic": "or",
        "conditions": [
            { "question_description": "Which field?", "operator": "in", "required_value": [biology["uuid"]] },
            { "question_description": "How many people?", "operator": "equals", "required_value": 2 },
        ],
    });
    assert_eq!(form["questions"][2]["dependencies_info"], info);

    assert_eq!(shown().await, ["Which field?", "How many people?"]);
    submit(&alice, &account, &[(&field, json!([physics["uuid"]])), (&count, json!(2.0))]).await;
    assert_eq!(shown().await, ["Which field?", "How many people?", "Which animals?"]);
    submit(&alice, &account, &[(&field, json!([biology["uuid"]]))]).await;
    assert_eq!(shown().await.len(), 4);
    // What staff change shows at once.
    stella.patch(path(&either), json!({ "dependency_logic_operator": "and" })).await;
    submit(&alice, &account, &[(&count, json!(3))]).await;
    assert_eq!(shown().await, ["Which field?", "How many people?"]);
    assert_eq!(stella.delete(path(&count)).await.status, 204);
    assert_eq!(shown().await, ["Which field?", "Which animals?", "Is it safe?"]);
}

#[tokio::test]
async fn options_are_shown_where_one_can_choose() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let question = stella.question(&checklist, json!({ "question_type": "multi_select" })).await;
    let option = json!({ "question": question["url"], "label": "This" });
    stella.create(OPTIONS, option).await;
    let alice = server.sign_in("alice").await;
    let account = attach(&server, &alice, &checklist).await;
    let options = async || {
        let form = alice.get(&format!("{account}checklist/")).await.body;
        all(&form["questions"][0]["question_options"], "label").len()
    };
    assert_eq!(options().await, 1);
    stella.patch(path(&question), json!({ "question_type": "text_input" })).await;
    assert_eq!(options().await, 0);
}

/// CMP-017.
#[tokio::test]
async fn a_stored_completion_waits_for_the_next_answers() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let first = stella.question(&checklist, json!({ "required": true })).await;
    let alice = server.sign_in("alice").await;
    let account = attach(&server, &alice, &checklist).await;
    let done = submit(&alice, &account, &[(&first, json!(true))]).await;
    assert_eq!(done["completion"]["is_completed"], true);

    let added = stella.question(&checklist, json!({ "required": true, "order": 1 })).await;
    let form = alice.get(&format!("{account}checklist/")).await.body;
    assert_eq!(form["questions"].as_array().map(Vec::len), Some(2));
    assert_eq!(form["completion"]["is_completed"], true);
    assert_eq!(form["completion"]["completion_percentage"], 50.0);
    let open = &form["completion"]["unanswered_required_questions"];
    assert_eq!(all(open, "uuid"), [&added["uuid"]]);
    let saved = submit(&alice, &account, &[]).await;
    assert_eq!(saved["completion"]["is_completed"], false);

    // Deleting what is open changes nothing that is stored either; its answers go with a question.
    assert_eq!(stella.delete(path(&added)).await.status, 204);
    let status = alice.get(&format!("{account}completion_status/")).await.body;
    assert_eq!(
        (&status["is_completed"], &status["completion_percentage"]),
        (&json!(false), &json!(100.0))
    );
    assert_eq!(stella.delete(path(&first)).await.status, 204);
    let db = server.database();
    let answers: i64 = db
        .query_row(
            "SELECT count(*) FROM answers x JOIN completions p ON p.id = x.completion_id \
             WHERE p.uuid = '00000000000000000000000000000099'",
            [],
            |row| row.get(0),
        )
        .expect("SQL");
    assert_eq!(answers, 0);
}
