//! Sends the changes of a draft, and tells what came of it.

use std::collections::BTreeSet;

use api::{ApiError, ChecklistForm, Completion, OfferingUserId, Submitted};
use checklist::{QuestionId, Value};
use leptos::prelude::*;
use web_sys::AbortController;

use super::summary::problems;
use crate::{
    device_files::{DeviceFiles, use_device_files},
    draft::Draft,
    session::{Session, use_session},
    upload::{self, Failed, Progress},
};

/// Where saving stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Saving {
    /// Nothing has been sent.
    Idle,
    /// On its way. A second press sends nothing.
    Sending,
    /// The server has taken the answers.
    Done(Stored),
    /// Some answers cannot be sent as they are. Nothing was sent.
    Invalid,
    /// Some answers were refused; each is marked. Nothing was stored.
    Refused,
    /// An answer was changed elsewhere since the person began to change it. Nothing was sent.
    Elsewhere,
    /// The person stopped it before all had left. Nothing was stored.
    Stopped,
    /// A file of this name cannot be read any more. Nothing was sent.
    Unreadable(String),
    /// The answer of the server was lost, and so was the attempt to read again: it is not known
    /// whether the answers are stored. The next save looks first.
    Unknown(ApiError),
    /// Nothing was stored, and why.
    Failed(ApiError),
}

/// What was saved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored {
    /// How many answers were sent.
    pub(super) answers: usize,
    /// When, in milliseconds since 1970.
    pub(super) at: f64,
    /// Where the checklist stands now, by the server's count.
    pub(super) completion: Completion,
    /// How many questions are asked now that were not known before.
    pub(super) new_questions: usize,
}

/// Saves what is changed and keeps track of it.
#[derive(Clone, Copy)]
pub(super) struct Submitter {
    session: Session,
    account: OfferingUserId,
    draft: Draft,
    files: DeviceFiles,
    pub(super) state: RwSignal<Saving>,
    /// How far the files are that are on their way.
    pub(super) progress: RwSignal<Option<Progress>>,
    abort: StoredValue<Option<AbortController>, LocalStorage>,
}

impl Submitter {
    pub(super) fn new(account: OfferingUserId, draft: Draft) -> Self {
        Self {
            session: use_session(),
            account,
            draft,
            files: use_device_files(),
            state: RwSignal::new(Saving::Idle),
            progress: RwSignal::new(None),
            abort: StoredValue::new_local(None),
        }
    }

    /// Stops the files that are on their way.
    pub(super) fn stop(self) {
        self.abort.with_value(|abort| {
            if let Some(abort) = abort {
                abort.abort();
            }
        });
    }

    /// Forgets what came of the last time, unless it is still under way.
    pub(super) fn settle(self) {
        if *self.state.read_untracked() != Saving::Sending {
            self.state.set(Saving::Idle);
        }
    }

    /// Sends the changes.
    pub(super) async fn save(self) {
        if *self.state.read_untracked() == Saving::Sending {
            return;
        }
        self.state.set(Saving::Sending);
        self.draft.set_busy(true);
        let outcome = self.attempt().await;
        self.draft.set_busy(false);
        // The page may be gone by now.
        self.state.try_set(outcome);
    }

    async fn attempt(self) -> Saving {
        let draft = self.draft;
        // What somebody else changed meanwhile must not be overwritten unseen, and what an earlier
        // attempt has stored need not be sent again.
        let had_changes = untrack(|| draft.changed()) > 0;
        match self.read().await {
            Ok(now) => draft.refresh(now),
            Err(error) => return Saving::Failed(error),
        }
        if had_changes && untrack(|| draft.changed()) == 0 {
            let completion = untrack(|| draft.completion());
            return self.stored(&[], completion, &self.known());
        }
        if untrack(|| !problems(draft).is_empty()) {
            return Saving::Invalid;
        }
        if untrack(|| !draft.elsewhere().is_empty()) {
            return Saving::Elsewhere;
        }
        let sent = draft.submission();
        let known = self.known();
        draft.set_sending(&sent, true);
        let answer = self.deliver(&sent).await;
        draft.set_sending(&sent, false);
        match answer {
            Ok(submitted) => {
                draft.accept(&sent);
                self.look_again().await;
                self.forget_files(&sent);
                self.stored(&sent, submitted.completion, &known)
            }
            Err(Failed::Cancelled) => Saving::Stopped,
            Err(Failed::Unreadable(name)) => Saving::Unreadable(name),
            Err(Failed::Request(ApiError::Rejected(body))) => {
                let reasons: Vec<_> =
                    (0..sent.len()).map(|at| body.at(at).first().cloned()).collect();
                if reasons.iter().all(Option::is_none) {
                    return Saving::Failed(ApiError::Rejected(body));
                }
                draft.refuse(&sent, reasons);
                Saving::Refused
            }
            Err(Failed::Request(error)) if may_be_stored(&error) => match self.read().await {
                Ok(now) => {
                    self.accept_uploads(&sent, &now);
                    draft.refresh(now);
                    if is_stored(draft, &sent) {
                        let completion = untrack(|| draft.completion());
                        return self.stored(&sent, completion, &known);
                    }
                    Saving::Failed(error)
                }
                Err(_) => Saving::Unknown(error),
            },
            Err(Failed::Request(error)) => Saving::Failed(error),
        }
    }

    async fn deliver(self, sent: &[(QuestionId, Value)]) -> Result<Submitted, Failed> {
        let abort = AbortController::new().map_err(|_| Failed::Cancelled)?;
        let signal = abort.signal();
        self.abort.try_set_value(Some(abort));
        upload::send(self.session, self.files, self.account, sent, self.progress, signal).await
    }

    /// Takes the files as saved that the server has stored although it could not say so: their
    /// references are the server's now, so that comparing answers does not tell.
    fn accept_uploads(self, sent: &[(QuestionId, Value)], now: &ChecklistForm) {
        for (id, value) in sent {
            let before = self.draft.entry(*id).and_then(|it| untrack(|| it.saved()));
            let question = now.questions.iter().find(|it| it.question.id == *id);
            let Some(stored) = question.and_then(|it| it.existing.as_ref()) else { continue };
            if upload::are_stored(value, before.as_ref().map(|it| &it.value), &stored.value) {
                self.draft.accept(&[(*id, value.clone())]);
            }
        }
    }

    /// Lets go of the files that the server has now.
    fn forget_files(self, sent: &[(QuestionId, Value)]) {
        let entries = sent.iter().filter_map(|(id, _)| self.draft.entry(*id));
        let on_screen: Vec<_> =
            entries.filter_map(|it| Some((it.id(), untrack(|| it.value())?))).collect();
        let still = upload::device_keys(&on_screen);
        for key in upload::device_keys(sent).into_iter().filter(|key| !still.contains(key)) {
            self.files.forget(&key);
        }
    }

    async fn read(self) -> Result<ChecklistForm, ApiError> {
        self.session.send(api::checklist(self.account, true)).await
    }

    /// The server's own word on what is saved and shown now.
    async fn look_again(self) {
        if let Ok(now) = self.read().await {
            self.draft.refresh(now);
        }
        if let Ok(shown) = shown_by_server(self.session, self.account).await {
            report_difference(self.draft, &shown);
            self.draft.heed(shown);
        }
    }

    fn known(self) -> BTreeSet<QuestionId> {
        untrack(|| self.draft.questions().iter().map(|it| it.entry.id()).collect())
    }

    fn stored(
        self,
        sent: &[(QuestionId, Value)],
        completion: Completion,
        known: &BTreeSet<QuestionId>,
    ) -> Saving {
        let new_questions = self.known().difference(known).count();
        let answers = sent.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>().len();
        Saving::Done(Stored { answers, at: js_sys::Date::now(), completion, new_questions })
    }
}

/// Whether the server may have stored the answers although it did not say so: its answer was lost or
/// is not one.
fn may_be_stored(error: &ApiError) -> bool {
    matches!(error, ApiError::Offline | ApiError::Server { .. } | ApiError::Protocol(_))
}

/// Whether the server has everything that was sent: then none of it is a change any more.
fn is_stored(draft: Draft, sent: &[(QuestionId, Value)]) -> bool {
    sent.iter().all(|(id, _)| draft.change(*id).is_none())
}

/// Which questions the server shows for the saved answers.
pub(super) async fn shown_by_server(
    session: Session,
    account: OfferingUserId,
) -> Result<BTreeSet<QuestionId>, ApiError> {
    let form = session.send(api::checklist(account, false)).await?;
    let mut shown = BTreeSet::new();
    for question in form.questions {
        shown.insert(question.question.id);
    }
    Ok(shown)
}

/// A difference between what we computed and what the server shows is a bug in one of the two: it
/// is reported where developers look.
fn report_difference(draft: Draft, shown: &BTreeSet<QuestionId>) {
    let computed: BTreeSet<_> = untrack(|| draft.shown().into_iter().map(|it| it.id()).collect());
    // Answers that are still being changed may rightly show something else.
    if untrack(|| draft.changed()) == 0 && computed != *shown {
        let only_one: Vec<_> = computed.symmetric_difference(shown).map(|id| id.0).collect();
        leptos::logging::warn!("Shown by only one of server and app: {only_one:?}");
    }
}
