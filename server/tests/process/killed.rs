//! `kill -9` while answers are being stored: all of them are there afterwards, or none.

use std::{collections::BTreeSet, fs, net::SocketAddr, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::{
    program::{Client, Program, account, demo},
    wire::{self, Answer},
};

const CHECKLIST: &str = "c0000000000000000000000000000001";
/// So many, and so long answers, that storing them takes a while, and that SQLite writes some of
/// them to the disk before the end of the transaction.
const TEXTS: usize = 300;
const LONG: usize = 9000;

/// A checklist of required questions: a file, many texts, and files again.
fn checklist() -> Value {
    let question = |number: usize, kind: &str| {
        json!({
            "uuid": uuid(number),
            "description": format!("Question {number}"),
            "question_type": kind,
            "required": true,
            "order": number,
            "always_requires_review": number == 1,
        })
    };
    let mut questions = vec![question(0, "file")];
    questions.extend((1..=TEXTS).map(|number| question(number, "text_area")));
    questions.push(question(TEXTS + 1, "multiple_files"));
    json!([{ "uuid": CHECKLIST, "name": "Long", "questions": questions }])
}

fn uuid(question: usize) -> String {
    format!("a{question:031x}")
}

/// What a round answers everywhere.
fn text(round: usize, question: usize) -> String {
    format!("round {round}, question {question}: {}", "x".repeat(LONG))
}

/// Files of a round: a name and what is in it.
fn file(round: usize, number: usize) -> (String, String) {
    (format!("round-{round}-{number}.txt"), format!("File {number} of round {round}.\n"))
}

/// The body of a round: every question answered, or, if there is none, every answer taken back.
fn body(round: Option<usize>) -> String {
    let upload = |round, number| {
        let (name, content) = file(round, number);
        json!({ "name": name, "content": STANDARD.encode(content) })
    };
    let answer = |question| match (round, question) {
        (None, _) => Value::Null,
        (Some(round), 0) => upload(round, 0),
        (Some(round), 1..=TEXTS) => json!(text(round, question)),
        (Some(round), _) => json!([upload(round, 1), upload(round, 2)]),
    };
    let item =
        |question| json!({ "question_uuid": uuid(question), "answer_data": answer(question) });
    Value::Array((0..TEXTS + 2).map(item).collect()).to_string()
}

/// The account that answers.
struct Desk {
    data: TempDir,
    alice: Client,
    /// The path of her account.
    account: String,
}

impl Desk {
    fn start(&self) -> Program {
        Program::start(demo(self.data.path()))
    }

    /// Which round's answers are there. Fails if they are of several, or not all there.
    async fn stored(&self, address: SocketAddr) -> Option<usize> {
        let form = self.alice.json(address, &format!("{}checklist/", self.account)).await;
        let questions = form["questions"].as_array().expect("questions");
        assert_eq!(questions.len(), TEXTS + 2);
        let rounds: BTreeSet<_> = questions.iter().map(round_of).collect();
        assert_eq!(rounds.len(), 1, "answers of several rounds: {rounds:?}");
        let round = rounds.into_iter().next().flatten();
        // What follows from the answers is stored beside them.
        assert_eq!(form["completion"]["is_completed"], round.is_some());
        if let Some(round) = round {
            let [first, .., last] = &questions[..] else { panic!("questions") };
            let last = last["existing_answer"]["answer_data"].as_array().expect("files");
            assert_eq!(last.len(), 2);
            for (number, reference) in
                [&first["existing_answer"]["answer_data"]].into_iter().chain(last).enumerate()
            {
                self.find_file(address, reference, file(round, number)).await;
            }
        }
        round
    }

    async fn find_file(
        &self,
        address: SocketAddr,
        reference: &Value,
        (name, content): (String, String),
    ) {
        assert_eq!(reference["name"], name);
        assert_eq!(reference["size"], content.len());
        let id = reference["stored_file_id"].as_str().expect("a reference");
        let answer = self.alice.get(address, &format!("/api/media/{id}/")).await;
        assert_eq!((answer.status, answer.body), (200, content), "{name}");
    }

    /// How many files there are, with those that no answer knows of.
    fn files(&self) -> usize {
        fs::read_dir(self.data.path().join("files")).expect("a folder").count()
    }

    /// Sends a round's answers to a program and kills it `delay` after they began to leave. The
    /// answer, if it still came.
    async fn submit_and_kill(
        &self,
        program: Program,
        round: Option<usize>,
        delay: Duration,
    ) -> Option<Answer> {
        let path = format!("{}submit_answers/", self.account);
        let request = self.alice.request("POST", &path, &body(round));
        let mut stream = TcpStream::connect(program.address).await.expect("a connection");
        let exchange = tokio::spawn(async move {
            // It may be dead before it has read everything.
            let _ = stream.write_all(request.as_bytes()).await;
            wire::read(&mut stream).await.filter(|it| it.is_whole)
        });
        sleep(delay).await;
        program.kill();
        exchange.await.expect("no panic")
    }
}

/// The round that an answer belongs to, if it is exactly what that round answers to this question.
/// The content of files is looked at elsewhere.
fn round_of(question: &Value) -> Option<usize> {
    let number = question["order"].as_u64().expect("a number") as usize;
    let answer = &question["existing_answer"];
    if answer.is_null() {
        return None;
    }
    let answer = &answer["answer_data"];
    let file_name = |answer: &Value| {
        let name = answer["name"].as_str()?.strip_prefix("round-")?.split('-').next()?;
        name.parse().ok()
    };
    let round = match answer {
        Value::String(answer) => {
            let number = answer.strip_prefix("round ").and_then(|it| it.split(',').next());
            number.and_then(|it| it.parse().ok())
        }
        Value::Array(files) => files.first().and_then(file_name),
        file => file_name(file),
    };
    let round = round.unwrap_or_else(|| panic!("an answer of no round: {answer}"));
    if let Value::String(answer) = answer {
        assert!(*answer == text(round, number), "half an answer to question {number}");
    }
    Some(round)
}

/// Between a quarter and one and a half, evenly and the same each time: the fractions of the golden
/// ratio's multiples.
fn spread(number: usize) -> f64 {
    0.25 + 1.25 * (number as f64 * 0.618_034).fract()
}

/// How the rounds ended.
#[derive(Debug, Default)]
struct Tally {
    stored: usize,
    acknowledged: usize,
    lost: usize,
    /// Of the lost, those whose first file had been written: the transaction was open.
    interrupted: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_while_storing_answers_stores_all_of_them_or_none() {
    const ROUNDS: usize = 26;
    /// If chance has not brought all kinds by then, it goes on until here.
    const MOST_ROUNDS: usize = 90;
    let data = tempfile::tempdir().expect("a folder");
    let list = data.path().join("long.json");
    fs::write(&list, checklist().to_string()).expect("a file");
    let mut command = demo(data.path());
    command.arg("--load").arg(list);
    let mut program = Program::start(command);
    let alice = Client::sign_in(program.address, "alice").await;
    let account = account(&alice, program.address, CHECKLIST).await;
    let desk = Desk { data, alice, account };
    assert_eq!(desk.stored(program.address).await, None);

    // Seconds. From a guess it walks to where half of the rounds are stored.
    let mut middle = 0.3;
    let mut before = None;
    let mut tally = Tally::default();
    for number in 0..MOST_ROUNDS {
        if number >= ROUNDS && tally.stored.min(tally.interrupted).min(tally.acknowledged) > 0 {
            break;
        }
        // Now and then all answers are taken back.
        let round = Some(number).filter(|_| number % 6 != 5);
        let delay = Duration::from_secs_f64(middle * spread(number));
        let files = desk.files();
        let answer = desk.submit_and_kill(program, round, delay).await;
        let has_begun = desk.files() > files;
        program = desk.start();
        let now = desk.stored(program.address).await;
        assert!(now == before || now == round, "round {number}: {now:?} after {before:?}");
        if let Some(answer) = answer {
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(now, round, "round {number} was acknowledged");
            tally.acknowledged += 1;
        }
        match (now == round, round.is_some()) {
            // Nothing to take back.
            _ if round == before => {}
            (true, is_full) => {
                tally.stored += 1;
                middle *= if is_full { 0.85 } else { 1.0 };
            }
            (false, is_full) => {
                tally.lost += 1;
                tally.interrupted += usize::from(has_begun);
                middle /= if is_full { 0.85 } else { 1.0 };
            }
        }
        before = now;
    }
    println!("{tally:?}");
    assert!(tally.stored > 0 && tally.lost > 0, "{tally:?}");
    assert!(tally.acknowledged > 0 && tally.interrupted > 0, "{tally:?}");
    assert_eq!(program.stop(), "");
    let database = Connection::open(desk.data.path().join("purser.sqlite3")).expect("a database");
    let verdict: String =
        database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a verdict");
    assert_eq!(verdict, "ok");
}
