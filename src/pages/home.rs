//! Sends each person to the desk that fits their rights.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::{
    pages::{mine, viewer},
    path::Path,
};

#[component]
pub(crate) fn Home() -> impl IntoView {
    let viewer = viewer();
    let desk =
        if viewer.rights.serves_others() { Path::Accounts.to_string() } else { mine(&viewer.me) };
    view! { <Redirect path=desk/> }
}
