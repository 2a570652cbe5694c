//! Sends the changes of a draft, and tells what came of it.

use std::collections::BTreeSet;

use api::{ApiError, ChecklistForm, Completion, OfferingUserId, Submitted};
use checklist::{QuestionId, Value};
use leptos::prelude::*;
use web_sys::AbortController;

use super::Frame;
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
    Done(Saved),
    /// Some answers were refused; each is marked. Nothing was stored.
    Refused,
    /// An answer was changed elsewhere since the form was opened. Nothing was sent.
    Conflict(Vec<QuestionId>),
    /// The person stopped it; nothing was stored.
    Stopped,
    /// A file of this name cannot be read any more. Nothing was sent.
    Unreadable(String),
    /// Nothing is known to be stored, and why.
    Failed(ApiError),
}

/// What was saved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Saved {
    /// How many answers were sent.
    pub(super) answers: usize,
    /// Where the checklist stands now, by the server's count.
    pub(super) completion: Completion,
}

/// Saves what is changed and keeps track of it.
#[derive(Clone, Copy)]
pub(super) struct Submitter {
    session: Session,
    frame: Frame,
    files: DeviceFiles,
    pub(super) state: RwSignal<Saving>,
    /// How far the files are that are on their way.
    pub(super) progress: RwSignal<Option<Progress>>,
    abort: StoredValue<Option<AbortController>, LocalStorage>,
}

impl Submitter {
    pub(super) fn new(frame: Frame) -> Self {
        Self {
            session: use_session(),
            frame,
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

    /// Sends the changes. Before that the checklist is read again: what somebody else changed in
    /// the meantime must not be overwritten unseen.
    pub(super) async fn save(self) {
        if self.state.get_untracked() == Saving::Sending {
            return;
        }
        self.state.set(Saving::Sending);
        let outcome = self.attempt().await;
        // The page may be gone by now.
        self.state.try_set(outcome);
    }

    async fn attempt(self) -> Saving {
        let Frame { account, checklist, draft } = self.frame;
        let now = match self.read(account).await {
            Ok(now) => now,
            Err(error) => return Saving::Failed(error),
        };
        let conflicts = changed_elsewhere(draft, &now);
        if !conflicts.is_empty() {
            checklist.replace(now);
            return Saving::Conflict(conflicts);
        }
        let sent = draft.submission();
        match self.deliver(account, &sent).await {
            Ok(submitted) => {
                draft.accept(&sent);
                self.forget_files(draft, &sent);
                // The server's own word on what is saved, shown and still open.
                if let Ok(now) = self.read(account).await {
                    checklist.replace(now);
                }
                if let Ok(shown) = shown_by_server(self.session, account).await {
                    report_difference(draft, &shown);
                    draft.heed(shown);
                }
                Saving::Done(Saved { answers: count(&sent), completion: submitted.completion })
            }
            Err(Failed::Cancelled) => Saving::Stopped,
            Err(Failed::Unreadable(name)) => Saving::Unreadable(name),
            Err(Failed::Request(ApiError::Rejected(body))) => {
                let reasons: Vec<_> = (0..sent.len())
                    .map(|at| body.at(at).first().map(|it| (*it).to_owned()))
                    .collect();
                if reasons.iter().all(Option::is_none) {
                    return Saving::Failed(ApiError::Rejected(body));
                }
                draft.refuse(&sent, &reasons);
                Saving::Refused
            }
            // The answer was lost on the way: the answers may or may not be stored. Reading again
            // tells, and what is stored is no change any more.
            Err(Failed::Request(ApiError::Offline)) => {
                if let Ok(now) = self.read(account).await {
                    checklist.replace(now);
                }
                Saving::Failed(ApiError::Offline)
            }
            Err(Failed::Request(error)) => Saving::Failed(error),
        }
    }

    async fn deliver(
        self,
        account: OfferingUserId,
        sent: &[(QuestionId, Value)],
    ) -> Result<Submitted, Failed> {
        let abort = AbortController::new().map_err(|_| Failed::Cancelled)?;
        let signal = abort.signal();
        self.abort.try_set_value(Some(abort));
        upload::send(self.session, self.files, account, sent, self.progress, signal).await
    }

    /// Lets go of the files that the server has now, unless the draft has them again.
    fn forget_files(self, draft: Draft, sent: &[(QuestionId, Value)]) {
        let still = upload::device_keys(&draft.submission());
        for key in upload::device_keys(sent).into_iter().filter(|key| !still.contains(key)) {
            self.files.forget(&key);
        }
    }

    async fn read(self, account: OfferingUserId) -> Result<ChecklistForm, ApiError> {
        self.session.send(api::checklist(account, true)).await
    }
}

/// How many questions a submission is about; pairs count once.
fn count(sent: &[(QuestionId, Value)]) -> usize {
    let mut ids: Vec<_> = sent.iter().map(|(id, _)| *id).collect();
    ids.dedup();
    ids.len()
}

/// The changed questions whose saved answer is no longer the one that the person saw.
fn changed_elsewhere(draft: Draft, now: &ChecklistForm) -> Vec<QuestionId> {
    let seen = draft.form();
    let saved = |form: &ChecklistForm, id: QuestionId| {
        let question = form.questions.iter().find(|it| it.question.id == id)?;
        question.existing.as_ref().map(|it| it.value.clone())
    };
    let mut ids: Vec<_> = draft.submission().into_iter().map(|(id, _)| id).collect();
    ids.dedup();
    ids.retain(|id| saved(&seen, *id) != saved(now, *id));
    ids
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
    let computed = untrack(|| draft.visible());
    // Answers that are still being changed may rightly show something else.
    if untrack(|| draft.changed()) == 0 && computed != *shown {
        let only_one: Vec<_> = computed.symmetric_difference(shown).map(|id| id.0).collect();
        leptos::logging::warn!("Shown by only one of server and app: {only_one:?}");
    }
}
