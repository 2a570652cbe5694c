use serde_json::json;

use crate::desk::{Answer, Desk, Person};

const USERS: &str = "/api/users/";

async fn list(desk: &Desk, person: &Person, query: &str) -> Answer {
    desk.get(Some(person), &format!("{USERS}?page_size=300&{query}")).await
}

async fn names(desk: &Desk, person: &Person, query: &str) -> Vec<String> {
    let answer = list(desk, person, query).await;
    assert_eq!(answer.total, answer.rows().len() as u64, "{query}");
    answer.all("username").into_iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn who_may_look_up_whom() {
    let desk = Desk::new();
    desk.change("UPDATE users SET is_active = 0 WHERE id % 10 = 0 AND id > 10");
    let (all, active) = (
        desk.count("SELECT count(*) FROM users"),
        desk.count("SELECT count(*) FROM users WHERE is_active"),
    );
    assert!(active < all);
    for (name, count) in
        [("stella", all), ("sam", all), ("pavel", active), ("rita", 2), ("alice", 1)]
    {
        let person = desk.sign_in(name).await;
        assert_eq!(list(&desk, &person, "").await.total, count, "{name}");
    }
    let rita = desk.sign_in("rita").await;
    assert_eq!(names(&desk, &rita, "").await, ["pavel", "rita"]);
    let (alice, stella) = (desk.sign_in("alice").await, desk.sign_in("stella").await);
    let pavel = list(&desk, &stella, "username=PAVEL").await.rows()[0]["uuid"].clone();
    let url = format!("{USERS}{}/", pavel.as_str().expect("an id"));
    assert_eq!(desk.get(Some(&rita), &url).await.status, 200);
    assert_eq!(desk.get(Some(&alice), &url).await.status, 404);
    assert_eq!(desk.get(None, &url).await.status, 401);
    let inactive = desk.data();
    let inactive: String = inactive
        .query_row("SELECT uuid FROM users WHERE NOT is_active", [], |row| row.get(0))
        .expect("somebody");
    let url = format!("{USERS}{inactive}/");
    let pavel = desk.sign_in("pavel").await;
    assert_eq!(desk.get(Some(&pavel), &url).await.status, 404);
    assert_eq!(desk.get(Some(&stella), &url).await.body["is_active"], json!(false));
    let hidden = list(&desk, &stella, "is_active=false").await;
    assert_eq!(hidden.total, all - active);
    assert_eq!(list(&desk, &pavel, "is_active=false").await.total, 0);
}

#[tokio::test]
async fn me_is_not_taken_for_an_id_and_nothing_secret_is_told() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    assert_eq!(desk.ok(&alice, api::me()).await.full_name, "Alice Tamm");
    let found = list(&desk, &alice, "").await;
    let mut keys: Vec<_> = found.rows()[0].as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "email",
            "first_name",
            "full_name",
            "is_active",
            "job_title",
            "last_name",
            "organization",
            "url",
            "username",
            "uuid",
        ]
    );
}

#[tokio::test]
async fn people_are_found_by_parts_of_names_and_addresses() {
    let desk = Desk::new();
    desk.change(
        "INSERT INTO users (uuid, username, first_name, last_name, email, organization, job_title) \
         VALUES ('00000000000000000000000000000001', 'zux.q', 'Zuë Anne', 'Quinzell-Öhman', \
                 'ZQ@mail.example', '', '')",
    );
    let pavel = desk.sign_in("pavel").await;
    for query in [
        "query=zu%C3%AB",
        "query=ZU%C3%8B%20anne",
        "query=anne%20zu%C3%AB",
        "query=inzell",
        "query=%C3%B6hman",
        "query=zq%40mail",
        "query=zux.q",
        "user_keyword=quinz",
        "full_name=anne%20quin",
        "email=zq%40MAIL",
        "username=ZUX.Q",
        "query=zu",
        "query=ux",
        "query=z%20q",
        "uuid=00000000000000000000000000000001",
        "query=quinz&is_active=true",
    ] {
        assert_eq!(names(&desk, &pavel, query).await, ["zux.q"], "{query}");
    }
    for query in [
        "query=zuxx",
        "query=inz%20nobody",
        "full_name=zux.q",
        "email=quinzell",
        "username=zux",
        "query=q%40mail",
        "query=%22",
        "query=%00zux",
        "query=zux%22%20OR%20%22a",
        "query=*",
        "query=inzell&is_active=false",
    ] {
        assert_eq!(names(&desk, &pavel, query).await, Vec::<String>::new(), "{query}");
    }
    let all = list(&desk, &pavel, "").await.total;
    assert_eq!(list(&desk, &pavel, "query=%20").await.total, all);

    desk.change("UPDATE users SET last_name = 'Married' WHERE username = 'zux.q'");
    assert_eq!(list(&desk, &pavel, "query=quinzell").await.total, 0);
    assert_eq!(names(&desk, &pavel, "query=zu%20married").await, ["zux.q"]);
    desk.change("UPDATE users SET is_active = 0 WHERE username = 'zux.q'");
    assert_eq!(list(&desk, &pavel, "query=married").await.total, 0);
    desk.change("DELETE FROM users WHERE username = 'zux.q'");
    let stella = desk.sign_in("stella").await;
    assert_eq!(list(&desk, &stella, "query=married").await.total, 0);
}

#[tokio::test]
async fn they_come_by_full_name() {
    let desk = Desk::new();
    let pavel = desk.sign_in("pavel").await;
    for query in ["", "query=a", "query=example", "query=ma"] {
        let all = list(&desk, &pavel, query).await;
        let by =
            |row: &serde_json::Value| (row["first_name"].to_string(), row["last_name"].to_string());
        assert!(all.rows().iter().map(by).is_sorted(), "{query}");
        let mut pages = Vec::new();
        for page in 1..=all.total.div_ceil(3) {
            let url = format!("{USERS}?page_size=3&page={page}&{query}");
            pages.extend_from_slice(desk.get(Some(&pavel), &url).await.rows());
        }
        assert_eq!(pages, all.rows(), "{query}");
        let mut down = list(&desk, &pavel, &format!("{query}&o=-full_name")).await.rows().to_vec();
        down.reverse();
        assert_eq!(
            down.iter().map(by).collect::<Vec<_>>(),
            all.rows().iter().map(by).collect::<Vec<_>>()
        );
    }
}

/// The database decides what comes first, so that capital letters come before small ones, except
/// in user names.
#[tokio::test]
async fn every_order_is_that_of_the_database() {
    let desk = Desk::new();
    desk.change(
        "INSERT INTO users (uuid, username, first_name, last_name, email, organization, job_title) \
         VALUES (lower(hex(randomblob(16))), 'b-one', 'anna', 'Tamm', 'same@x', '', ''), \
                (lower(hex(randomblob(16))), 'B-Two', 'Anna', 'tamm', 'same@x', '', ''), \
                (lower(hex(randomblob(16))), 'a-last', 'Anna', 'Tamm', 'Same@x', '', ''), \
                (lower(hex(randomblob(16))), 'c-first', 'Anna', 'Tamm', '', '', ''), \
                (lower(hex(randomblob(16))), 'C-empty', '', 'Ärm', '\u{f8}', '', '')",
    );
    let stella = desk.sign_in("stella").await;
    for change in
        [None, Some("UPDATE users SET first_name = 'zoe', email = 'A' WHERE username = 'b-one'")]
    {
        change.iter().for_each(|sql| desk.change(sql));
        for (order, sql) in [
            ("full_name", "first_name, last_name, id"),
            ("-full_name", "first_name DESC, last_name DESC, id"),
            ("first_name", "first_name, id"),
            ("-last_name", "last_name DESC, id"),
            ("username", "username, id"),
            ("-username", "username DESC, id"),
            ("email", "email, id"),
            ("last_name,-email", "last_name, email DESC, id"),
            ("first_name,-first_name,-username", "first_name, username DESC, id"),
            (",", "id"),
        ] {
            let data = desk.data();
            let mut statement = data
                .prepare(&format!("SELECT username FROM users ORDER BY {sql}"))
                .expect("an order");
            let rows = statement.query_map([], |row| row.get(0)).expect("rows");
            let expected: Vec<String> = rows.map(|it| it.expect("a name")).collect();
            let found = names(&desk, &stella, &format!("o={order}")).await;
            assert_eq!(found, expected, "{order}");
        }
    }
    assert_eq!(list(&desk, &stella, "o=-shoe").await.status, 400);
}
