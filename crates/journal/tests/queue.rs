//! Nothing that changed stays unwritten, nothing is written twice at once, and nobody waits long.

use std::collections::{BTreeMap, BTreeSet};

use journal::{DELAY, Queue};
use proptest::prelude::*;

#[test]
fn a_change_is_due_soon_and_typing_on_does_not_put_it_off() {
    let mut queue = Queue::default();
    assert!(queue.is_settled());
    assert_eq!(queue.next(), None);
    queue.changed('a', 1000);
    assert!(!queue.is_settled());
    assert_eq!(queue.next(), Some(1000 + DELAY));
    for later in 1..DELAY {
        queue.changed('a', 1000 + later);
        assert_eq!(queue.take(1000 + later), []);
    }
    assert_eq!(queue.next(), Some(1000 + DELAY));
    assert_eq!(queue.take(1000 + DELAY), ['a']);
    assert_eq!(queue.next(), None);
    assert!(!queue.is_settled());
    queue.written('a');
    assert!(queue.is_settled());
}

#[test]
fn a_change_during_the_writing_is_written_next() {
    let mut queue = Queue::default();
    queue.changed('a', 0);
    assert_eq!(queue.take(DELAY), ['a']);
    queue.changed('a', 100);
    queue.changed('a', 110);
    assert_eq!(queue.take(1000), [], "two writings at once");
    assert_eq!(queue.next(), None);
    queue.written('a');
    assert_eq!(queue.next(), Some(100 + DELAY));
    assert_eq!(queue.take(1000), ['a']);
    queue.written('a');
    assert!(queue.is_settled());
}

#[test]
fn what_failed_is_tried_again_with_the_next_change_of_anything() {
    let mut queue = Queue::default();
    queue.changed('a', 0);
    assert_eq!(queue.take(DELAY), ['a']);
    assert!(queue.failed('a'));
    assert!(!queue.is_settled());
    assert_eq!(queue.next(), None);
    queue.changed('b', 500);
    assert_eq!(queue.take(500 + DELAY), ['a', 'b']);
}

#[test]
fn a_change_during_a_writing_that_fails_is_tried_at_once_and_no_more() {
    let mut queue = Queue::default();
    queue.changed('a', 0);
    assert_eq!(queue.take(DELAY), ['a']);
    queue.changed('a', 50);
    queue.failed('a');
    assert_eq!(queue.take(50 + DELAY), ['a']);
    queue.failed('a');
    assert_eq!(queue.next(), None);
}

#[test]
fn failures_are_news_once_until_something_is_written() {
    let mut queue = Queue::default();
    let fail = |queue: &mut Queue<char>, key| {
        queue.changed(key, 0);
        queue.take(u64::MAX);
        queue.failed(key)
    };
    assert!(fail(&mut queue, 'a'));
    assert!(!fail(&mut queue, 'a'));
    assert!(!fail(&mut queue, 'b'));
    queue.changed('b', 0);
    queue.take(u64::MAX);
    queue.written('b');
    assert!(fail(&mut queue, 'a'));
}

#[test]
fn in_a_hurry_nothing_waits() {
    let mut queue = Queue::default();
    queue.changed('a', 1000);
    queue.changed('b', 1000);
    queue.changed('c', 1000);
    assert_eq!(queue.take(1000 + DELAY), ['a', 'b', 'c']);
    queue.failed('a');
    queue.changed('b', 2000);
    // `a` failed and is due again with `b`, which is still on its way.
    queue.changed('d', 2000);
    queue.failed('c');
    queue.hurry();
    assert_eq!(queue.take(2000), ['a', 'c', 'd']);
    queue.written('b');
    assert_eq!(queue.take(2000), ['b'], "it waited longer than the writing before it");
    for key in ['a', 'b', 'c', 'd'] {
        queue.written(key);
    }
    assert!(queue.is_settled());
}

#[test]
fn what_was_not_on_its_way_cannot_end() {
    let mut queue = Queue::default();
    queue.written('a');
    assert!(queue.is_settled());
    queue.failed('a');
    assert!(queue.is_settled());
    queue.changed('a', 0);
    queue.written('a');
    assert_eq!(queue.take(DELAY), ['a']);
}

#[test]
fn the_end_of_time_is_no_trouble() {
    let mut queue = Queue::default();
    queue.changed('a', u64::MAX);
    assert_eq!(queue.take(u64::MAX), ['a']);
}

#[derive(Clone, Debug)]
enum Event {
    Type(u8),
    Wait(u64),
    Written(u8),
    Failed(u8),
    Hurry,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0u8..4).prop_map(Event::Type),
        4 => (0u64..60).prop_map(Event::Wait),
        2 => (0u8..4).prop_map(Event::Written),
        1 => (0u8..4).prop_map(Event::Failed),
        1 => Just(Event::Hurry),
    ]
}

proptest! {
    /// A disk that is written as the queue says ends up with the newest state of everything, and
    /// what is typed is on its way within the delay unless the writing before it still lasts or the
    /// disk refused it.
    #[test]
    fn the_disk_ends_up_with_what_was_typed(events in prop::collection::vec(event(), 0..80)) {
        let mut queue = Queue::default();
        let mut now = 0;
        let mut typed = BTreeMap::new();
        let mut disk = BTreeMap::new();
        let mut on_its_way = BTreeMap::new();
        let mut waits_since = BTreeMap::new();
        let mut refused = BTreeSet::new();
        for event in events {
            match event {
                Event::Type(key) => {
                    *typed.entry(key).or_insert(0) += 1;
                    waits_since.entry(key).or_insert(now);
                    refused.clear();
                    queue.changed(key, now);
                }
                Event::Wait(time) => now += time,
                Event::Written(key) => {
                    if let Some(state) = on_its_way.remove(&key) {
                        disk.insert(key, state);
                        queue.written(key);
                    }
                }
                Event::Failed(key) => {
                    if on_its_way.remove(&key).is_some() {
                        queue.failed(key);
                        refused.insert(key);
                        waits_since.remove(&key);
                    }
                }
                Event::Hurry => queue.hurry(),
            }
            for key in queue.take(now) {
                prop_assert!(!on_its_way.contains_key(&key), "two writings at once");
                on_its_way.insert(key, typed[&key]);
                waits_since.remove(&key);
            }
            for (key, since) in &waits_since {
                let busy = on_its_way.contains_key(key);
                prop_assert!(busy || now < since + DELAY, "{key} has waited since {since}, it is {now}");
            }
            prop_assert!(queue.next().is_none_or(|it| it > now));
        }
        // The disk takes everything from now on, and one more key is pressed.
        *typed.entry(9).or_insert(0) += 1;
        queue.changed(9, now);
        for _ in 0..3 {
            queue.hurry();
            for key in queue.take(now) {
                on_its_way.insert(key, typed[&key]);
            }
            for (key, state) in std::mem::take(&mut on_its_way) {
                disk.insert(key, state);
                queue.written(key);
            }
        }
        prop_assert_eq!(disk, typed);
        prop_assert!(queue.is_settled());
    }
}
