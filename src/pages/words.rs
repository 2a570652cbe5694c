//! Waldur's words in the page's language.

use api::{Consent, OfferingUser, State, Transition};
use leptos::prelude::*;

use crate::{
    i18n::say,
    ui::{LinkWords, TagTone},
};

/// A state in words. One that this build does not know is shown as the server wrote it.
pub(crate) fn state(state: &State) -> String {
    match state {
        State::Requested => say!(state.requested),
        State::Creating => say!(state.creating),
        State::PendingAccountLinking => say!(state.pending_account_linking),
        State::PendingAdditionalValidation => say!(state.pending_additional_validation),
        State::Ok => say!(state.ok),
        State::RequestedDeletion => say!(state.requested_deletion),
        State::Deleting => say!(state.deleting),
        State::Deleted => say!(state.deleted),
        State::ErrorCreating => say!(state.error_creating),
        State::ErrorDeleting => say!(state.error_deleting),
        State::Unknown(label) => label.clone(),
    }
}

/// The colour of a state: who is to act, and whether it is well.
pub(crate) fn state_tone(state: &State) -> TagTone {
    match state {
        State::Requested | State::Creating | State::RequestedDeletion | State::Deleting => {
            TagTone::Progress
        }
        State::PendingAccountLinking | State::PendingAdditionalValidation => TagTone::Waiting,
        State::Ok => TagTone::Good,
        State::ErrorCreating | State::ErrorDeleting => TagTone::Bad,
        State::Deleted | State::Unknown(_) => TagTone::Neutral,
    }
}

/// Whether the person agreed to the offering's terms.
pub(crate) fn consent(consent: &Consent) -> String {
    match consent {
        Consent::NoTerms => say!(consent.no_terms),
        Consent::Missing => say!(consent.missing),
        Consent::Given(_) => say!(consent.given),
        Consent::Outdated(_) => say!(consent.outdated),
        Consent::NoneKnown => say!(consent.none_known),
    }
}

/// The colour of a consent.
pub(crate) fn consent_tone(consent: &Consent) -> TagTone {
    match consent {
        Consent::NoTerms | Consent::NoneKnown => TagTone::Neutral,
        Consent::Given(_) => TagTone::Good,
        Consent::Missing | Consent::Outdated(_) => TagTone::Waiting,
    }
}

/// An action by its result: "Mark as OK".
pub(crate) fn transition(transition: Transition) -> String {
    match transition {
        Transition::BeginCreating => say!(action.begin_creating),
        Transition::SetPendingAdditionalValidation => {
            say!(action.set_pending_additional_validation)
        }
        Transition::SetPendingAccountLinking => say!(action.set_pending_account_linking),
        Transition::SetValidationComplete => say!(action.set_validation_complete),
        Transition::SetOk => say!(action.set_ok),
        Transition::SetErrorCreating => say!(action.set_error_creating),
        Transition::SetErrorDeleting => say!(action.set_error_deleting),
        Transition::RequestDeletion => say!(action.request_deletion),
        Transition::SetDeleting => say!(action.set_deleting),
        Transition::SetDeleted => say!(action.set_deleted),
    }
}

/// What an action does beyond the state, as the person who presses it should know.
pub(crate) fn transition_effect(transition: Transition) -> String {
    match transition {
        Transition::BeginCreating => say!(action.effect_begin_creating),
        Transition::SetPendingAdditionalValidation => say!(action.effect_pending_validation),
        Transition::SetPendingAccountLinking => say!(action.effect_pending_linking),
        Transition::SetValidationComplete => say!(action.effect_validation_complete),
        Transition::SetOk => say!(action.effect_ok),
        Transition::SetErrorCreating | Transition::SetErrorDeleting => say!(action.effect_error),
        Transition::RequestDeletion => say!(action.effect_request_deletion),
        Transition::SetDeleting => say!(action.effect_deleting),
        Transition::SetDeleted => say!(action.effect_deleted),
    }
}

/// How to call the person of an account: personal fields may be absent.
pub(crate) fn person(account: &OfferingUser) -> String {
    let name = account.user_full_name.clone().filter(|it| !it.is_empty());
    name.or_else(|| account.user_username.clone()).unwrap_or_else(|| say!(account.unnamed))
}

/// What links in comments say.
pub(crate) fn link_words() -> LinkWords {
    LinkWords { leaves_for: Callback::new(|host| say!(common.opens_host, host = host)) }
}
