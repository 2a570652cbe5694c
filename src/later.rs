//! The screens that come in a file of their own, so that the first one is there sooner. What only
//! they use is cut off by `xtask/splitter` when the app is built.

use std::sync::Once;

use js_sys::{Array, Function, Reflect};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    wasm_split::{SplitLoaderError, wasm_split},
};

use crate::{
    i18n::{say, t},
    pages::{
        account::AccountPage,
        checklist::{CheckPage, ChecklistForm, ChecklistFrame},
        review::ReviewPage,
        settings::SettingsPage,
    },
    ui::{Button, Problem, Skeleton, SkeletonShape, live},
};

/// A screen of that file.
#[derive(Clone, Copy)]
pub(crate) enum Screen {
    /// One account.
    Account,
    /// What the two screens of a checklist share.
    ChecklistFrame,
    /// The form.
    ChecklistForm,
    /// The answers before they are saved.
    Check,
    /// What a reviewer sees.
    Review,
    /// What a person decides for this device.
    Settings,
}

type Draw = fn(Screen) -> AnyView;

/// How far that file is.
#[derive(Clone, Copy)]
enum Progress {
    Loading,
    Ready(Draw),
    Failed,
}

/// The screens that come later. Lives as long as the desk.
#[derive(Clone, Copy)]
pub(crate) struct Later(RwSignal<Option<Progress>>);

impl Later {
    /// Makes the place where the file will be, for everything below the caller.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    /// Fetches the file when the browser has nothing better to do, so that the next screen is there
    /// at once.
    pub(crate) fn prefetch(self) {
        request_idle_callback(move || self.fetch());
    }

    /// Fetches the file, unless it is here or on its way.
    fn fetch(self) {
        if matches!(self.0.get_untracked(), Some(Progress::Loading | Progress::Ready(_))) {
            return;
        }
        self.0.set(Some(Progress::Loading));
        spawn_local(async move {
            let progress = drawer().await.map_or(Progress::Failed, Progress::Ready);
            self.0.try_set(Some(progress));
        });
    }
}

/// Draws a screen of that file; a skeleton stands for it until the file is here.
pub(crate) fn later(screen: Screen) -> impl Fn() -> AnyView + Send + Sync + Clone + 'static {
    move || {
        let this: Later = expect_context();
        this.fetch();
        live(move || match this.0.get() {
            Some(Progress::Ready(draw)) => draw(screen),
            Some(Progress::Failed) => view! { <Failed this/> }.into_any(),
            Some(Progress::Loading) | None => {
                view! { <Skeleton shape=SkeletonShape::Page/> }.into_any()
            }
        })
    }
}

/// The file did not come: the network failed, or the server has a newer app by now, whose file has
/// another name.
#[component]
fn Failed(this: Later) -> impl IntoView {
    view! {
        <div class="sheet">
            <h1>{t!(error.page)}</h1>
            <Problem title=Signal::derive(|| say!(error.later))>
                <div class="card__foot">
                    <Button on_press=move |()| this.fetch()>{t!(common.try_again)}</Button>
                    <Button on_press=|()| { let _ = window().location().reload(); }>
                        {t!(recovery.again)}
                    </Button>
                </div>
            </Problem>
        </div>
    }
}

/// The one door into that file: what only `draw` reaches stands in it.
#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn drawer() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

fn draw(screen: Screen) -> AnyView {
    dress();
    match screen {
        Screen::Account => view! { <AccountPage/> }.into_any(),
        Screen::ChecklistFrame => view! { <ChecklistFrame/> }.into_any(),
        Screen::ChecklistForm => view! { <ChecklistForm/> }.into_any(),
        Screen::Check => view! { <CheckPage/> }.into_any(),
        Screen::Review => view! { <ReviewPage/> }.into_any(),
        Screen::Settings => view! { <SettingsPage/> }.into_any(),
    }
}

/// Adds the styles of these screens to the page, once. They are in this file, since the first screen
/// does without them.
fn dress() {
    static DRESSED: Once = Once::new();
    DRESSED.call_once(|| {
        // Nothing here fails in a browser that runs the rest.
        let _ = adopt(include_str!("../style/later.css"));
    });
}

fn adopt(style: &str) -> Result<(), JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let class: Function = get(&js_sys::global(), "CSSStyleSheet")?.unchecked_into();
    let sheet = Reflect::construct(&class, &Array::new())?;
    let replace: Function = get(&sheet, "replaceSync")?.unchecked_into();
    replace.call1(&sheet, &style.into())?;
    let sheets = get(&document(), "adoptedStyleSheets")?;
    let push: Function = get(&sheets, "push")?.unchecked_into();
    push.call1(&sheets, &sheet)?;
    Ok(())
}
