//! The app's own requests, as `crates/api` makes them, against the router in one process.

mod desk;
mod samples;
#[path = "../support/sign_in.rs"]
mod sign_in;
#[path = "../support/desk.rs"]
mod support;

use api::{ApiError, CommentUpdate, Consent, OfferingUserFilter, Reason, State, Transition};
use checklist::Value;

use desk::{Desk, Person};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[tokio::test]
async fn signing_in_needs_the_right_password() {
    let desk = Desk::new();
    let answer = desk.send(None, api::sign_in("alice", "wrong")).await;
    assert!(
        matches!(answer, Err(ApiError::SignedOut { detail }) if detail == "Invalid username/password.")
    );
    assert!(desk.send(None, api::sign_in("ALICE", "demo")).await.is_ok());
}

#[tokio::test]
async fn a_name_that_failed_four_times_is_locked() {
    let desk = Desk::new();
    for _ in 0..4 {
        let answer = desk.send(None, api::sign_in("rita", "wrong")).await;
        assert!(matches!(answer, Err(ApiError::SignedOut { .. })));
    }
    let answer = desk.send(None, api::sign_in("rita", "demo")).await;
    assert!(matches!(answer, Err(ApiError::SignedOut { detail }) if detail.contains("locked")));
    assert!(desk.send(None, api::sign_in("alice", "demo")).await.is_ok());
}

#[tokio::test]
async fn a_token_ends_with_its_session() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    assert_eq!(desk.ok(&alice, api::me()).await.full_name, "Alice Tamm");
    desk.ok(&alice, api::sign_out()).await;
    assert!(matches!(desk.try_as(&alice, api::me()).await, Err(ApiError::SignedOut { .. })));
}

#[tokio::test]
async fn people_see_the_accounts_that_concern_them() {
    let desk = Desk::new();
    let count = async |name: &str| {
        let person = desk.sign_in(name).await;
        desk.ok(&person, api::count_offering_users(&OfferingUserFilter::default())).await.0
    };
    assert_eq!(count("alice").await, 4);
    assert_eq!(count("stella").await, 400);
    assert_eq!(count("sam").await, 400);
    let (pavel, rita) = (count("pavel").await, count("rita").await);
    assert!(4 < rita && rita < pavel && pavel < 400, "rita {rita}, pavel {pavel}");
}

#[tokio::test]
async fn filters_narrow_and_pages_follow_each_other() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    let all = OfferingUserFilter { state: vec![State::Ok, State::Deleted], ..Default::default() };
    let first = desk.ok(&stella, api::list_offering_users(&all)).await;
    assert_eq!(first.items.len(), 10);
    assert!(first.items.iter().all(|it| all.state.contains(&it.state)));
    let second = OfferingUserFilter { page: Some(2), ..all.clone() };
    let second = desk.ok(&stella, api::list_offering_users(&second)).await;
    assert_eq!(second.total, first.total);
    assert!(second.items.iter().all(|it| first.items.iter().all(|other| other.uuid != it.uuid)));
    let beyond = OfferingUserFilter { page: Some(10_000), ..all };
    let beyond = desk.try_as(&stella, api::list_offering_users(&beyond)).await;
    assert_eq!(beyond.err(), Some(ApiError::NotFound));
}

#[tokio::test]
async fn the_demo_has_accounts_in_all_ten_states() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    for state in State::ALL {
        let filter = OfferingUserFilter { state: vec![state.clone()], ..Default::default() };
        let count = desk.ok(&stella, api::count_offering_users(&filter)).await.0;
        assert!(count > 0, "none is {state}");
    }
}

#[tokio::test]
async fn search_ignores_case_in_every_alphabet() {
    let desk = Desk::new();
    let stella = desk.sign_in("stella").await;
    let found = async |words: &str| {
        let filter = OfferingUserFilter { query: Some(words.to_owned()), ..Default::default() };
        desk.ok(&stella, api::list_offering_users(&filter)).await.total
    };
    assert_eq!(found("ALICE").await, found("alice").await);
    assert!(found("ÅSA").await > 0);
    assert_eq!(found("åsa").await, found("ÅSA").await);
    assert_eq!(found("100%_'").await, 0);
}

#[tokio::test]
async fn a_stranger_learns_nothing_of_an_account() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let stella = desk.sign_in("stella").await;
    let filter = OfferingUserFilter { o: Some("-created".to_owned()), ..Default::default() };
    let page = desk.ok(&stella, api::list_offering_users(&filter)).await;
    let me = desk.ok(&alice, api::me()).await.uuid;
    let other = page.items.iter().find(|it| it.user_uuid != Some(me)).map(|it| it.uuid);
    let Some(other) = other else { panic!("everything is alice's") };
    let answer = desk.try_as(&alice, api::retrieve_offering_user(other)).await;
    assert_eq!(answer.err(), Some(ApiError::NotFound));
    let answer = desk.try_as(&alice, api::checklist(other, true)).await;
    assert_eq!(answer.err(), Some(ApiError::NotFound));
}

#[tokio::test]
async fn the_holder_answers_and_the_form_follows() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    let form = desk.ok(&alice, api::checklist(account.uuid, false)).await;
    let find = |words: &str| {
        form.questions.iter().find(|it| it.question.text.contains(words)).map(|it| it.question.id)
    };
    assert_eq!(find("Name of the ethics committee"), None);
    let Some(approved) = find("Has an ethics committee") else { panic!("the question is hidden") };
    let Some(email) = find("E-mail address") else { panic!("the question is hidden") };
    let answers = [(approved, Value::Bool(true)), (email, text("pi@ravila.example"))];
    let submitted = desk.ok(&alice, api::submit_answers(account.uuid, &answers)).await;
    let before = form.completion.percentage.shown();
    assert!(submitted.completion.percentage.shown() > before);
    let now = desk.ok(&alice, api::checklist(account.uuid, false)).await;
    assert!(now.questions.iter().any(|it| it.question.text.contains("Name of the ethics")));
    let saved = now.questions.iter().find(|it| it.question.id == email);
    let saved = saved.and_then(|it| it.existing.clone());
    assert_eq!(
        saved.map(|it| (it.value, it.author)),
        Some((text("pi@ravila.example"), "Alice Tamm".to_owned()))
    );
}

#[tokio::test]
async fn one_bad_answer_keeps_all_others_out() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    let before = desk.ok(&alice, api::checklist(account.uuid, true)).await;
    let question = |words: &str| {
        before.questions.iter().find(|it| it.question.text.contains(words)).map(|it| it.question.id)
    };
    let (Some(email), Some(year)) = (question("E-mail address"), question("oldest records")) else {
        panic!("the demo checklist changed")
    };
    let answers = [(email, text("pi@ravila.example")), (year, Value::Int(1850))];
    match desk.try_as(&alice, api::submit_answers(account.uuid, &answers)).await {
        Err(ApiError::Rejected(body)) => {
            assert!(body.at(0).is_empty());
            assert_eq!(
                body.at(1),
                [
                    "Answer value '1850' is not valid for the question 'In which year were the oldest records collected?' (type: year)."
                ]
            );
        }
        other => panic!("{other:?}"),
    }
    let after = desk.ok(&alice, api::checklist(account.uuid, true)).await;
    assert_eq!(after.completion, before.completion);
}

#[tokio::test]
async fn a_file_comes_back_to_those_who_may_have_it() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    let form = desk.ok(&alice, api::checklist(account.uuid, true)).await;
    let question = form.questions.iter().find(|it| it.question.text.contains("Other documents"));
    let Some(question) = question.map(|it| it.question.id) else { panic!("no such question") };
    let file = |name: &str, content: &str| {
        Value::Map(vec![("name".to_owned(), text(name)), ("content".to_owned(), text(content))])
    };
    // "%PDF-1.7\n"
    let answers = [(question, Value::List(vec![file("plan.pdf", "JVBERi0xLjcK")]))];
    desk.ok(&alice, api::submit_answers(account.uuid, &answers)).await;
    let form = desk.ok(&alice, api::checklist(account.uuid, true)).await;
    let stored = form.questions.iter().find(|it| it.question.id == question);
    let stored = stored.and_then(|it| it.existing.clone()).map(|it| it.value);
    let Some(Value::List(files)) = stored else { panic!("not stored: {stored:?}") };
    let Some(stored) = files.first().and_then(api::StoredFile::of) else { panic!("{files:?}") };
    assert_eq!(
        (stored.name.as_str(), stored.mime_type.as_str(), stored.size),
        ("plan.pdf", "application/pdf", 9)
    );
    for (name, may) in [("alice", true), ("rita", true), ("sam", true), ("pavel", true)] {
        let person = desk.sign_in(name).await;
        let answer = desk.try_as(&person, api::media(&stored.stored_file_id)).await;
        assert_eq!(answer.is_ok_and(|it| it.0 == b"%PDF-1.7\n"), may, "{name}");
    }
    let stranger = desk.send(None, api::media(&stored.stored_file_id)).await;
    assert_eq!(stranger.err(), Some(ApiError::NotFound));
    let wrong = [(question, Value::List(vec![file("plan.pdf", "bm90IGEgcGRm")]))];
    let refused = desk.try_as(&alice, api::submit_answers(account.uuid, &wrong)).await;
    assert!(matches!(refused, Err(ApiError::Rejected(_))), "{refused:?}");
}

#[tokio::test]
async fn the_provider_comments_and_moves_the_account_on() {
    let desk = Desk::new();
    let (alice, pavel) = (desk.sign_in("alice").await, desk.sign_in("pavel").await);
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    let update = CommentUpdate {
        service_provider_comment: "Hello <b>you</b><script>x()</script>".to_owned(),
        service_provider_comment_url: "https://docs.example.org/".to_owned(),
    };
    let refused = desk.try_as(&alice, api::update_comments(account.uuid, &update)).await;
    assert!(matches!(refused, Err(ApiError::Forbidden { .. })), "{refused:?}");
    let saved = desk.ok(&pavel, api::update_comments(account.uuid, &update)).await;
    assert_eq!(saved.service_provider_comment, "Hello <b>you</b>");

    let wrong =
        desk.try_as(&pavel, api::transition(account.uuid, Transition::SetDeleting, None)).await;
    match wrong {
        Err(ApiError::Rejected(body)) => assert!(
            format!("{body:?}").contains(
                "Cannot transition to DELETING from current state: 4. Valid states for operation: Requested deletion, Error deleting."
            ),
            "{body:?}"
        ),
        other => panic!("{other:?}"),
    }
    let reason = Reason { comment: "Link it.".to_owned(), comment_url: "no address".to_owned() };
    let linking = Transition::SetPendingAccountLinking;
    let refused = desk.try_as(&pavel, api::transition(account.uuid, linking, Some(&reason))).await;
    match refused {
        Err(ApiError::Rejected(body)) => {
            assert_eq!(body.for_field("comment_url"), ["Enter a valid URL."])
        }
        other => panic!("{other:?}"),
    }
    let reason = Reason { comment_url: String::new(), ..reason };
    desk.ok(&pavel, api::transition(account.uuid, linking, Some(&reason))).await;
    let now = desk.ok(&pavel, api::retrieve_offering_user(account.uuid)).await;
    assert_eq!(now.state, State::PendingAccountLinking);
    assert_eq!(
        (now.service_provider_comment.as_str(), now.service_provider_comment_url.as_str()),
        ("Link it.", "")
    );
    desk.ok(&pavel, api::transition(account.uuid, Transition::SetValidationComplete, None)).await;
    let now = desk.ok(&pavel, api::retrieve_offering_user(account.uuid)).await;
    assert_eq!((now.state, now.service_provider_comment.as_str()), (State::Ok, ""));
}

#[tokio::test]
async fn only_those_who_may_update_an_account_review_it() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    for (name, may) in
        [("alice", false), ("sam", false), ("pavel", true), ("rita", true), ("stella", true)]
    {
        let person = desk.sign_in(name).await;
        let review = desk.try_as(&person, api::checklist_review(account.uuid)).await;
        match review {
            Ok(review) => {
                assert!(may, "{name}");
                assert!(review.completion.requires_review);
                assert!(review.questions.iter().any(|it| it.requires_review));
            }
            Err(error) => {
                assert!(!may, "{name}");
                assert!(matches!(error, ApiError::Forbidden { .. }), "{name} {error:?}");
            }
        }
    }
}

#[tokio::test]
async fn consent_follows_the_terms() {
    let desk = Desk::new();
    let alice = desk.sign_in("alice").await;
    let account = desk.account_of_alice(&alice, "Vaskiluoto supercomputer").await;
    assert!(matches!(account.consent, Consent::Outdated(_)), "{:?}", account.consent);
    let (Some(offering), Some(me)) = (account.offering_uuid, account.user_uuid) else {
        panic!("{account:?}")
    };
    let terms = desk.ok(&alice, api::active_terms(offering)).await;
    assert_eq!(terms.items.first().map(|it| it.version.as_str()), Some("2026.1"));
    desk.ok(&alice, api::grant_consent(offering)).await;
    let again = desk.try_as(&alice, api::grant_consent(offering)).await;
    assert!(matches!(again, Err(ApiError::Rejected(_))), "{again:?}");
    let now = desk.ok(&alice, api::retrieve_offering_user(account.uuid)).await;
    assert!(matches!(now.consent, Consent::Given(_)), "{:?}", now.consent);
    let consents = desk.ok(&alice, api::list_consents(offering, me)).await;
    let Some(consent) = consents.items.first() else { panic!("no consent") };
    let sam = desk.sign_in("sam").await;
    let refused = desk.try_as(&sam, api::revoke_consent(consent.uuid)).await;
    assert!(matches!(refused, Err(ApiError::Forbidden { .. })), "{refused:?}");
    let revoked = desk.ok(&alice, api::revoke_consent(consent.uuid)).await;
    assert!(revoked.revocation_date.is_some());
    let now = desk.ok(&alice, api::retrieve_offering_user(account.uuid)).await;
    assert_eq!(now.consent, Consent::Missing);
}

#[tokio::test]
async fn accounts_are_made_and_deleted_by_those_who_may() {
    let desk = Desk::new();
    let (pavel, rita) = (desk.sign_in("pavel").await, desk.sign_in("rita").await);
    let offerings = desk.ok(&pavel, api::find_offerings("secure", 10)).await;
    let [offering] = offerings.items.as_slice() else { panic!("{offerings:?}") };
    let rita_id = desk.ok(&rita, api::me()).await.uuid;
    let new =
        api::NewOfferingUser { offering_uuid: offering.uuid, user_uuid: rita_id, username: None };
    let refused = desk.try_as(&rita, api::create_offering_user(&new)).await;
    assert!(matches!(refused, Err(ApiError::Forbidden { .. })), "{refused:?}");
    let made = desk.ok(&pavel, api::create_offering_user(&new)).await;
    assert_eq!(made.state, State::Requested);
    assert!(made.has_compliance_checklist);
    let twice = desk.try_as(&pavel, api::create_offering_user(&new)).await;
    assert!(matches!(twice, Err(ApiError::Rejected(_))), "{twice:?}");
    let named = desk.ok(&pavel, api::update_username(made.uuid, "rita1")).await;
    assert_eq!((named.state, named.username.as_deref()), (State::Ok, Some("rita1")));
    let refused = desk.try_as(&rita, api::delete_offering_user(made.uuid)).await;
    assert!(matches!(refused, Err(ApiError::Forbidden { .. })), "{refused:?}");
    desk.ok(&pavel, api::delete_offering_user(made.uuid)).await;
    let gone = desk.try_as(&pavel, api::retrieve_offering_user(made.uuid)).await;
    assert_eq!(gone.err(), Some(ApiError::NotFound));
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_restart() {
    let desk = Desk::new();
    let pavel = desk.sign_in("pavel").await;
    let alice = desk.sign_in("alice").await;
    let account = desk.account_of_alice(&alice, "Secure analysis environment").await;
    desk.ok(&pavel, api::transition(account.uuid, Transition::SetValidationComplete, None)).await;
    let desk = desk.restarted();
    // The token is still good, too.
    let now = desk.ok(&alice, api::retrieve_offering_user(account.uuid)).await;
    assert_eq!(now.state, State::Ok);
}

#[tokio::test]
async fn unknown_addresses_of_the_api_are_answered_in_json() {
    let desk = Desk::new();
    let person = Person { token: "none".to_owned() };
    let answer = desk.try_as(&person, api::me()).await;
    assert!(matches!(answer, Err(ApiError::SignedOut { detail }) if detail == "Invalid token."));
    let (status, body) = desk.get("/api/nothing/").await;
    assert_eq!((status, body.as_str()), (404, r#"{"detail":"Not found."}"#));
    let (status, _) = desk.get("/missing-0123456789abcdef.js").await;
    assert_eq!(status, 404);
    let (status, body) = desk.get("/api-auth/password/").await;
    assert_eq!((status, body.as_str()), (405, r#"{"detail":"Method \"GET\" not allowed."}"#));
}
