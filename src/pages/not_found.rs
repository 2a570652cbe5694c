//! For addresses that lead nowhere.

use leptos::prelude::*;

use crate::{
    i18n::{say, t},
    pages::Heading,
    path::Path,
};

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <div class="blank">
            <Heading text=Signal::derive(|| say!(not_found.title))/>
            <p>{t!(not_found.text)}</p>
            <a href=Path::Home.to_string() class="button button--primary">{t!(not_found.home)}</a>
        </div>
    }
}
