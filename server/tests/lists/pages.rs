//! Pages, the links between them, and the choice of fields (`contract.md` 1.2).

use purser::Settings;
use serde_json::{Value, json};

use crate::desk::{ACCOUNTS, Answer, Desk};

/// The links of an answer: what each leads to, and where.
fn links(answer: &Answer) -> Vec<(&str, &str)> {
    answer
        .link
        .split(", ")
        .map(|it| {
            let (address, relation) = it.split_once(">; rel=\"").expect("a link");
            (relation.trim_end_matches('"'), address.trim_start_matches('<'))
        })
        .collect()
}

fn desk() -> Desk {
    Desk::new(Settings::default(), "")
}

async fn count(desk: &Desk) -> u64 {
    desk.get("stella", ACCOUNTS).await.total.expect("a count")
}

#[tokio::test]
async fn links_lead_to_the_other_pages_and_keep_all_other_parameters() {
    let desk = desk();
    let last = count(&desk).await.div_ceil(7);
    let base = format!("http://localhost{ACCOUNTS}");
    let rest = "page_size=7&o=-created&state=&field=uuid&field=state&x=%C3%B5%20%26";
    let page = |number: u64| match number {
        1 => format!("{base}?{rest}"),
        _ => format!("{base}?{rest}&page={number}"),
    };
    for (number, expected) in [
        (1, vec![("first", page(1)), ("next", page(2)), ("last", page(last))]),
        (2, vec![("first", page(1)), ("prev", page(1)), ("next", page(3)), ("last", page(last))]),
        (3, vec![("first", page(1)), ("prev", page(2)), ("next", page(4)), ("last", page(last))]),
        (last, vec![("first", page(1)), ("prev", page(last - 1)), ("last", page(last))]),
    ] {
        // The page may stand anywhere among the parameters.
        let (front, back) = rest.split_at("page_size=7&".len());
        let url = format!("{ACCOUNTS}?{front}page={number}&{back}");
        let answer = desk.get("stella", &url).await;
        assert_eq!(answer.status, 200, "{url}");
        let found = links(&answer);
        let expected: Vec<_> = expected.iter().map(|(it, url)| (*it, url.as_str())).collect();
        assert_eq!(found, expected, "page {number}");
        let head = desk.send("stella", "HEAD", &url, &Value::Null).await;
        assert_eq!((head.link, head.total), (answer.link.clone(), answer.total));
    }
}

#[tokio::test]
async fn links_can_be_followed_from_the_first_page_to_the_last_and_back() {
    let desk = desk();
    let all = desk.get("stella", &format!("{ACCOUNTS}?page_size=300")).await;
    for (start, relation, is_backwards) in [("1", "next", false), ("last", "prev", true)] {
        let last = count(&desk).await.div_ceil(9).to_string();
        let start = if start == "last" { &last } else { start };
        let mut url = format!("{ACCOUNTS}?page_size=9&page={start}");
        let mut pages: Vec<Vec<String>> = Vec::new();
        loop {
            let answer = desk.get("stella", &url).await;
            assert_eq!(answer.status, 200, "{url}");
            pages.push(answer.uuids().iter().map(|it| (*it).to_owned()).collect());
            let next = links(&answer).into_iter().find(|(it, _)| *it == relation);
            let Some((_, next)) = next else { break };
            url = next.trim_start_matches("http://localhost").to_owned();
        }
        if is_backwards {
            pages.reverse();
        }
        assert_eq!(pages.concat(), all.uuids());
    }
}

#[tokio::test]
async fn one_page_has_no_neighbours() {
    let desk = desk();
    for query in ["page_size=300", "query=nobody+has+this+name"] {
        let url = format!("{ACCOUNTS}?{query}");
        let answer = desk.get("stella", &url).await;
        let relations: Vec<_> = links(&answer).iter().map(|(it, _)| *it).collect();
        assert_eq!(relations, ["first", "last"], "{query}");
        assert!(links(&answer).iter().all(|(_, url)| !url.contains("page=1")), "{}", answer.link);
        assert_eq!(answer.rows().len() as u64, answer.total.expect("a count"));
    }
}

#[tokio::test]
async fn pages_that_are_not_there_are_not_found() {
    let desk = desk();
    let beyond = (count(&desk).await.div_ceil(10) + 1).to_string();
    let pages =
        [beyond.as_str(), "0", "-1", "x", "1.5", "1x", "4294967296", "99999999999999999999999"];
    for page in pages {
        let url = format!("{ACCOUNTS}?page={page}");
        let answer = desk.get("stella", &url).await;
        assert_eq!(
            (answer.status, &answer.body),
            (404, &json!({ "detail": "Invalid page." })),
            "{page}"
        );
        assert_eq!((answer.total, answer.link.as_str()), (None, ""), "{page}");
        assert_eq!(desk.send("stella", "HEAD", &url, &Value::Null).await.status, 404, "{page}");
    }
    let empty = desk.get("stella", &format!("{ACCOUNTS}?query=nobody+has+this&page=2")).await;
    assert_eq!(empty.status, 404);
    assert_eq!(desk.get("stella", &format!("{ACCOUNTS}?page=x&page=1")).await.status, 200);
}

#[tokio::test]
async fn page_sizes_are_ten_or_what_is_asked_for_up_to_three_hundred() {
    let more = "
        WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 320)
        INSERT INTO users (uuid, username, first_name, last_name, email, organization, job_title)
            SELECT printf('b%031d', n), 'more' || n, '', '', '', '', '' FROM n;
        INSERT INTO offering_users (uuid, user_id, offering_id, state, created, modified)
            SELECT 'd' || substr(uuid, 2), id, 1, 5, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'
            FROM users WHERE username LIKE 'more%';
    ";
    let desk = Desk::new(Settings::default(), more);
    for (size, expected) in [
        ("300", 300),
        ("301", 300),
        ("1000000", 300),
        ("1", 1),
        ("25", 25),
        ("0", 10),
        ("-5", 10),
        ("x", 10),
        ("", 10),
        ("1.5", 10),
    ] {
        let answer = desk.get("stella", &format!("{ACCOUNTS}?page_size={size}")).await;
        assert_eq!((answer.status, answer.rows().len()), (200, expected), "page_size={size}");
    }
    let default = desk.get("stella", ACCOUNTS).await;
    assert_eq!(default.rows().len(), 10);
    let second = desk.get("stella", &format!("{ACCOUNTS}?page_size=1000&page=2")).await;
    let total = second.total.expect("a count");
    assert_eq!(second.rows().len() as u64, total - 300);
}

#[tokio::test]
async fn fields_are_chosen_by_name_and_nothing_inside_them() {
    let desk = desk();
    let whole = desk.get("stella", &format!("{ACCOUNTS}?page_size=1")).await;
    let all: Vec<&String> = whole.rows()[0].as_object().expect("an object").keys().collect();
    let uuid = whole.uuids()[0];
    for (query, expected) in [
        ("field=uuid", vec!["uuid"]),
        ("field=uuid&field=state", vec!["uuid", "state"]),
        ("field=state&field=uuid&field=state", vec!["uuid", "state"]),
        ("field=uuid&field=nope", vec!["uuid"]),
        ("field=uuid&field=", vec!["uuid"]),
        ("field=nope", all.iter().map(|it| it.as_str()).collect()),
        ("field=", all.iter().map(|it| it.as_str()).collect()),
        ("field=UUID", all.iter().map(|it| it.as_str()).collect()),
        ("field=uuid,state", all.iter().map(|it| it.as_str()).collect()),
    ] {
        let list = desk.get("stella", &format!("{ACCOUNTS}?page_size=1&{query}")).await;
        let record = desk.get("stella", &format!("{ACCOUNTS}{uuid}/?{query}")).await;
        for object in [&list.rows()[0], &record.body] {
            let keys: Vec<&str> =
                object.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(keys, expected, "{query}");
        }
        assert_eq!(list.total, whole.total);
    }
    // What is inside a field stays whole, and cannot be asked for by its own name.
    let me = desk.get("pavel", "/api/users/me/?field=permissions&field=role_name").await;
    let keys: Vec<&String> = me.body.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["permissions"]);
    assert!(me.body["permissions"][0]["scope_uuid"].is_string(), "{}", me.body);
}
