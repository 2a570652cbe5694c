use serde_json::{Value, json};

use crate::desk::{Answer, Desk, NCN, RESEARCH_CLOUD, SECURE_ANALYSIS, TAPE_ARCHIVE};

const PROVIDED: &str = "/api/marketplace-provider-offerings/";
const PUBLIC: &str = "/api/marketplace-public-offerings/";

#[tokio::test]
async fn providers_see_their_own_and_everybody_sees_all() {
    let desk = Desk::new();
    let (pavel, rita, alice) =
        (desk.sign_in("pavel").await, desk.sign_in("rita").await, desk.sign_in("alice").await);
    for (person, provided) in [(&pavel, 4), (&rita, 1), (&alice, 0)] {
        assert_eq!(desk.get(Some(person), PROVIDED).await.total, provided);
        assert_eq!(desk.get(Some(person), PUBLIC).await.total, 8);
        let found = desk.ok(person, api::find_offerings("", 300)).await;
        assert_eq!(found.total, provided);
    }
    let other = format!("{PROVIDED}{RESEARCH_CLOUD}/");
    assert_eq!(desk.get(Some(&pavel), &other).await.status, 404);
    let public = desk.ok(&alice, api::public_offering(TAPE_ARCHIVE.parse().expect("an id"))).await;
    assert!(!public.has_compliance_requirements);
}

#[tokio::test]
async fn only_providers_learn_which_checklist_it_is() {
    let desk = Desk::new();
    let pavel = desk.sign_in("pavel").await;
    let own = desk.get(Some(&pavel), &format!("{PROVIDED}{SECURE_ANALYSIS}/")).await.body;
    assert_eq!(own["compliance_checklist"].as_str().map(str::len), Some(32));
    assert_eq!(own["has_compliance_requirements"], json!(true));
    assert_eq!(own["plugin_options"], json!({ "service_provider_can_create_offering_user": true }));
    let without = desk.get(Some(&pavel), &format!("{PROVIDED}{TAPE_ARCHIVE}/")).await.body;
    assert_eq!(without["compliance_checklist"], json!(null));
    let public = desk.get(Some(&pavel), &format!("{PUBLIC}{SECURE_ANALYSIS}/")).await.body;
    assert_eq!(public.get("compliance_checklist"), None);
    assert_eq!(public["has_compliance_requirements"], json!(true));
}

#[tokio::test]
async fn they_are_found_by_a_part_of_a_name() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let names = async |query: &str| {
        let answer = desk.get(Some(&alice), &format!("{PUBLIC}?page_size=300&{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        answer
            .all("name")
            .into_iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(names("name=SUPERCOMP").await, ["Vaskiluoto supercomputer"]);
    assert_eq!(names("query=ravila").await, ["Group storage", "Ravila research cloud"]);
    assert_eq!(names("name=ravila").await, ["Ravila research cloud"]);
    assert_eq!(names(&format!("customer_uuid={NCN}")).await.len(), 4);
    assert_eq!(names(&format!("customer=/api/customers/{NCN}/")).await.len(), 4);
    let (up, mut down) = (names("o=name").await, names("o=-name").await);
    assert_eq!(names("").await, up);
    assert!(up.iter().map(|it| it.to_lowercase()).is_sorted());
    down.reverse();
    assert_eq!(up, down);
}

async fn set(desk: &Desk, who: &str, offering: &str, body: Value) -> Answer {
    let person = desk.sign_in(who).await;
    let url = format!("{PROVIDED}{offering}/update_compliance_checklist/");
    desk.send(Some(&person), "POST", &url, body).await
}

/// A checklist of the demo by its name.
fn checklist(desk: &Desk, offering: &str) -> String {
    let sql = format!(
        "SELECT h.uuid FROM checklists h JOIN offerings o ON o.checklist_id = h.id \
         WHERE o.uuid = '{offering}'"
    );
    desk.data().query_row(&sql, [], |row| row.get(0)).expect("a checklist")
}

fn completions(desk: &Desk, offering: &str, checklist: &str) -> u64 {
    desk.count(&format!(
        "SELECT count(*) FROM completions p JOIN offering_users a ON a.id = p.offering_user_id \
         JOIN offerings o ON o.id = a.offering_id JOIN checklists h ON h.id = p.checklist_id \
         WHERE o.uuid = '{offering}' AND p.offering_id = o.id AND h.uuid LIKE '{checklist}'"
    ))
}

fn accounts(desk: &Desk, offering: &str) -> u64 {
    desk.count(&format!(
        "SELECT count(*) FROM offering_users a JOIN offerings o ON o.id = a.offering_id \
         WHERE o.uuid = '{offering}'"
    ))
}

/// `contract.md` 7.5, all three ways.
#[tokio::test]
async fn completions_of_existing_accounts_follow_the_checklist() {
    let desk = Desk::new();
    let all = accounts(&desk, TAPE_ARCHIVE);
    assert!(all > 0);
    let (first, second) = (checklist(&desk, SECURE_ANALYSIS), checklist(&desk, RESEARCH_CLOUD));
    assert_eq!(completions(&desk, TAPE_ARCHIVE, "%"), 0);
    let hyphens = uuid::Uuid::parse_str(&first).expect("a uuid").to_string();
    for wanted in [&first, &hyphens] {
        let answer =
            set(&desk, "pavel", TAPE_ARCHIVE, json!({ "compliance_checklist": wanted })).await;
        assert_eq!((answer.status, answer.body), (200, json!(null)));
        assert_eq!(completions(&desk, TAPE_ARCHIVE, &first), all);
    }
    let ids = desk.count(
        "SELECT count(*) FROM completions WHERE uuid NOT GLOB '????????????4???[89ab]*' \
         OR length(uuid) <> 32",
    );
    let total = desk.count("SELECT count(*) FROM completions");
    assert!(ids < total - all, "the new ones are of version 4");

    set(&desk, "pavel", TAPE_ARCHIVE, json!({ "compliance_checklist": second })).await;
    assert_eq!(completions(&desk, TAPE_ARCHIVE, &first), 0);
    assert_eq!(completions(&desk, TAPE_ARCHIVE, &second), all);
    set(&desk, "pavel", TAPE_ARCHIVE, json!({ "compliance_checklist": null })).await;
    assert_eq!(completions(&desk, TAPE_ARCHIVE, "%"), 0);
}

#[tokio::test]
async fn answers_stay_where_the_checklist_stays_and_go_where_it_goes() {
    let desk = Desk::new();
    let uuid = checklist(&desk, SECURE_ANALYSIS);
    let answers = "SELECT count(*) FROM answers x JOIN completions p ON p.id = x.completion_id \
                   JOIN offerings o ON o.id = p.offering_id WHERE o.slug = 'secure-analysis'";
    let before = desk.count(answers);
    assert!(before > 0);
    desk.change(
        "INSERT INTO files SELECT 'afile', p.id, 'a', 'text/plain', 1, '' FROM completions p \
         JOIN offerings o ON o.id = p.offering_id WHERE o.slug = 'secure-analysis' LIMIT 1",
    );
    let folder = desk.files();
    desk.put_file("afile");
    for body in [json!({}), json!({ "compliance_checklist": uuid })] {
        assert_eq!(set(&desk, "pavel", SECURE_ANALYSIS, body).await.status, 200);
        assert_eq!(desk.count(answers), before);
    }
    assert_eq!(desk.files(), folder + 1);
    set(&desk, "pavel", SECURE_ANALYSIS, json!({ "compliance_checklist": null })).await;
    assert_eq!(desk.count(answers), 0);
    assert_eq!(desk.files(), folder);
}

#[tokio::test]
async fn choosing_a_checklist_needs_its_right() {
    let desk = Desk::new();
    let body = || json!({ "compliance_checklist": null });
    let url = format!("{PROVIDED}{SECURE_ANALYSIS}/update_compliance_checklist/");
    assert_eq!(desk.send(None, "POST", &url, body()).await.status, 401);
    assert_eq!(set(&desk, "alice", SECURE_ANALYSIS, body()).await.status, 404);
    assert_eq!(set(&desk, "pavel", RESEARCH_CLOUD, body()).await.status, 404);
    assert_eq!(set(&desk, "rita", SECURE_ANALYSIS, body()).await.status, 403);
    assert_eq!(set(&desk, "sam", SECURE_ANALYSIS, body()).await.status, 403);
    let none = "00000000000000000000000000000000";
    for (given, message) in [
        (json!("x"), "Must be a valid UUID.".to_owned()),
        (json!(7), "Must be a valid UUID.".to_owned()),
        (json!(none), format!("Object with uuid={none} does not exist.")),
    ] {
        let answer =
            set(&desk, "pavel", SECURE_ANALYSIS, json!({ "compliance_checklist": given })).await;
        let refusal = json!({ "compliance_checklist": [message] });
        assert_eq!((answer.status, answer.body), (400, refusal));
    }
    assert_eq!(set(&desk, "stella", RESEARCH_CLOUD, body()).await.status, 200);
}
