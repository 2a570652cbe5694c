use serde_json::Value;

use crate::desk::Desk;

/// An offering with everybody whom the vectors of permissions name.
pub(super) struct Stage {
    pub(super) offering: String,
}

impl Stage {
    pub(super) fn new(desk: &Desk) -> Self {
        let offering = desk.foreign_offering();
        let all_three =
            r#"["OFFERING.CREATE_USER", "OFFERING.UPDATE_USER", "OFFERING.DELETE_USER"]"#;
        for (role, permissions) in
            [("All three", all_three), ("Update", r#"["OFFERING.UPDATE_USER"]"#), ("Nothing", "[]")]
        {
            desk.sql(
                "INSERT INTO roles (uuid, name, permissions) VALUES (?1, ?2, ?3)",
                [&desk.uuid(), role, permissions],
            );
        }
        for name in ["stranger", "owner_user"] {
            desk.person(name);
        }
        for (name, role, on_offering) in [
            ("customer_member_without_permission", "Nothing", false),
            ("provider_UPDATE_USER_on_customer", "Update", false),
            ("provider_all_three_on_customer", "All three", false),
            ("offering_role_all_three_on_offering", "All three", true),
        ] {
            desk.person(name);
            desk.role(name, role, &offering, on_offering);
        }
        Self { offering }
    }

    /// The name that an actor signs in with. `None`: nobody.
    pub(super) fn actor<'a>(&self, name: &'a str) -> Option<&'a str> {
        match name {
            "anonymous" => None,
            "global_support" => Some("sam"),
            "staff" => Some("stella"),
            "provider" => Some("provider_all_three_on_customer"),
            name => Some(name),
        }
    }

    /// A new account of `owner_user`, in place of the one before.
    pub(super) fn account(&self, desk: &Desk, state: &str) -> String {
        desk.sql(
            "DELETE FROM offering_users WHERE offering_id = \
             (SELECT id FROM offerings WHERE uuid = ?1)",
            [&self.offering],
        );
        desk.account("owner_user", &self.offering, number(state))
    }
}

/// The number of a state's label (`contract.md` 3.1).
pub(super) fn number(label: &str) -> i64 {
    api::State::from_label(label).number().unwrap_or_else(|| panic!("no state {label}")).into()
}

/// What a vector calls a state, or `OK`.
pub(super) fn state_of(value: &Value) -> &str {
    value.as_str().unwrap_or("OK")
}
