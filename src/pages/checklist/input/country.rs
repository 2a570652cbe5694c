//! A country, by its code. The browser knows the names in the page's language, and its own list
//! takes typing.

use checklist::Value;
use leptos::prelude::*;

use super::{Tie, text::text_of};
use crate::{
    draft::Edit,
    format,
    i18n::{language, t},
    ui::live,
};

pub(super) fn country(tie: Tie) -> AnyView {
    let Tie { entry, ref dom_id, by, required } = tie;
    // Sorting 249 names costs too much to repeat for each keystroke elsewhere.
    let countries = Memo::new(move |_| {
        language();
        format::countries()
    });
    // The server takes any text, so a stored answer may be no code of the list.
    let foreign = Memo::new(move |_| {
        let text = text_of(entry);
        let known = text.is_empty() || crate::country::CODES.contains(&text.as_str());
        (!known).then_some(text)
    });
    let option = move |code: String, name: String| {
        let mine = code.clone();
        view! {
            <option value=code prop:selected=move || text_of(entry) == mine>{name}</option>
        }
    };
    view! {
        <select
            class="select"
            id=format!("{dom_id}-0")
            aria-labelledby=tie.label_id()
            aria-describedby=by
            aria-required=required.then_some("true")
            on:change:target=move |event| {
                let code = event.target().value();
                entry.set(Edit::to(if code.is_empty() { Value::Null } else { Value::Text(code) }));
            }
        >
            <option value="" prop:selected=move || text_of(entry).is_empty()>
                {t!(checklist.no_country)}
            </option>
            {live(move || foreign.get().map(|text| option(text.clone(), text)))}
            {live(move || {
                let countries = countries.get().into_iter();
                countries.map(|(code, name)| option(code.to_owned(), name)).collect_view()
            })}
        </select>
    }
    .into_any()
}
