//! Signing in: by name and password, or with a token from elsewhere.

use api::ApiError;
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};

use crate::{
    app::{LanguageChoice, ThemeChoice},
    explain::explain,
    i18n::{say, t},
    pages::Heading,
    session::use_session,
    ui::{Button, Emphasis, Field, Mark, Problem, live},
};

/// The screen of somebody who has not signed in. The address stays as it is, so that signing in
/// leads where the person wanted to go.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    view! {
        <main class="sign-in" id="main" tabindex="-1">
            <div class="sign-in__brand">
                <p class="sign-in__name"><Mark size=28/>"Purser"</p>
            </div>
            <p class="sign-in__claim">{t!(sign_in.claim)}</p>
            <section class="card">
                <Heading text=Signal::derive(|| say!(sign_in.title))/>
                <SignInForm/>
            </section>
            <div class="sign-in__tools">
                <LanguageChoice/>
                <ThemeChoice/>
            </div>
        </main>
    }
}

/// The server stopped accepting the token while somebody was working. What is on the screen behind
/// stays as it is, and goes on working after signing in again.
#[component]
pub(crate) fn SignInAgain() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    crate::ui::effect(move || {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby="again-title"
            on:cancel=|event: leptos::ev::Event| event.prevent_default()
        >
            <h2 class="dialog__title" id="again-title">{t!(sign_in.again_title)}</h2>
            <div class="dialog__body">
                <p>{t!(sign_in.again_text)}</p>
                <SignInForm/>
            </div>
        </dialog>
    }
}

/// How the person proves who they are.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Password,
    Token,
}

#[component]
fn SignInForm() -> impl IntoView {
    let session = use_session();
    let way = RwSignal::new(Way::Password);
    let username = RwSignal::new(String::new());
    let secret = RwSignal::new(String::new());
    let keep = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let problem = NodeRef::<html::Div>::new();

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let missing = secret.read_untracked().trim().is_empty()
            || (way.get_untracked() == Way::Password
                && username.read_untracked().trim().is_empty());
        if missing {
            error.set(Some(match way.get_untracked() {
                Way::Password => say!(sign_in.missing),
                Way::Token => say!(sign_in.missing_token),
            }));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let (name, secret) = (username.get_untracked(), secret.get_untracked());
            let keep = keep.get_untracked();
            let outcome = match way.get_untracked() {
                Way::Password => session.sign_in(name.trim(), &secret, keep).await,
                Way::Token => session.sign_in_with_token(secret.trim().to_owned(), keep).await,
            };
            // After a success this form is gone.
            busy.try_set(false);
            if let Err(reason) = outcome {
                error.try_set(Some(match (&reason, way.get_untracked()) {
                    (ApiError::SignedOut { .. }, Way::Token) => say!(sign_in.bad_token),
                    (ApiError::SignedOut { detail }, Way::Password)
                        if detail.contains("locked") =>
                    {
                        say!(sign_in.locked)
                    }
                    (ApiError::SignedOut { .. }, Way::Password) => say!(sign_in.bad_password),
                    _ => explain(&reason),
                }));
            }
        });
    };
    // Spoken to a screen reader at once, and seen above the fields.
    crate::ui::effect(move || {
        if error.read().is_some()
            && let Some(problem) = problem.get()
        {
            let _ = problem.focus();
        }
    });

    view! {
        <form class="sign-in__form" on:submit=submit novalidate>
            <div node_ref=problem tabindex="-1">
                {live(move || error.get().map(|it| view! { <Problem title=Signal::stored(it)/> }))}
            </div>
            {live(move || match way.get() {
                Way::Password => view! {
                    <Field id="username" label=Signal::derive(|| say!(sign_in.username)) let:described>
                        <input
                            class="input"
                            id=described.id.get_value()
                            autocomplete="username"
                            autocapitalize="none"
                            spellcheck="false"
                            required
                            bind:value=username
                        />
                    </Field>
                    <Field id="password" label=Signal::derive(|| say!(sign_in.password)) let:described>
                        <input
                            class="input"
                            type="password"
                            id=described.id.get_value()
                            autocomplete="current-password"
                            required
                            bind:value=secret
                        />
                    </Field>
                }
                .into_any(),
                Way::Token => view! {
                    <Field
                        id="token"
                        label=Signal::derive(|| say!(sign_in.token))
                        hint=Signal::derive(|| Some(say!(sign_in.token_hint)))
                        let:described
                    >
                        <input
                            class="input mono"
                            type="password"
                            id=described.id.get_value()
                            aria-describedby=described.by
                            autocomplete="off"
                            required
                            bind:value=secret
                        />
                    </Field>
                }
                .into_any(),
            })}
            <label class="option">
                <input type="checkbox" bind:checked=keep/>
                <span>{t!(sign_in.keep)}</span>
            </label>
            <Button emphasis=Emphasis::Primary submit=true busy>{t!(sign_in.submit)}</Button>
            <Button
                emphasis=Emphasis::Plain
                on_press=move |()| {
                    error.set(None);
                    secret.set(String::new());
                    way.update(|way| {
                        *way = if *way == Way::Password { Way::Token } else { Way::Password };
                    });
                }
            >
                {live(move || match way.get() {
                    Way::Password => say!(sign_in.use_token),
                    Way::Token => say!(sign_in.use_password),
                })}
            </Button>
        </form>
        {demo_people(username, secret, way)}
    }
}

/// The people of the demo, where the server says that it is one.
fn demo_people(
    username: RwSignal<String>,
    secret: RwSignal<String>,
    way: RwSignal<Way>,
) -> impl IntoView {
    let configuration = crate::load::load(|| Some(api::configuration()));
    live(move || {
        let people = configuration.with(|it| it.purser.demo_people.clone())?;
        (way.get() == Way::Password && !people.is_empty()).then(|| {
            view! {
                <div class="sign-in__demo">
                    <p>{t!(sign_in.demo)}</p>
                    <ul class="sign-in__people">
                        {people
                            .into_iter()
                            .map(|person| {
                                let (name, password) = (person.username.clone(), person.password.clone());
                                view! {
                                    <li>
                                        <button
                                            type="button"
                                            class="person"
                                            on:click=move |_| {
                                                username.set(name.clone());
                                                secret.set(password.clone());
                                            }
                                        >
                                            <strong>{person.username.clone()}</strong>
                                            <span class="soft">{live(move || role(&person.role))}</span>
                                        </button>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </div>
            }
        })
    })
}

/// What a person of the demo is.
fn role(role: &str) -> String {
    match role {
        "account_holder" => say!(sign_in.role_account_holder),
        "provider_manager" => say!(sign_in.role_provider),
        "reviewer" => say!(sign_in.role_reviewer),
        "support" => say!(sign_in.role_support),
        "staff" => say!(sign_in.role_staff),
        other => other.to_owned(),
    }
}
