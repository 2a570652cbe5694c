//! Everything the API can be asked, in one table: the router is made from it, and so is
//! `docs/api.md`.

use axum::{
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    App, Profile, admin, checklists, completions, consents, media, offering_users, offerings,
    providers, session, terms, users,
};

/// One thing that can be asked.
pub struct Operation {
    /// The verb. Whatever answers GET answers HEAD.
    pub method: Method,
    /// The path, with `{uuid}` for the record.
    pub path: String,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is answered without a token.
    pub is_open: bool,
    /// How many bytes a body may have.
    pub(crate) largest_body: usize,
    route: MethodRouter<App>,
}

/// Where no files are.
const LARGEST_BODY: usize = 1 << 20;

/// Answers travel with their files inside: eight of ten megabytes are 107 as base64. A real
/// deployment leaves the limit to its proxy (`contract.md` 5.4).
pub(crate) const LARGEST_ANSWERS: usize = 128 << 20;

/// Where an operation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// One of the 24 of Waldur's first API page for offering users.
    Seed,
    /// Waldur's, beside those: what the app needs around them.
    Related,
    /// Waldur's, and marked as new in `contract.md`: older servers lack it.
    New,
}

impl Operation {
    /// Whether a server that behaves like `profile` has it.
    pub fn is_in(&self, profile: Profile) -> bool {
        self.origin != Origin::New || profile.is_new()
    }

    /// How the router answers it.
    pub(crate) fn route(&self) -> MethodRouter<App> {
        self.route.clone().layer(DefaultBodyLimit::max(self.largest_body))
    }

    fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    fn with_files(self) -> Self {
        Self { largest_body: LARGEST_ANSWERS, ..self }
    }
}

/// The whole table.
pub fn operations() -> Vec<Operation> {
    let mut all = offering_users();
    all.extend(transitions());
    all.extend(checklists());
    all.extend(people());
    all.extend(agreements());
    all.extend(places());
    all.extend(administration());
    all.extend(compliance());
    all
}

fn offering_users() -> Vec<Operation> {
    use Origin::{New, Seed};
    use offering_users::{
        create, list, retrieve, update, update_comments, update_restricted, update_runtime_state,
    };
    vec![
        get(ACCOUNTS, "List accounts", Seed, list),
        post(ACCOUNTS, "Create an account", Seed, create),
        get(account(""), "Retrieve an account", Seed, retrieve),
        put(account(""), "Change the account name", Seed, update),
        patch(account(""), "Change the account name", Seed, update),
        delete(account(""), "Delete an account", Seed, offering_users::delete),
        patch(
            account("update_comments/"),
            "Change the comment and its link",
            Seed,
            update_comments,
        ),
        post(account("update_restricted/"), "Restrict, or lift it", Seed, update_restricted),
        post(
            account("update_runtime_state/"),
            "Say how the account is at the provider",
            New,
            update_runtime_state,
        ),
    ]
}

fn transitions() -> Vec<Operation> {
    let operation = |transition: api::Transition| {
        post(
            account(&format!("{}/", transition.action())),
            transition_summary(transition),
            Origin::Seed,
            move |app, call, body| offering_users::transition(app, call, body, transition),
        )
    };
    api::Transition::ALL.map(operation).into()
}

fn transition_summary(transition: api::Transition) -> &'static str {
    use api::Transition::{
        BeginCreating, RequestDeletion, SetDeleted, SetDeleting, SetErrorCreating,
        SetErrorDeleting, SetOk, SetPendingAccountLinking, SetPendingAdditionalValidation,
        SetValidationComplete,
    };
    match transition {
        BeginCreating => "Start creating",
        SetPendingAdditionalValidation => "Ask the person for more, with a comment",
        SetPendingAccountLinking => "Ask the person to link an account, with a comment",
        SetValidationComplete => "Settle what was asked; clears the comment",
        SetOk => "Mark as usable; keeps the comment",
        SetErrorCreating => "Mark creating as failed",
        SetErrorDeleting => "Mark deleting as failed",
        RequestDeletion => "Ask for deletion",
        SetDeleting => "Start deleting",
        SetDeleted => "Mark as deleted",
    }
}

fn checklists() -> Vec<Operation> {
    use Origin::Seed;
    use checklists::{
        checklist, checklist_review, checklist_template, completion_review_status,
        completion_status, submit_answers,
    };
    vec![
        get(account("checklist/"), "The questions with the answers", Seed, checklist),
        get(account("checklist_review/"), "The same for reviewers", Seed, checklist_review),
        get(account("completion_status/"), "How far the answers are", Seed, completion_status),
        get(
            account("completion_review_status/"),
            "How far they are, and what needs a review",
            Seed,
            completion_review_status,
        ),
        post(account("submit_answers/"), "Store answers: all or none", Seed, submit_answers)
            .with_files(),
        get(
            format!("{ACCOUNTS}checklist-template/"),
            "The questions a new account would get",
            Seed,
            checklist_template,
        ),
        get("/api/media/{uuid}/", "Download a file of an answer", Origin::Related, media::download),
    ]
}

fn people() -> Vec<Operation> {
    use Origin::Related;
    vec![
        post("/api-auth/password/", "Sign in", Related, session::sign_in).open(),
        post("/api-auth/logout/", "Sign out", Related, session::sign_out),
        get("/api/configuration/", "Public settings", Related, session::configuration).open(),
        get("/api/users/me/", "Who is asking", Related, session::me),
        get("/api/users/", "Look people up", Related, users::list),
        get("/api/users/{uuid}/", "Retrieve a person", Related, users::retrieve),
        get("/api/roles/", "Which permissions each role carries", Related, session::roles),
    ]
}

fn agreements() -> Vec<Operation> {
    use Origin::Related;
    const CONSENTS: &str = "/api/marketplace-user-offering-consents/";
    const TERMS: &str = "/api/marketplace-offering-terms-of-service/";
    let consent = |action: &str| format!("{CONSENTS}{{uuid}}/{action}");
    let one = format!("{TERMS}{{uuid}}/");
    vec![
        get(CONSENTS, "List consents", Related, consents::list),
        post(CONSENTS, "Agree to the terms in force", Related, consents::grant),
        get(consent(""), "Retrieve a consent", Related, consents::retrieve),
        post(consent("revoke/"), "Revoke a consent", Related, consents::revoke),
        put(consent(""), "Change the version agreed to", Related, consents::replace),
        patch(consent(""), "Change the version agreed to", Related, consents::update),
        delete(consent(""), "Delete a consent", Related, consents::delete),
        get(TERMS, "List terms of service", Related, terms::list),
        post(TERMS, "Add terms to an offering", Related, terms::create),
        get(one.clone(), "Retrieve terms of service", Related, terms::retrieve),
        put(one.clone(), "Change terms of service", Related, terms::update),
        patch(one.clone(), "Change terms of service", Related, terms::update),
        delete(one, "Delete terms of service", Related, terms::delete),
    ]
}

fn places() -> Vec<Operation> {
    use Origin::Related;
    const PROVIDED: &str = "/api/marketplace-provider-offerings/";
    const PUBLIC: &str = "/api/marketplace-public-offerings/";
    vec![
        get(PROVIDED, "List the offerings one provides", Related, offerings::provided),
        get(format!("{PROVIDED}{{uuid}}/"), "Retrieve one", Related, offerings::provided_one),
        post(
            format!("{PROVIDED}{{uuid}}/update_compliance_checklist/"),
            "Choose the checklist of an offering's accounts",
            Related,
            offerings::update_compliance_checklist,
        ),
        get(PUBLIC, "List all offerings", Related, offerings::public),
        get(format!("{PUBLIC}{{uuid}}/"), "Retrieve one", Related, offerings::public_one),
    ]
}

fn administration() -> Vec<Operation> {
    use admin::{Checklists, Dependencies, Options, Questions};
    let mut all = records::<Checklists>([
        "List checklists",
        "Create a checklist",
        "Retrieve a checklist",
        "Change a checklist",
        "Delete a checklist that is not used",
    ]);
    all.push(get(
        format!("{}{{uuid}}/questions/", <Checklists as admin::Resource>::PATH),
        "List all questions of a checklist",
        Origin::Related,
        admin::questions_of_checklist,
    ));
    all.extend(records::<Questions>([
        "List questions",
        "Create a question",
        "Retrieve a question",
        "Change a question",
        "Delete a question with its answers",
    ]));
    all.extend(records::<Options>([
        "List options of questions",
        "Create an option",
        "Retrieve an option",
        "Change an option",
        "Delete an option",
    ]));
    all.extend(records::<Dependencies>([
        "List dependencies of questions",
        "Create a dependency",
        "Retrieve a dependency",
        "Change a dependency",
        "Delete a dependency",
    ]));
    all
}

/// What staff can do with the records of a collection: list, create, retrieve, change, delete.
fn records<R: admin::Resource>(summaries: [&'static str; 5]) -> Vec<Operation> {
    use Origin::Related;
    let [list, create, retrieve, change, remove] = summaries;
    let one = format!("{}{{uuid}}/", R::PATH);
    vec![
        get(R::PATH, list, Related, admin::list::<R>),
        post(R::PATH, create, Related, admin::create::<R>),
        get(&one, retrieve, Related, admin::retrieve::<R>),
        put(&one, change, Related, admin::replace::<R>),
        patch(&one, change, Related, admin::change::<R>),
        delete(one, remove, Related, admin::delete::<R>),
    ]
}

fn compliance() -> Vec<Operation> {
    use Origin::Related;
    use providers::{
        checklists_summary, compliance_offering_users, compliance_overview, set_offerings_username,
    };
    const PROVIDERS: &str = "/api/marketplace-service-providers/";
    const COMPLETIONS: &str = "/api/marketplace-offering-user-checklist-completions/";
    let provider = |action: &str| format!("{PROVIDERS}{{uuid}}/{action}");
    vec![
        get(PROVIDERS, "List providers", Related, providers::list),
        get(provider(""), "Retrieve a provider", Related, providers::retrieve),
        post(
            provider("set_offerings_username/"),
            "Name a person's accounts on all offerings of a provider",
            Related,
            set_offerings_username,
        ),
        get(
            provider("compliance/compliance_overview/"),
            "How far the accounts of each offering are",
            Related,
            compliance_overview,
        ),
        get(
            provider("compliance/offering_users/"),
            "How far each account of a provider is",
            Related,
            compliance_offering_users,
        ),
        get(
            provider("compliance/checklists_summary/"),
            "Which checklists a provider uses",
            Related,
            checklists_summary,
        ),
        get(COMPLETIONS, "List the completions of all accounts", Related, completions::list),
        get(
            format!("{COMPLETIONS}{{id}}/"),
            "Retrieve a completion by its number",
            Related,
            completions::retrieve,
        ),
    ]
}

const ACCOUNTS: &str = "/api/marketplace-offering-users/";

fn account(action: &str) -> String {
    format!("{ACCOUNTS}{{uuid}}/{action}")
}

/// Writes the helpers that make a row of the table for one verb.
macro_rules! verbs {
    ($($name:ident $method:ident),+) => {
        $(fn $name<H: Handler<T, App>, T: 'static>(
            path: impl Into<String>,
            summary: &'static str,
            origin: Origin,
            handler: H,
        ) -> Operation {
            let route = on(MethodFilter::$method, handler);
            Operation {
                method: Method::$method,
                path: path.into(),
                summary,
                origin,
                is_open: false,
                largest_body: LARGEST_BODY,
                route,
            }
        })+
    };
}

verbs!(get GET, post POST, put PUT, patch PATCH, delete DELETE);
