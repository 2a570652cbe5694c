//! Creating, reading, changing and deleting, and who may.

use serde_json::{Value, json};

use crate::server::{CHECKLISTS, COLLECTIONS, DEPENDENCIES, OPTIONS, QUESTIONS, Server, all, path};

#[tokio::test]
async fn nobody_but_staff_learns_anything() {
    let server = Server::new();
    let unknown = "0123456789abcdef0123456789abcdef";
    let mut asked = vec![("GET", format!("{CHECKLISTS}{unknown}/questions/"))];
    for collection in COLLECTIONS {
        asked.extend(["GET", "HEAD", "POST"].map(|verb| (verb, collection.to_owned())));
        let one = format!("{collection}{unknown}/");
        asked.extend(["GET", "PUT", "PATCH", "DELETE"].map(|verb| (verb, one.clone())));
    }
    for (verb, path) in &asked {
        let answer = server.send(None, verb, path, Some(json!({}))).await;
        assert_eq!(answer.status, 401, "{verb} {path}");
    }
    for name in ["alice", "pavel", "rita", "sam"] {
        let person = server.sign_in(name).await;
        for (verb, path) in &asked {
            let answer = person.send(verb, path, Some(json!({}))).await;
            assert_eq!(answer.status, 403, "{name} {verb} {path}");
            if *verb != "HEAD" {
                let detail = "You do not have permission to perform this action.";
                assert_eq!(answer.body, json!({ "detail": detail }), "{name} {verb} {path}");
            }
        }
    }
    let stella = server.sign_in("stella").await;
    for (verb, path) in asked.iter().filter(|(_, path)| path.contains(unknown)) {
        let answer = stella.send(verb, path, Some(json!({}))).await;
        assert_eq!(
            (answer.status, answer.body),
            (404, json!({ "detail": "Not found." })),
            "{verb} {path}"
        );
    }
}

#[tokio::test]
async fn a_checklist_is_made_changed_and_deleted() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let made = stella.create(CHECKLISTS, json!({ "name": "  Ethics " })).await;
    let uuid = made["uuid"].as_str().expect("a uuid");
    assert_eq!(uuid.len(), 32);
    let expected = json!({
        "uuid": uuid,
        "url": format!("http://desk.example/api/checklists-admin/{uuid}/"),
        "name": "Ethics",
        "description": "",
        "checklist_type": "project_compliance",
        "questions_count": 0,
    });
    assert_eq!(made, expected);
    let keys: Vec<_> = made.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["uuid", "url", "name", "description", "checklist_type", "questions_count"]);

    let hyphenated = uuid::Uuid::parse_str(uuid).expect("a uuid").hyphenated().to_string();
    let found = stella.get(&format!("{CHECKLISTS}{hyphenated}/?field=name")).await;
    assert_eq!((found.status, found.body), (200, json!({ "name": "Ethics" })));

    let body = json!({ "description": "Who is asked?", "checklist_type": "offering_compliance" });
    let changed = stella.patch(path(&made), body).await;
    assert_eq!((changed.status, &changed.body["name"]), (200, &json!("Ethics")));
    assert_eq!(changed.body["description"], "Who is asked?");
    let replaced = stella.put(path(&made), json!({ "name": "Values" })).await;
    assert_eq!((replaced.status, &replaced.body["name"]), (200, &json!("Values")));
    assert_eq!(replaced.body["checklist_type"], "offering_compliance");
    let nameless = stella.put(path(&made), json!({})).await;
    assert_eq!(
        (nameless.status, nameless.body),
        (400, json!({ "name": ["This field is required."] }))
    );

    let gone = stella.delete(path(&made)).await;
    assert_eq!((gone.status, gone.body), (204, Value::Null));
    assert_eq!(stella.get(path(&made)).await.status, 404);
}

#[tokio::test]
async fn a_checklist_in_use_stays() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Used").await;
    let db = server.database();
    let id: i64 = db
        .query_row("SELECT id FROM checklists WHERE name = 'Used'", [], |row| row.get(0))
        .expect("the checklist");
    let offering: (i64, Option<i64>) = db
        .query_row(
            "SELECT o.id, o.checklist_id FROM offerings o JOIN offering_users a \
             ON a.offering_id = o.id LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .expect("an offering");
    let attach = |checklist: Option<i64>| {
        db.execute("UPDATE offerings SET checklist_id = ?1 WHERE id = ?2", (checklist, offering.0))
    };

    attach(Some(id)).expect("a change");
    let refused = stella.delete(path(&checklist)).await;
    let detail = "Cannot delete checklist with existing offerings";
    assert_eq!((refused.status, refused.body), (409, json!({ "detail": detail })));

    attach(offering.1).expect("a change");
    db.execute(
        "INSERT INTO completions (uuid, offering_user_id, checklist_id, created, modified) \
         SELECT '00000000000000000000000000000099', id, ?1, '', '' FROM offering_users LIMIT 1",
        [id],
    )
    .expect("a completion");
    let refused = stella.delete(path(&checklist)).await;
    let detail = "Cannot delete checklist with existing checklist completions";
    assert_eq!((refused.status, refused.body), (409, json!({ "detail": detail })));

    db.execute("DELETE FROM completions WHERE checklist_id = ?1", [id]).expect("a change");
    assert_eq!(stella.delete(path(&checklist)).await.status, 204);
}

#[tokio::test]
async fn a_new_question_has_the_defaults() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let made = stella.question(&checklist, json!({})).await;
    let expected = json!({
        "uuid": made["uuid"],
        "required": false,
        "description": "",
        "user_guidance": "",
        "question_type": "boolean",
        "order": 0,
        "question_options": [],
        "min_value": null,
        "max_value": null,
        "allowed_file_types": [],
        "allowed_mime_types": [],
        "max_file_size_mb": null,
        "max_files_count": null,
        "likert_scale_length": null,
        "likert_low_label": "",
        "likert_high_label": "",
        "likert_allow_na": false,
        "rich_text_char_limit": null,
        "rich_text_toolbar_level": "standard",
        "operator": "equals",
        "review_answer_value": [],
        "always_requires_review": false,
        "guidance_answer_value": [],
        "guidance_operator": "equals",
        "always_show_guidance": true,
        "dependency_logic_operator": "and",
        "url": format!("http://desk.example{QUESTIONS}{}/", made["uuid"].as_str().expect("a uuid")),
        "checklist_name": "Ethics",
        "checklist_uuid": checklist["uuid"],
        "checklist_type": "offering_compliance",
        "checklist": checklist["url"],
    });
    assert_eq!(made, expected);
    let checklist = stella.get(path(&checklist)).await;
    assert_eq!(checklist.body["questions_count"], 1);
}

#[tokio::test]
async fn a_question_keeps_what_it_was_given() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let fields = json!({
        "description": "How many?",
        "question_type": "number",
        "required": "yes",
        "order": "3",
        "min_value": 0.5,
        "max_value": "10",
        "operator": "equals",
        "review_answer_value": 1.0,
        "user_guidance": "Count twice.",
        "always_show_guidance": false,
        "guidance_operator": "not_equals",
        "guidance_answer_value": 0,
        "dependency_logic_operator": "or",
    });
    let made = stella.question(&checklist, fields).await;
    for (key, value) in [
        ("required", json!(true)),
        ("order", json!(3)),
        ("min_value", json!("0.5000")),
        ("max_value", json!("10.0000")),
        ("review_answer_value", json!(1.0)),
        ("guidance_answer_value", json!(0)),
        ("dependency_logic_operator", json!("or")),
    ] {
        assert_eq!(made[key], value, "{key}");
    }
    let changed = stella.patch(path(&made), json!({ "max_value": null, "order": 4.0 })).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["max_value"], Value::Null);
    assert_eq!(changed.body["order"], 4);
    assert_eq!(changed.body["min_value"], "0.5000");
    let other = stella.checklist("Other").await;
    let moved = stella.put(path(&made), json!({ "checklist": other["url"] })).await;
    assert_eq!((moved.status, &moved.body["checklist_name"]), (200, &json!("Other")));
}

#[tokio::test]
async fn an_option_stays_with_its_question() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let select = |text: &str| json!({ "description": text, "question_type": "single_select" });
    let first = stella.question(&checklist, select("First?")).await;
    let second = stella.question(&checklist, select("Second?")).await;
    stella.option(&first, "No", 2).await;
    let yes = stella.option(&first, "Yes", 1).await;
    assert_eq!(
        yes,
        json!({
            "uuid": yes["uuid"],
            "label": "Yes",
            "order": 1,
            "url": format!("http://desk.example{OPTIONS}{}/", yes["uuid"].as_str().expect("a uuid")),
            "question": first["url"],
            "question_uuid": first["uuid"],
        })
    );
    let question = stella.get(path(&first)).await.body;
    assert_eq!(all(&question["question_options"], "label"), ["Yes", "No"]);
    assert_eq!(question["question_options"][0], yes);

    let moved = json!({ "question": second["url"], "label": "Always" });
    let changed = stella.put(path(&yes), moved).await;
    assert_eq!((changed.status, &changed.body["label"]), (200, &json!("Always")));
    assert_eq!(changed.body["question"], first["url"]);
    assert_eq!(changed.body["order"], 1);
    let ignored = stella.put(path(&yes), json!({ "question": 5, "label": "Always" })).await;
    assert_eq!(ignored.status, 200, "{}", ignored.body);
    let changed = stella.patch(path(&yes), json!({ "order": 9 })).await;
    assert_eq!((&changed.body["label"], &changed.body["order"]), (&json!("Always"), &json!(9)));

    assert_eq!(stella.delete(path(&yes)).await.status, 204);
    let question = stella.get(path(&first)).await.body;
    assert_eq!(all(&question["question_options"], "label"), ["No"]);
}

#[tokio::test]
async fn a_deleted_question_takes_along_what_hangs_on_it() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let ask = |text: &str| json!({ "description": text });
    let first = stella.question(&checklist, ask("First?")).await;
    let second = stella.question(&checklist, ask("Second?")).await;
    let third = stella.question(&checklist, ask("Third?")).await;
    let on_first = stella.depend(&second, &first, "equals", json!(true)).await.body;
    let on_second = stella.depend(&third, &second, "not_equals", json!(true)).await.body;
    let option = stella.option(&second, "Odd, but taken", 0).await;
    assert_eq!(
        on_second,
        json!({
            "uuid": on_second["uuid"],
            "url": format!("http://desk.example{DEPENDENCIES}{}/", on_second["uuid"].as_str().expect("a uuid")),
            "question": third["url"],
            "question_name": "Third?",
            "depends_on_question": second["url"],
            "depends_on_question_name": "Second?",
            "required_answer_value": true,
            "operator": "not_equals",
        })
    );
    assert_eq!(stella.delete(path(&second)).await.status, 204);
    for gone in [&on_first, &on_second, &option] {
        assert_eq!(stella.get(path(gone)).await.status, 404);
    }
    assert_eq!(stella.get(path(&third)).await.status, 200);
    assert_eq!(stella.delete(path(&checklist)).await.status, 204);
    assert_eq!(stella.get(path(&first)).await.status, 404);
}

#[tokio::test]
async fn lists_are_paged_filtered_and_ordered() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Long").await;
    for number in 0..12 {
        let body = json!({ "description": format!("Question {number}"), "order": 12 - number });
        stella.question(&checklist, body).await;
    }
    let uuid = checklist["uuid"].as_str().expect("a uuid");
    let page = stella.get(&format!("{QUESTIONS}?checklist_uuid={uuid}&field=order")).await;
    let orders: Vec<_> = (1..=10).map(|order| json!({ "order": order })).collect();
    assert_eq!(page.body, json!(orders));
    assert_eq!(page.headers["x-result-count"], "12");
    let link = page.headers["link"].to_str().expect("text");
    assert!(link.contains("page=2>; rel=\"next\""), "{link}");
    let last = stella.get(&format!("{QUESTIONS}?checklist_uuid={uuid}&page=2")).await;
    assert_eq!(all(&last.body, "order"), [11, 12]);
    assert_eq!(stella.get(&format!("{QUESTIONS}?checklist_uuid={uuid}&page=3")).await.status, 404);
    let head = stella.send("HEAD", &format!("{QUESTIONS}?checklist_uuid={uuid}"), None).await;
    assert_eq!((head.status, head.body), (200, Value::Null));
    assert_eq!(head.headers["x-result-count"], "12");
    let whole = stella.get(&format!("{}questions/", path(&checklist))).await;
    assert_eq!(whole.body.as_array().map(Vec::len), Some(12));
    assert_eq!(whole.body[0]["description"], "Question 11");

    // The newest comes first, and a record is only found where the filters leave it.
    let intent = json!({ "name": "Intent", "checklist_type": "onboarding_intent" });
    let intent = stella.create(CHECKLISTS, intent).await;
    let everything = stella.get(CHECKLISTS).await;
    assert_eq!(everything.body[0], intent);
    let of_type = async |query: &str| stella.get(&format!("{CHECKLISTS}?{query}")).await;
    let found = of_type("checklist_type=onboarding_intent").await;
    assert_eq!(found.body, json!([intent]));
    let both =
        of_type("checklist_type__in=onboarding_intent&checklist_type__in=offering_compliance")
            .await;
    assert_eq!(both.headers["x-result-count"], "7");
    for name in ["checklist_type", "checklist_type__in"] {
        let refused = of_type(&format!("{name}=none")).await;
        let message = "Select a valid choice. none is not one of the available choices.";
        assert_eq!((refused.status, refused.body), (400, json!({ name: [message] })));
    }
    let elsewhere = format!("{}?checklist_type=offering_compliance", path(&intent));
    assert_eq!(stella.get(&elsewhere).await.status, 404);
}

#[tokio::test]
async fn options_and_dependencies_are_found_by_their_questions() {
    let server = Server::new();
    let stella = server.sign_in("stella").await;
    let checklist = stella.checklist("Ethics").await;
    let select = json!({ "description": "Which?", "question_type": "multi_select" });
    let which = stella.question(&checklist, select).await;
    let why = stella.question(&checklist, json!({ "description": "Why?" })).await;
    let option = stella.option(&which, "This", 0).await;
    let made = stella.depend(&why, &which, "in", json!([option["uuid"]])).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let count = async |collection: &str, name: &str, question: &Value| {
        let uuid = question["uuid"].as_str().expect("a uuid");
        let answer = stella.get(&format!("{collection}?{name}={uuid}")).await;
        answer.body.as_array().expect("a list").len()
    };
    assert_eq!(count(OPTIONS, "question_uuid", &which).await, 1);
    assert_eq!(count(OPTIONS, "question_uuid", &why).await, 0);
    assert_eq!(count(DEPENDENCIES, "question_uuid", &why).await, 1);
    assert_eq!(count(DEPENDENCIES, "question_uuid", &which).await, 0);
    assert_eq!(count(DEPENDENCIES, "depends_on_question_uuid", &which).await, 1);
    assert_eq!(count(DEPENDENCIES, "depends_on_question_uuid", &why).await, 0);
    let refused = stella.get(&format!("{OPTIONS}?question_uuid=x")).await;
    let message = json!({ "question_uuid": ["Enter a valid UUID."] });
    assert_eq!((refused.status, refused.body), (400, message));
}
