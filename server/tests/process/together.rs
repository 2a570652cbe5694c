//! Many people at once on the same accounts: nothing fails, and what each of them was told can have
//! happened in one order.

use std::{
    collections::{BTreeMap, HashSet},
    net::SocketAddr,
};

use api::{State, Transition};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    program::{Client, Program, demo, json_of},
    wire::Answer,
};

const ACCOUNTS: &str = "/api/marketplace-offering-users/";
/// Few enough that they get into each other's way.
const SHARED: usize = 6;
/// What each of those who work does, so many that each account has gone on and been seen.
const ACTS: usize = 150;

/// What the test knows of an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Account {
    state: State,
    comment: String,
}

impl Account {
    fn read(row: &Value) -> Self {
        let text = |key: &str| row[key].as_str().expect("text").to_owned();
        let state = State::from_label(&text("state"));
        Self { state, comment: text("service_provider_comment") }
    }
}

/// What somebody did to an account or saw of it.
#[derive(Debug)]
enum Act {
    Moved(Transition),
    /// It was not in a state for that.
    Refused(Transition),
    Commented(String),
    Saw(Account),
}

impl Act {
    /// The account after this, if it was possible before.
    fn follow(&self, before: &Account) -> Option<Account> {
        match self {
            Self::Moved(transition) => transition.sources().contains(&before.state).then(|| {
                let clears = *transition == Transition::SetValidationComplete;
                let comment = if clears { String::new() } else { before.comment.clone() };
                Account { state: transition.target(), comment }
            }),
            Self::Refused(transition) => {
                (!transition.sources().contains(&before.state)).then(|| before.clone())
            }
            Self::Commented(comment) => {
                Some(Account { comment: comment.clone(), ..before.clone() })
            }
            Self::Saw(seen) => (seen == before).then(|| before.clone()),
        }
    }
}

/// An act, and between which moments it happened.
#[derive(Debug)]
struct Event {
    began: Instant,
    ended: Instant,
    act: Act,
}

/// Whether the events can have happened one after the other, each between its moments, and all of
/// them from `before` on.
fn have_an_order(mut events: Vec<Event>, before: Account) -> bool {
    events.sort_by_key(|it| it.began);
    // Each is an account and which events have not led to it: all from a first one on, but for some.
    let mut seen = HashSet::new();
    let mut open = vec![(before, (0..events.len()).collect::<Vec<_>>())];
    while let Some((account, left)) = open.pop() {
        if left.is_empty() {
            return true;
        }
        let first_end = left.iter().map(|it| events[*it].ended).min().expect("an event");
        // An event that began after another's end did not happen before it.
        let next = left.iter().take_while(|it| events[**it].began <= first_end);
        for index in next {
            if let Some(account) = events[*index].act.follow(&account) {
                let left: Vec<_> = left.iter().copied().filter(|it| it != index).collect();
                if seen.insert((account.clone(), left.clone())) {
                    open.push((account, left));
                }
            }
        }
    }
    false
}

/// One of those who work at the same time.
struct Worker {
    address: SocketAddr,
    name: usize,
    stella: Client,
    /// Somebody who looks at lists, and how many accounts they see.
    reader: (Client, String),
    accounts: Vec<String>,
    random: u64,
    events: Vec<(String, Event)>,
}

impl Worker {
    async fn work(mut self) -> Vec<(String, Event)> {
        for number in 0..ACTS {
            let index = self.below(SHARED);
            let account = self.accounts[index].clone();
            match self.below(10) {
                0..5 => self.transition(&account).await,
                5..7 => self.comment(&account, format!("{} {number}", self.name)).await,
                7..9 => self.look(&account).await,
                _ => self.list().await,
            }
        }
        self.events
    }

    async fn transition(&mut self, account: &str) {
        // From the state that this leads to there is no way on.
        let possible = Transition::ALL.into_iter().filter(|it| *it != Transition::SetDeleted);
        let possible: Vec<_> = possible.collect();
        let transition = possible[self.below(possible.len())];
        let path = format!("{ACCOUNTS}{account}/{}/", transition.action());
        let began = Instant::now();
        let answer = self.stella.send(self.address, "POST", &path, &json!({})).await;
        let act = match answer.status {
            200 => Act::Moved(transition),
            400 => {
                let reason = json_of(&answer)["detail"].as_str().expect("a reason").to_owned();
                assert!(reason.starts_with("Cannot transition to "), "{reason}");
                Act::Refused(transition)
            }
            _ => panic!("{path}: {answer:?}"),
        };
        self.note(account, began, act);
    }

    async fn comment(&mut self, account: &str, comment: String) {
        let path = format!("{ACCOUNTS}{account}/update_comments/");
        let body = json!({ "service_provider_comment": comment });
        let began = Instant::now();
        let answer = self.stella.send(self.address, "PATCH", &path, &body).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        self.note(account, began, Act::Commented(comment));
    }

    async fn look(&mut self, account: &str) {
        let began = Instant::now();
        let row = self.stella.json(self.address, &format!("{ACCOUNTS}{account}/")).await;
        self.note(account, began, Act::Saw(Account::read(&row)));
    }

    /// A list is whole, whatever happens to the accounts in it.
    async fn list(&mut self) {
        let (reader, total) = &self.reader;
        let answer = list(reader, self.address, "").await;
        assert_eq!(answer.all("x-result-count"), [total]);
        let rows = json_of(&answer);
        assert_eq!(rows.as_array().expect("a list").len().to_string(), *total);
    }

    fn note(&mut self, account: &str, began: Instant, act: Act) {
        self.events.push((account.to_owned(), Event { began, ended: Instant::now(), act }));
    }

    /// A number below `end`, different in each worker and the same each time.
    fn below(&mut self, end: usize) -> usize {
        // Knuth's.
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) as usize % end
    }
}

async fn list(client: &Client, address: SocketAddr, filter: &str) -> Answer {
    let path = format!("{ACCOUNTS}?page_size=300{filter}");
    let answer = client.get(address, &path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

/// The accounts by their uuids.
async fn accounts(stella: &Client, address: SocketAddr, filter: &str) -> BTreeMap<String, Account> {
    let rows = json_of(&list(stella, address, filter).await);
    let rows = rows.as_array().expect("a list").iter();
    let uuid = |row: &Value| row["uuid"].as_str().expect("a uuid").to_owned();
    rows.map(|row| (uuid(row), Account::read(row))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn many_at_once_do_not_get_into_each_others_way() {
    const WORKERS: usize = 8;
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(demo(folder.path()));
    let address = program.address;
    let stella = Client::sign_in(address, "stella").await;
    let before = accounts(&stella, address, "").await;
    assert_eq!(before.len(), 20);
    let moving = before.iter().filter(|(_, it)| it.state != State::Deleted);
    let shared: Vec<_> = moving.map(|(uuid, _)| uuid.clone()).take(SHARED).collect();

    let mut workers = Vec::new();
    let mut readers = ["alice", "pavel", "rita", "stella"].into_iter().cycle();
    for name in 0..WORKERS {
        let reader = Client::sign_in(address, readers.next().expect("a name")).await;
        let total = list(&reader, address, "").await.all("x-result-count")[0].to_owned();
        workers.push(Worker {
            address,
            name,
            stella: Client::sign_in(address, "stella").await,
            reader: (reader, total),
            accounts: shared.clone(),
            random: name as u64,
            events: Vec::new(),
        });
    }
    let running: Vec<_> = workers.into_iter().map(|it| tokio::spawn(it.work())).collect();
    let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for worker in running {
        for (account, event) in worker.await.expect("no panic") {
            events.entry(account).or_default().push(event);
        }
    }

    let after = accounts(&stella, address, "").await;
    for (uuid, was) in &before {
        let is = after[uuid].clone();
        let Some(mut events) = events.remove(uuid) else {
            assert_eq!(is, *was);
            continue;
        };
        let moved = events.iter().filter(|it| matches!(it.act, Act::Moved(_))).count();
        assert!(moved > 0, "none of {} moved it", events.len());
        let now = Instant::now();
        events.push(Event { began: now, ended: now, act: Act::Saw(is) });
        assert!(have_an_order(events, was.clone()), "{uuid} from {was:?} to {:?}", after[uuid]);
    }
    // Lists are made from what is kept in memory, accounts from what is stored.
    for state in after.values().map(|it| &it.state) {
        let filter = format!("&state={}", state.label().replace(' ', "%20"));
        let found = accounts(&stella, address, &filter).await;
        let expected = after.iter().filter(|(_, it)| it.state == *state);
        assert!(found.iter().eq(expected), "{state:?}: {found:?}");
    }
    assert_eq!(program.stop(), "");
}
