use std::fmt;

/// Where an account is in its life (`contract.md` 3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Asked for, not yet picked up.
    Requested,
    /// Being created by the provider.
    Creating,
    /// Waiting for the person to link an account.
    PendingAccountLinking,
    /// Waiting for the person to show something more.
    PendingAdditionalValidation,
    /// Usable.
    Ok,
    /// To be deleted, not yet picked up.
    RequestedDeletion,
    /// Being deleted by the provider.
    Deleting,
    /// Gone. The record stays.
    Deleted,
    /// Creating it failed.
    ErrorCreating,
    /// Deleting it failed.
    ErrorDeleting,
    /// A state this build does not know: shown as it is, never acted upon.
    Unknown(String),
}

impl State {
    /// The ten known states, in the order of their integers 1 to 10.
    pub const ALL: [Self; 10] = [
        Self::Requested,
        Self::Creating,
        Self::PendingAccountLinking,
        Self::PendingAdditionalValidation,
        Self::Ok,
        Self::RequestedDeletion,
        Self::Deleting,
        Self::Deleted,
        Self::ErrorCreating,
        Self::ErrorDeleting,
    ];

    /// The server's label, which is what travels in JSON and in filters.
    pub fn label(&self) -> &str {
        match self {
            Self::Requested => "Requested",
            Self::Creating => "Creating",
            Self::PendingAccountLinking => "Pending account linking",
            Self::PendingAdditionalValidation => "Pending additional validation",
            Self::Ok => "OK",
            Self::RequestedDeletion => "Requested deletion",
            Self::Deleting => "Deleting",
            Self::Deleted => "Deleted",
            Self::ErrorCreating => "Error creating",
            Self::ErrorDeleting => "Error deleting",
            Self::Unknown(label) => label,
        }
    }

    /// The state with this label.
    pub fn from_label(label: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.label() == label)
            .unwrap_or_else(|| Self::Unknown(label.to_owned()))
    }

    /// Whether a user name makes the account usable, where it gets a new one (`contract.md` 2.4).
    pub fn awaits_name(&self) -> bool {
        matches!(
            self,
            Self::Requested
                | Self::Creating
                | Self::PendingAccountLinking
                | Self::PendingAdditionalValidation
                | Self::ErrorCreating
        )
    }

    /// The integer 1 to 10 that the compliance list and error texts use; `None` for an unknown state.
    pub fn number(&self) -> Option<u8> {
        (1..).zip(Self::ALL).find(|(_, state)| state == self).map(|(number, _)| number)
    }

    /// The state with this integer.
    pub fn from_number(number: i64) -> Self {
        number
            .checked_sub(1)
            .and_then(|index| usize::try_from(index).ok())
            .and_then(|index| Self::ALL.get(index).cloned())
            .unwrap_or_else(|| Self::Unknown(number.to_string()))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A step from one state to another, by an action of its own (`contract.md` 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transition {
    /// The provider starts creating the account.
    BeginCreating,
    /// The person must show something more. Carries a comment.
    SetPendingAdditionalValidation,
    /// The person must link an account. Carries a comment.
    SetPendingAccountLinking,
    /// What was asked for is done. Clears the comment.
    SetValidationComplete,
    /// The account works. Keeps the comment.
    SetOk,
    /// Creating failed.
    SetErrorCreating,
    /// Deleting failed.
    SetErrorDeleting,
    /// The account shall go.
    RequestDeletion,
    /// The provider starts deleting the account.
    SetDeleting,
    /// The account is gone.
    SetDeleted,
}

impl Transition {
    /// All ten, in the order of `contract.md` 3.2.
    pub const ALL: [Self; 10] = [
        Self::BeginCreating,
        Self::SetPendingAdditionalValidation,
        Self::SetPendingAccountLinking,
        Self::SetValidationComplete,
        Self::SetOk,
        Self::SetErrorCreating,
        Self::SetErrorDeleting,
        Self::RequestDeletion,
        Self::SetDeleting,
        Self::SetDeleted,
    ];

    /// The last part of the action's path.
    pub fn action(self) -> &'static str {
        match self {
            Self::BeginCreating => "begin_creating",
            Self::SetPendingAdditionalValidation => "set_pending_additional_validation",
            Self::SetPendingAccountLinking => "set_pending_account_linking",
            Self::SetValidationComplete => "set_validation_complete",
            Self::SetOk => "set_ok",
            Self::SetErrorCreating => "set_error_creating",
            Self::SetErrorDeleting => "set_error_deleting",
            Self::RequestDeletion => "request_deletion",
            Self::SetDeleting => "set_deleting",
            Self::SetDeleted => "set_deleted",
        }
    }

    /// The states it may start from, in the order the server's error message names them.
    pub fn sources(self) -> &'static [State] {
        use State::{
            Creating, Deleting, ErrorCreating, ErrorDeleting, Ok, PendingAccountLinking as Linking,
            PendingAdditionalValidation as Validation, Requested, RequestedDeletion,
        };
        match self {
            Self::BeginCreating => &[Requested, ErrorCreating],
            Self::SetPendingAdditionalValidation => &[Creating, ErrorCreating, Linking],
            Self::SetPendingAccountLinking => &[Creating, ErrorCreating, Validation],
            Self::SetValidationComplete => &[Linking, Validation],
            Self::SetOk => {
                &[Requested, Creating, Validation, Linking, ErrorCreating, ErrorDeleting]
            }
            Self::SetErrorCreating => &[Requested, Creating, Linking, Validation],
            Self::SetErrorDeleting => &[RequestedDeletion, Deleting],
            Self::RequestDeletion => &[Ok],
            Self::SetDeleting => &[RequestedDeletion, ErrorDeleting],
            Self::SetDeleted => &[Deleting],
        }
    }

    /// The state it leads to.
    pub fn target(self) -> State {
        match self {
            Self::BeginCreating => State::Creating,
            Self::SetPendingAdditionalValidation => State::PendingAdditionalValidation,
            Self::SetPendingAccountLinking => State::PendingAccountLinking,
            Self::SetValidationComplete | Self::SetOk => State::Ok,
            Self::SetErrorCreating => State::ErrorCreating,
            Self::SetErrorDeleting => State::ErrorDeleting,
            Self::RequestDeletion => State::RequestedDeletion,
            Self::SetDeleting => State::Deleting,
            Self::SetDeleted => State::Deleted,
        }
    }

    /// The name the server's error message uses for it.
    pub fn name_in_error(self) -> &'static str {
        match self {
            Self::BeginCreating => "CREATING",
            Self::SetPendingAdditionalValidation => "PENDING_ADDITIONAL_VALIDATION",
            Self::SetPendingAccountLinking => "PENDING_ACCOUNT_LINKING",
            Self::SetValidationComplete => "VALIDATION_COMPLETE",
            Self::SetOk => "OK",
            Self::SetErrorCreating => "ERROR_CREATING",
            Self::SetErrorDeleting => "ERROR_DELETING",
            Self::RequestDeletion => "DELETION_REQUESTED",
            Self::SetDeleting => "DELETING",
            Self::SetDeleted => "DELETED",
        }
    }

    /// Whether the request carries a comment and a link for the person.
    pub fn takes_comment(self) -> bool {
        matches!(self, Self::SetPendingAdditionalValidation | Self::SetPendingAccountLinking)
    }
}
