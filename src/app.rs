//! The shell around every screen, and the route table.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

use crate::{
    device_files::DeviceFiles,
    draft::{Drafts, use_drafts},
    i18n::{self, LANGUAGES, Locale, set_language, t},
    later::{Later, Screen, later},
    load::Failure,
    notice::{NoticeList, Notices},
    pages::{
        accounts::AccountsPage,
        home::Home,
        not_found::NotFound,
        sign_in::{SignInAgain, SignInPage},
    },
    path::Path,
    recovery,
    session::{Session, Viewer, Who, use_session},
    theme::{Theme, choice, set_theme, theme},
    ui::{Mark, Skeleton, SkeletonShape, live},
};

/// Mounts the app into the page.
pub fn start() {
    recovery::install();
    if let Some(placeholder) = document().get_element_by_id("first-paint") {
        placeholder.remove();
    }
    leptos::mount::mount_to_body(App);
}

/// The whole app.
#[component]
fn App() -> impl IntoView {
    let session = Session::provide();
    Notices::provide();
    Drafts::provide();
    follow_language();
    view! {
        <Router>
            <a class="skip-link" href="#main">{t!(shell.skip)}</a>
            {live(move || match session.who() {
                Who::Unknown => view! { <Resuming/> }.into_any(),
                Who::Guest => view! { <SignInPage/> }.into_any(),
                Who::Viewer(viewer) => view! { <Desk viewer/> }.into_any(),
            })}
            <NoticeList/>
        </Router>
    }
}

/// A kept token is being tried.
#[component]
fn Resuming() -> impl IntoView {
    let session = use_session();
    let error = RwSignal::new(None);
    let try_now = move || {
        spawn_local(async move {
            error.set(session.resume().await.err());
        });
    };
    try_now();
    view! {
        <main class="page" id="main">
            {live(move || match error.get() {
                Some(it) => view! { <Failure error=it again=try_now/> }.into_any(),
                None => view! { <Skeleton shape=SkeletonShape::Page/> }.into_any(),
            })}
        </main>
    }
}

/// The screens of a person who has signed in.
#[component]
fn Desk(viewer: Viewer) -> impl IntoView {
    provide_context(StoredValue::new(viewer));
    // This is drawn anew for another person, who must not see the drafts of the one before.
    use_drafts().clear();
    DeviceFiles::provide();
    Later::provide();
    let session = use_session();
    view! {
        <Header/>
        <main class="page" id="main" tabindex="-1">
            <Routes fallback=no_route>
                <Route path=path!("/") view=Home/>
                <Route path=path!("/sign-in") view=Home/>
                <Route path=path!("/accounts") view=AccountsPage/>
                <Route path=path!("/accounts/:uuid") view=later(Screen::Account)/>
                <ParentRoute path=path!("/accounts/:uuid/checklist") view=later(Screen::ChecklistFrame)>
                    <Route path=path!("") view=later(Screen::ChecklistForm)/>
                    <Route path=path!("check") view=later(Screen::Check)/>
                </ParentRoute>
                <Route path=path!("/accounts/:uuid/review") view=later(Screen::Review)/>
                <Route path=path!("/settings") view=later(Screen::Settings)/>
            </Routes>
        </main>
        {live(move || session.is_expired().then(|| view! { <SignInAgain/> }))}
    }
}

/// Where no route leads. Development builds have a gallery of the inputs at `/gallery`.
fn no_route() -> AnyView {
    #[cfg(debug_assertions)]
    if use_location().pathname.get_untracked() == "/gallery" {
        return view! { <crate::pages::checklist::Gallery/> }.into_any();
    }
    view! { <NotFound/> }.into_any()
}

#[component]
fn Header() -> impl IntoView {
    let session = use_session();
    let Viewer { me, rights } = crate::pages::viewer();
    let mine = crate::pages::mine(&me);
    view! {
        <header class="header">
            <a href=Path::Home.to_string() class="header__brand">
                <Mark size=22/>
                "Purser"
            </a>
            <nav class="header__nav" aria-label=t!(shell.navigation)>
                <NavLink href=mine label=t!(shell.my_accounts)/>
                {rights.serves_others().then(|| view! {
                    <NavLink
                        href=Path::Accounts.to_string()
                        label=t!(shell.all_accounts)
                    />
                })}
                <NavLink href=Path::Settings.to_string() label=t!(shell.settings)/>
            </nav>
            <div class="header__tools">
                <LanguageChoice/>
                <ThemeChoice/>
                <span class="header__person" title=me.username.clone()>{me.full_name.clone()}</span>
                <button
                    type="button"
                    class="button button--plain"
                    on:click=move |_| spawn_local(session.sign_out())
                >
                    {t!(shell.sign_out)}
                </button>
            </div>
        </header>
    }
}

/// A link of the navigation; it is current when the address, query and all, is its own, and on the
/// pages below it.
#[component]
fn NavLink(
    href: String,
    label: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let location = use_location();
    let own = href.clone();
    let current = move || {
        let user = location.query.read().get("user_uuid");
        let (path, wanted) = match own.split_once("?user_uuid=") {
            Some((path, user)) => (path, Some(user)),
            None => (own.as_str(), None),
        };
        (location.pathname.get() == path && user.as_deref() == wanted).then_some("page")
    };
    view! { <a href=href class="header__link" aria-current=current>{label}</a> }
}

/// Sets the language before anything is drawn, and keeps the page's `lang` true.
fn follow_language() {
    let languages = window().navigator().languages();
    let wishes = choice::read("purser.language")
        .into_iter()
        .chain(languages.iter().filter_map(|it| it.as_string()));
    set_language(i18n::best_language(wishes));
    crate::ui::effect(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", i18n::tag(i18n::language()));
        }
    });
}

#[component]
pub(crate) fn LanguageChoice() -> impl IntoView {
    let chosen = |event| {
        let tag = event_target_value(&event);
        choice::keep("purser.language", &tag);
        set_language(i18n::best_language(std::iter::once(tag)));
    };
    let option = |(locale, name): (Locale, &'static str)| {
        view! {
            <option
                value=i18n::tag(locale)
                lang=i18n::tag(locale)
                prop:selected=move || i18n::language() == locale
            >
                {name}
            </option>
        }
    };
    view! {
        <select class="header__choice" aria-label=t!(shell.language) on:change=chosen>
            {LANGUAGES.map(option).collect_view()}
        </select>
    }
}

#[component]
pub(crate) fn ThemeChoice() -> impl IntoView {
    crate::ui::effect(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", theme().name());
        }
    });
    let chosen = move |event| {
        let name = event_target_value(&event);
        choice::keep("purser.theme", &name);
        set_theme(Theme::from_name(&name));
    };
    let option = move |it: Theme| {
        let name = match it {
            Theme::System => t!(shell.theme_system),
            Theme::Light => t!(shell.theme_light),
            Theme::Dark => t!(shell.theme_dark),
        };
        view! {
            <option value=it.name() prop:selected=move || theme() == it>{name}</option>
        }
    };
    view! {
        <select class="header__choice" aria-label=t!(shell.theme) on:change=chosen>
            {Theme::ALL.map(option).collect_view()}
        </select>
    }
}
