//! Everything the API can be asked, in one table: the router is made from it, and so is
//! `docs/api.md`.

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{App, Profile, admin, checklists, consents, media, offering_users, offerings, session};

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
    route: MethodRouter<App>,
}

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
        self.route.clone()
    }
}

/// The whole table.
pub fn operations() -> Vec<Operation> {
    let mut all = offering_users();
    all.extend(transitions());
    all.extend(checklists());
    all.extend(people());
    all.extend(terms());
    all.extend(places());
    all.extend(administration());
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
        post(account("submit_answers/"), "Store answers: all or none", Seed, submit_answers),
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
        post("/api-auth/password/", "Sign in", Related, session::sign_in),
        post("/api-auth/logout/", "Sign out", Related, session::sign_out),
        get("/api/configuration/", "Public settings", Related, session::configuration),
        get("/api/users/me/", "Who is asking", Related, session::me),
        get("/api/roles/", "Which permissions each role carries", Related, session::roles),
    ]
}

fn terms() -> Vec<Operation> {
    use Origin::Related;
    const CONSENTS: &str = "/api/marketplace-user-offering-consents/";
    const TERMS: &str = "/api/marketplace-offering-terms-of-service/";
    vec![
        get(CONSENTS, "List consents", Related, consents::list),
        post(CONSENTS, "Agree to the terms in force", Related, consents::grant),
        get(format!("{CONSENTS}{{uuid}}/"), "Retrieve a consent", Related, consents::retrieve),
        post(format!("{CONSENTS}{{uuid}}/revoke/"), "Revoke a consent", Related, consents::revoke),
        get(TERMS, "List terms of service", Related, consents::terms),
    ]
}

fn places() -> Vec<Operation> {
    use Origin::Related;
    const PROVIDED: &str = "/api/marketplace-provider-offerings/";
    const PUBLIC: &str = "/api/marketplace-public-offerings/";
    vec![
        get(PROVIDED, "List the offerings one provides", Related, offerings::provided),
        get(format!("{PROVIDED}{{uuid}}/"), "Retrieve one", Related, offerings::provided_one),
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
            Operation { method: Method::$method, path: path.into(), summary, origin, route }
        })+
    };
}

verbs!(get GET, post POST, put PUT, patch PATCH, delete DELETE);
