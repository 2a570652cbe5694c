//! Asks where a link leads.

use leptos::{ev, html, prelude::*};

use crate::{
    i18n::{say, t},
    ui::{Button, Emphasis, FieldError, Target, effect},
};

/// A small form below the toolbar. It is no `<form>`, since it stands in one.
#[component]
pub(super) fn LinkForm(
    dom_id: String,
    /// Where the link leads now; empty for a new one.
    address: String,
    /// Takes a safe address, or an empty one to take the link away; `None` to leave all as it is.
    done: Callback<Option<String>>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let error = RwSignal::new(false);
    let is_new = address.is_empty();
    let input_id = format!("{dom_id}-link");
    let error_id = format!("{dom_id}-link-error");
    let described = error_id.clone();
    let take = move || {
        let typed = input.get_untracked().map(|it| it.value()).unwrap_or_default();
        match checked(&typed) {
            Some(address) => done.run(Some(address)),
            None => {
                error.set(true);
                if let Some(input) = input.get_untracked() {
                    let _ = input.focus();
                }
            }
        }
    };
    effect(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let press = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            take();
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            done.run(None);
        }
        _ => {}
    };
    let words = Signal::derive(move || error.get().then(|| say!(rich.link_problem)));
    view! {
        <div class="rich__link" role="group" aria-label=t!(rich.link)>
            <label for=input_id.clone()>{t!(rich.address)}</label>
            <input
                class="input"
                type="text"
                inputmode="url"
                autocomplete="url"
                autocapitalize="none"
                id=input_id
                node_ref=input
                prop:value=address
                aria-invalid=move || error.get().then_some("true")
                aria-describedby=move || error.get().then(|| described.clone())
                on:keydown=press
            />
            <FieldError id=StoredValue::new(error_id) error=words/>
            <div class="card__foot">
                <Button on_press=move |()| take()>{t!(rich.link_take)}</Button>
                {(!is_new).then(|| view! {
                    <Button on_press=move |()| done.run(Some(String::new()))>
                        {t!(rich.link_remove)}
                    </Button>
                })}
                <Button emphasis=Emphasis::Plain on_press=move |()| done.run(None)>
                    {t!(common.cancel)}
                </Button>
            </div>
        </div>
    }
}

/// An address that a link may have. A host alone is one of the web.
fn checked(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_host =
        typed.contains('.') && !typed.contains([':', ' ', '@']) && !typed.starts_with('/');
    let address = if is_host { format!("https://{typed}") } else { typed.to_owned() };
    match Target::of(&address) {
        Target::Web { href, .. } | Target::Mail(href) if !href.contains(' ') => Some(href),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_addresses_become_links() {
        let same = ["https://x.example/y?z", "http://localhost:1/", "mailto:a@b.ee"];
        for address in same {
            assert_eq!(checked(address), Some(address.to_owned()));
        }
        assert_eq!(checked(" x.example/y "), Some("https://x.example/y".to_owned()));
        for odd in ["", "javascript:alert(1)", "data:text/html,x", "/here", "//x.example", "word"] {
            assert_eq!(checked(odd), None, "{odd}");
        }
    }
}
