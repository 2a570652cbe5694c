//! What a person decides for this device.

use journal::Policy;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    app::{LanguageChoice, ThemeChoice},
    config::{Config, config},
    draft::use_drafts,
    i18n::{count, say, t},
    journal::{choice_of_person, choose, clear},
    notice::use_notices,
    pages::{Heading, viewer},
    ui::{Button, Dialog, DialogHandle, Emphasis, Problem, Tone, live},
};

/// The screen.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    view! {
        <div class="settings">
            <Heading text=Signal::derive(|| say!(settings.title))/>
            <section class="card" aria-label=t!(settings.appearance)>
                <h2>{t!(settings.appearance)}</h2>
                <div class="settings__row">
                    <span aria-hidden="true">{t!(shell.language)}</span>
                    <LanguageChoice/>
                </div>
                <div class="settings__row">
                    <span aria-hidden="true">{t!(shell.theme)}</span>
                    <ThemeChoice/>
                </div>
            </section>
            <DraftsCard/>
            <ClearCard/>
        </div>
    }
}

/// What may be kept of answers that are not saved.
#[component]
fn DraftsCard() -> impl IntoView {
    let operator = RwSignal::new(None::<Config>);
    spawn_local(async move {
        let config = config().await;
        operator.try_set(Some(config));
    });
    let person = RwSignal::new(choice_of_person());
    view! {
        <section class="card" aria-label=t!(settings.drafts)>
            <fieldset class="settings__group">
                <legend><h2>{t!(settings.drafts)}</h2></legend>
                {live(move || operator.get().map(|it| view! { <Policies operator=it person/> }))}
            </fieldset>
        </section>
    }
}

#[component]
fn Policies(operator: Config, person: RwSignal<Option<Policy>>) -> impl IntoView {
    let allowed = operator.drafts;
    let holds = move || allowed.tightened_by(person.get());
    let me = viewer().me.uuid;
    let option = move |policy: Policy| {
        let id = format!("drafts-{}", policy.name());
        let described = format!("{id}-hint");
        let by = described.clone();
        view! {
            <div class="settings__option">
                <label class="option">
                    <input
                        type="radio"
                        name="drafts"
                        id=id
                        aria-describedby=by
                        disabled=policy < allowed
                        prop:checked=move || holds() == policy
                        on:change=move |_| {
                            choose(me, policy);
                            person.set(Some(policy));
                        }
                    />
                    <span>{live(move || name(policy))}</span>
                </label>
                <p class="field__hint" id=described>{live(move || hint(policy))}</p>
            </div>
        }
    };
    view! {
        {live(move || limit(&operator).map(|it| view! {
            <Problem tone=Tone::Info title=Signal::stored(it)/>
        }))}
        {Policy::ALL.map(option).collect_view()}
    }
}

fn name(policy: Policy) -> String {
    match policy {
        Policy::Encrypted => say!(settings.encrypted),
        Policy::Memory => say!(settings.memory),
        Policy::Off => say!(settings.off),
    }
}

fn hint(policy: Policy) -> String {
    match policy {
        Policy::Encrypted => say!(settings.encrypted_hint),
        Policy::Memory => say!(settings.memory_hint),
        Policy::Off => say!(settings.off_hint),
    }
}

/// Why some policies cannot be chosen.
fn limit(operator: &Config) -> Option<String> {
    match (&operator.wrong, operator.drafts) {
        (Some(wrong), _) => Some(say!(journal.wrong_config, wrong = wrong.clone())),
        (None, Policy::Encrypted) => None,
        (None, Policy::Memory) => Some(say!(settings.limit_memory)),
        (None, Policy::Off) => Some(say!(settings.limit_off)),
    }
}

/// Removes everything of this device.
#[component]
fn ClearCard() -> impl IntoView {
    let dialog = DialogHandle::new();
    let drafts = use_drafts();
    let notices = use_notices();
    let clear_all = move |()| {
        dialog.close();
        spawn_local(async move {
            let cleared = clear(drafts).await;
            let databases =
                count!(cleared.databases, databases_single, databases_several in settings);
            let choices = count!(cleared.choices, choices_single, choices_several in settings);
            notices.good(say!(settings.cleared, databases = databases, choices = choices));
        });
    };
    view! {
        <section class="card" aria-label=t!(settings.device)>
            <h2>{t!(settings.device)}</h2>
            <p class="soft">{t!(settings.device_text)}</p>
            <div class="card__foot">
                <Button emphasis=Emphasis::Danger on_press=move |()| dialog.open()>
                    {t!(settings.clear)}
                </Button>
            </div>
            <Dialog handle=dialog id="clear" title=Signal::derive(|| say!(settings.clear_title))>
                <div class="dialog__body">
                    <p>{t!(settings.clear_text)}</p>
                    <div class="dialog__actions">
                        <Button on_press=move |()| dialog.close()>{t!(common.cancel)}</Button>
                        <Button emphasis=Emphasis::Danger on_press=clear_all>
                            {t!(settings.clear)}
                        </Button>
                    </div>
                </div>
            </Dialog>
        </section>
    }
}
