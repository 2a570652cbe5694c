//! What migration 0002 makes of a database of the first version.

use purser::Store;
use rusqlite::Connection;

fn rows(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).expect("SQL");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("text")
}

#[test]
fn options_and_dependencies_get_rows_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("purser.sqlite3");
    let db = Connection::open(&file).expect("a database");
    db.execute_batch(include_str!("../../migrations/0001_init.sql")).expect("the first version");
    db.execute_batch(include_str!("before_0002.sql")).expect("its data");
    db.pragma_update(None, "user_version", 1).expect("its number");
    drop(db);

    Store::open(folder.path()).expect("a store").close();

    let db = Connection::open(&file).expect("a database");
    assert_eq!(
        rows(
            &db,
            "SELECT question_id || ' ' || uuid || ' ' || position || ' ' || label FROM question_options ORDER BY id"
        ),
        [
            "1 b0000000000000000000000000000002 2 Second",
            "1 b0000000000000000000000000000001 1 First",
        ]
    );
    assert_eq!(
        rows(
            &db,
            "SELECT question_id || ' ' || parent_id || ' ' || operator || ' ' || required_value FROM question_dependencies ORDER BY id"
        ),
        ["2 1 in [\"b0000000000000000000000000000001\"]", "3 2 equals 1.0", "3 1 is null",]
    );
    let uuids = rows(&db, "SELECT DISTINCT uuid FROM question_dependencies");
    assert_eq!(uuids.len(), 3);
    assert!(uuids.iter().all(|it| it.len() == 32 && it.bytes().all(|b| b.is_ascii_hexdigit())));
    assert_eq!(
        rows(&db, "SELECT config FROM questions WHERE id = 2"),
        [r#"{"description":"How much?","question_type":"number","min_value":"0.5000"}"#]
    );
    assert_eq!(rows(&db, "SELECT data FROM answers").len(), 1);
    assert!(rows(&db, "SELECT 'broken' FROM pragma_foreign_key_check").is_empty());
}
