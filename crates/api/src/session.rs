use uuid::Uuid;

use crate::{
    Method, OfferingUser, Page, QueryString, Request, UserId,
    fields::{Fields, Record},
    request::object,
};

/// The answer to signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Proves from now on who is asking.
    pub token: String,
}

/// The person who is signed in (`contract.md` 1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// Identity.
    pub uuid: UserId,
    /// The name for signing in.
    pub username: String,
    /// The name of the person.
    pub full_name: String,
    /// Whether they may do everything. Older servers leave the key out for ordinary people.
    pub is_staff: bool,
    /// Whether they may see everything and change nothing.
    pub is_support: bool,
    /// Their roles.
    pub permissions: Vec<Membership>,
}

/// One role of a person on one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The role's name.
    pub role_name: String,
    /// `customer`, `offering`, …
    pub scope_type: Option<String>,
    /// The thing.
    pub scope_uuid: Option<Uuid>,
    /// Whether it is in force. The server leaves expired ones out.
    pub is_active: bool,
}

/// What a role allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Permission strings such as `OFFERING.UPDATE_USER`.
    pub permissions: Vec<String>,
}

/// Public settings of the server, as far as they matter here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The embedded backend names the people of its demo.
    pub purser: Demo,
}

/// What only the embedded backend says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demo {
    /// Who can sign in.
    pub demo_people: Vec<DemoPerson>,
}

/// A person of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The name for signing in.
    pub username: String,
    /// The password, which is no secret.
    pub password: String,
    /// `account_holder`, `provider`, `reviewer`, `support` or `staff`.
    pub role: String,
}

impl Record for SignedIn {
    fn read(fields: &Fields<'_>) -> Self {
        Self { token: fields.essential_text("token") }
    }
}

impl Record for Me {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: UserId(fields.id("uuid")),
            username: fields.text("username"),
            full_name: fields.text("full_name"),
            is_staff: fields.flag("is_staff"),
            is_support: fields.flag("is_support"),
            permissions: fields.records("permissions"),
        }
    }
}

impl Record for Membership {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            role_name: fields.text("role_name"),
            scope_type: fields.optional_text("scope_type"),
            scope_uuid: fields.optional_id("scope_uuid"),
            is_active: fields.optional_flag("is_active").unwrap_or(true),
        }
    }
}

impl Record for Role {
    fn read(fields: &Fields<'_>) -> Self {
        Self { name: fields.text("name"), permissions: fields.texts("permissions") }
    }
}

impl Record for Configuration {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            purser: fields
                .optional_object("PURSER")
                .map_or_else(Demo::default, |it| Demo::read(&it)),
        }
    }
}

impl Record for Demo {
    fn read(fields: &Fields<'_>) -> Self {
        Self { demo_people: fields.records("demo_people") }
    }
}

impl Record for DemoPerson {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            username: fields.essential_text("username"),
            password: fields.essential_text("password"),
            role: fields.text("role"),
        }
    }
}

/// What a person may do, as far as a browser can know. It decides only what is offered; the server
/// decides what happens (`contract.md` 13).
#[derive(Clone, Debug, PartialEq)]
pub struct Rights {
    staff: bool,
    support: bool,
    /// The things on which the person has the right to update accounts. `None`: the server does not
    /// tell what roles allow, so every role may.
    updates: Option<Vec<Uuid>>,
    scopes: Vec<Uuid>,
}

impl Rights {
    /// Reads a person's roles with what these allow; `None` where the server did not tell.
    pub fn of(me: &Me, roles: Option<&[Role]>) -> Self {
        let active = || {
            me.permissions.iter().filter(|it| it.is_active).filter(|it| {
                // Roles in a project say nothing about providing an offering.
                matches!(it.scope_type.as_deref(), Some("customer" | "offering") | None)
            })
        };
        let updates = roles.map(|roles| {
            let may = |name: &str| {
                roles.iter().any(|role| {
                    role.name == name
                        && role.permissions.iter().any(|it| it == "OFFERING.UPDATE_USER")
                })
            };
            active().filter(|it| may(&it.role_name)).filter_map(|it| it.scope_uuid).collect()
        });
        Self {
            staff: me.is_staff,
            support: me.is_support,
            updates,
            scopes: active().filter_map(|it| it.scope_uuid).collect(),
        }
    }

    /// Whether the person has a desk beyond the own accounts.
    pub fn serves_others(&self) -> bool {
        self.staff || self.support || !self.scopes.is_empty()
    }

    /// Whether to offer changing this account.
    pub fn may_update(&self, account: &OfferingUser) -> bool {
        let scopes = self.updates.as_ref().unwrap_or(&self.scopes);
        let of_customer = account.customer_uuid.is_some_and(|it| scopes.contains(&it.0));
        let of_offering = account.offering_uuid.is_some_and(|it| scopes.contains(&it.0));
        self.staff || of_customer || of_offering
    }
}

/// Signs in by name and password.
pub fn sign_in(username: &str, password: &str) -> Request<SignedIn> {
    let body = object(vec![("username", username.into()), ("password", password.into())]);
    Request::send(Method::Post, "/api-auth/password/", &body)
}

/// Ends the session on the server.
pub fn sign_out() -> Request<()> {
    Request::bare(Method::Post, "/api-auth/logout/")
}

/// Who is asking.
pub fn me() -> Request<Me> {
    Request::bare(Method::Get, "/api/users/me/")
}

/// What roles allow.
pub fn roles() -> Request<Page<Role>> {
    let mut query = QueryString::default();
    query.push("page_size", "300");
    query.push("field", "name");
    query.push("field", "permissions");
    Request::get("/api/roles/", &query)
}

/// Public settings of the server.
pub fn configuration() -> Request<Configuration> {
    Request::bare(Method::Get, "/api/configuration/")
}
