//! Every address of the app, in one place.

use std::fmt;

use api::OfferingUserId;

/// A place in the app. Its text is the address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Path {
    /// Sends each person to the desk that fits their rights.
    Home,
    /// The table of offering users.
    Accounts,
    /// One account.
    Account(OfferingUserId),
    /// The checklist form of an account.
    Checklist(OfferingUserId),
    /// The answers, before they are saved.
    Check(OfferingUserId),
    /// The reviewer's view of an account.
    Review(OfferingUserId),
    /// What a person decides for this device.
    Settings,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => write!(f, "/"),
            Self::Accounts => write!(f, "/accounts"),
            Self::Account(id) => write!(f, "/accounts/{id}"),
            Self::Checklist(id) => write!(f, "/accounts/{id}/checklist"),
            Self::Check(id) => write!(f, "/accounts/{id}/checklist/check"),
            Self::Review(id) => write!(f, "/accounts/{id}/review"),
            Self::Settings => write!(f, "/settings"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn addresses_are_stable() {
        let id: OfferingUserId = "00000000-0000-0000-0000-000000000001".parse().unwrap();
        let all = [
            Path::Home,
            Path::Accounts,
            Path::Account(id),
            Path::Checklist(id),
            Path::Check(id),
            Path::Review(id),
            Path::Settings,
        ];
        expect![[r#"
            /
            /accounts
            /accounts/00000000000000000000000000000001
            /accounts/00000000000000000000000000000001/checklist
            /accounts/00000000000000000000000000000001/checklist/check
            /accounts/00000000000000000000000000000001/review
            /settings"#]]
        .assert_eq(&all.map(|path| path.to_string()).join("\n"));
    }
}
