//! Vectors about what is shown: `operator`, `visibility` and `guidance`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Outcome, Vector,
    forms::{Keyed, dependency, keyed, person, question_of, store, when},
    has_status, is,
};
use crate::{desk::Desk, recordings::operators::type_that_takes};

pub(super) fn operator(desk: &Desk, vector: &Vector) -> Outcome {
    let input = &vector.input;
    let parent = desk.uuid();
    let form = desk.form(&[
        json!({
            "uuid": parent,
            "question_type": type_that_takes(&input["answer"]).unwrap_or("number"),
        }),
        json!({ "dependencies": [dependency(&parent, &input["operator"], &input["required"])] }),
    ]);
    store(desk, &form, "alice", &parent, &input["answer"])?;
    if vector.expected["http_500"] == true {
        return has_status(&desk.get("alice", &form.path("checklist/")), 500);
    }
    let visible = desk.visible("alice", &form)?.contains(&form.questions[1]);
    is("visible", &vector.expected["result"], &json!(visible))
}

pub(super) fn visibility(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    match vector.number() {
        21 => {
            let multi = |on, value| {
                let mut question = when(on, "in", value);
                question["question_type"] = json!("multi_select");
                question
            };
            let form = Keyed::new(
                desk,
                &keyed([
                    ("root", json!({})),
                    ("types", multi("root", json!(true))),
                    ("pci", multi("types", json!(["cards"]))),
                    ("aml", multi("types", json!(["wires"]))),
                ]),
            );
            form.answer(desk, "alice", "root", input["answers"]["root"][0].clone())?;
            is("visible", &expected["visible"], &form.visible(desk)?)
        }
        22 => {
            let questions = serde_json::from_value(input["questions"].clone());
            let form = Keyed::new(desk, &questions.expect("questions"));
            let path = format!(
                "/api/marketplace-offering-users/checklist-template/?parent_uuid={}",
                form.form.offering
            );
            let template = desk.get("alice", &path);
            has_status(&template, 200)?;
            let template = template.json();
            is("questions", &expected["questions"], &form.keys(&template["questions"]))?;
            let initial = "initial_visible_questions";
            is(initial, &expected[initial], &form.keys(&template[initial]))
        }
        23 => {
            let mut hidden = when("A", "equals", json!(true));
            hidden["order"] = json!(2);
            let questions = keyed([("A", json!({ "order": 1 })), ("B", hidden)]);
            let form = Keyed::new(desk, &questions);
            for spelling in ["true", "TRUE"] {
                let path = form.form.path(&format!("checklist/?include_all={spelling}"));
                let shown = form.keys(&desk.get("alice", &path).json()["questions"]);
                is("questions", &expected["questions"], &shown)?;
            }
            Ok(())
        }
        24 => {
            let questions = keyed([("A", json!({})), ("B", when("A", "equals", json!(true)))]);
            let form = Keyed::new(desk, &questions);
            let shown = |query: &str| {
                let path = form.form.path(&format!("checklist/?include_all={query}"));
                form.keys(&desk.get("alice", &path).json()["questions"])
            };
            is("include_all=false", &json!(["A"]), &shown("false"))?;
            is("include_all=1", &json!(["A"]), &shown("1"))
        }
        _ => structured_visibility(desk, input, expected),
    }
}

fn structured_visibility(desk: &Desk, input: &Value, expected: &Value) -> Outcome {
    let answers = input["answers"].as_object().expect("answers");
    let mut questions: BTreeMap<String, Value> = match &input["questions"] {
        Value::Object(questions) => questions.clone().into_iter().collect(),
        _ => keyed([("it", input["question"].clone())]),
    };
    let parents = questions.values().flat_map(|it| it["dependencies"].as_array().into_iter());
    let parents = parents.flatten().filter_map(|it| it["on"].as_str().map(str::to_owned));
    let parents: BTreeSet<String> = parents.chain(answers.keys().cloned()).collect();
    for parent in parents {
        let kind = answers.get(&parent).and_then(|it| type_that_takes(&it[0]));
        let question = questions.entry(parent).or_insert_with(|| json!({}));
        question["question_type"] = json!(kind.unwrap_or("boolean"));
    }
    let form = Keyed::new(desk, &questions);
    for (key, values) in answers {
        for (value, who) in values.as_array().into_iter().flatten().zip(["alice", "rita"]) {
            form.answer(desk, who, key, value.clone())?;
        }
    }
    let visible = form.visible(desk)?;
    match &expected["visible_keys"] {
        Value::Null => {
            let is_visible = visible.as_array().is_some_and(|it| it.contains(&json!("it")));
            is("visible", &expected["visible"], &json!(is_visible))
        }
        keys => is("visible", keys, &visible),
    }
}

pub(super) fn guidance(desk: &Desk, vector: &Vector) -> Outcome {
    let (input, expected) = (&vector.input, &vector.expected);
    if let 15 | 16 = vector.number() {
        let form = desk.form(&[json!({
            "user_guidance": "<text>",
            "always_show_guidance": input["always_show_guidance"],
            "guidance_answer_value": true,
        })]);
        let question = &form.questions[0];
        store(desk, &form, "alice", question, &input["answers"]["owner"])?;
        let viewer = person(input["viewer"].as_str().expect("a person"));
        let shown = desk.question(viewer, &form, question)?;
        return is("user_guidance", &expected["user_guidance"], &shown["user_guidance"]);
    }
    let answer = &input["own_answer"];
    let mut question = question_of(&input["question"]);
    question["question_type"] = json!(type_that_takes(answer).unwrap_or("boolean"));
    let form = desk.form(&[question]);
    let question = &form.questions[0];
    has_status(&desk.submit("alice", &form, &[(question, answer.clone())]), 200)?;
    let shown = &desk.question("alice", &form, question)?["user_guidance"];
    match shown {
        Value::Null => is("shown", &expected["shown"], &json!(false)),
        shown => {
            is("user_guidance", &input["question"]["user_guidance"], shown)?;
            is("shown", &expected["shown"], &json!(true))
        }
    }
}
