//! The screens, one module each.

use api::{Me, OfferingUserId};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_params_map;

use crate::{i18n::say, path::Path, session::Viewer};

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod checklist;
pub(crate) mod home;
pub(crate) mod not_found;
pub(crate) mod review;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod words;

/// The person who looks at the page. Only for screens behind the sign-in.
pub(crate) fn viewer() -> Viewer {
    expect_context::<StoredValue<Viewer>>().get_value()
}

/// The address of a person's own accounts.
pub(crate) fn mine(me: &Me) -> String {
    format!("{}?user_uuid={}", Path::Accounts, me.uuid)
}

/// The account that the address names; `None` where it names none.
fn account_in_path() -> Memo<Option<OfferingUserId>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("uuid")?.parse().ok())
}

/// The heading of a screen. It names the browser's tab too, and takes focus when one comes from
/// another screen, so that a screen reader starts here.
#[component]
pub(crate) fn Heading(
    /// What the screen is.
    #[prop(into)]
    text: Signal<String>,
    /// Whether the screen has something that went wrong; said first in the tab's name.
    #[prop(optional, into)]
    failed: Signal<bool>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    crate::ui::effect(move || {
        let title = format!("{} · Purser", text.read());
        let title = if failed.get() { say!(common.error_title, title = title) } else { title };
        document().set_title(&title);
    });
    crate::ui::effect(move || {
        let Some(heading) = heading.get() else { return };
        // On the very first screen focus stays where the browser put it.
        if window().history().is_ok_and(|it| it.state().is_ok_and(|state| !state.is_null())) {
            let _ = heading.focus();
        }
    });
    view! { <h1 tabindex="-1" node_ref=heading>{text}</h1> }
}
