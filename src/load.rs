//! Reading values from the server, and sending values to it.

use api::{ApiError, Decode, Request, Response};
use leptos::{prelude::*, task::spawn_local};
use web_sys::AbortController;

use crate::{
    explain::explain,
    i18n::t,
    session::{Outgoing, use_session},
    ui::{Button, Problem, Skeleton, SkeletonShape, live},
};

/// A value that comes from the server. It is asked for again whenever a signal that its request
/// read has changed; the value before stays on screen meanwhile.
pub(crate) struct Load<T: Send + Sync + 'static> {
    answer: RwSignal<Option<Result<T, ApiError>>>,
    again: RwSignal<u32>,
    busy: RwSignal<bool>,
}

impl<T: Send + Sync> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Load<T> {}

/// Asks the server for a value, now and whenever what `request` reads has changed. `None` asks
/// nothing.
///
/// A newer request cancels the one before it, so an old answer can never replace a newer one; so does
/// leaving the page, since a browser lets the same request wait for one that is still under way.
pub(crate) fn load<T: Decode + Send + Sync + 'static>(
    request: impl Fn() -> Option<Request<T>> + 'static,
) -> Load<T> {
    let this =
        Load { answer: RwSignal::new(None), again: RwSignal::new(0), busy: RwSignal::new(true) };
    let ask = move || {
        let request = request()?;
        let outgoing = Outgoing::of(&request);
        let deliver = move |answer: Result<Response, ApiError>| {
            // The page may be gone by now; then there is nobody to tell.
            this.answer.try_set(Some(answer.and_then(|response| request.read(&response))));
        };
        Some((outgoing, Box::new(deliver) as Deliver))
    };
    follow(Box::new(ask), this.again, this.busy);
    this
}

/// Takes what came of a request.
type Deliver = Box<dyn FnOnce(Result<Response, ApiError>)>;

/// The part of [`load`] that does not care what the value is, so that it stands in the bundle once.
fn follow(
    ask: Box<dyn Fn() -> Option<(Outgoing, Deliver)>>,
    again: RwSignal<u32>,
    busy: RwSignal<bool>,
) {
    let session = use_session();
    let send = move || {
        again.track();
        let (outgoing, deliver) = ask()?;
        let controller = AbortController::new().ok()?;
        let signal = controller.signal();
        let controller = StoredValue::new_local(controller);
        on_cleanup(move || {
            controller.try_with_value(AbortController::abort);
        });
        busy.set(true);
        spawn_local(async move {
            let answer = session.exchange(outgoing, Some(signal.clone())).await;
            if !signal.aborted() {
                busy.try_set(false);
                deliver(answer);
            }
        });
        Some(())
    };
    Effect::new(move |_| {
        send();
    });
}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// Asks again. The value stays until the new one is here.
    pub(crate) fn again(self) {
        self.again.update(|count| *count += 1);
    }

    /// The value, if it is here.
    pub(crate) fn value(self) -> Option<T> {
        self.with(Clone::clone)
    }

    /// Looks at the value, if it is here.
    pub(crate) fn with<U>(self, look: impl FnOnce(&T) -> U) -> Option<U> {
        match &*self.answer.read() {
            Some(Ok(value)) => Some(look(value)),
            _ => None,
        }
    }

    /// Why the value is not here, if the server was asked and gave none.
    pub(crate) fn error(self) -> Option<ApiError> {
        match &*self.answer.read() {
            Some(Err(error)) => Some(error.clone()),
            _ => None,
        }
    }

    /// Whether an answer is on its way.
    pub(crate) fn is_busy(self) -> bool {
        self.busy.get()
    }
}

/// Which of the three screens a load is on. A change of the value alone is none of them, so the
/// content is not drawn again for it and keeps focus and scroll.
#[derive(Clone, PartialEq)]
enum Phase {
    Waiting,
    Ready,
    Failed(ApiError),
}

/// Shows a value that comes from the server: a skeleton while it is on its way, the value when it
/// is here, and what failed when it did not come.
#[component]
pub(crate) fn Loaded<T, F>(
    /// The value.
    load: Load<T>,
    /// What the placeholder looks like.
    shape: SkeletonShape,
    /// Draws the value, which may change later.
    children: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(Signal<T>) -> AnyView + Send + Sync + 'static,
{
    let last = Memo::new(move |before: Option<&Option<T>>| {
        load.value().or_else(|| before.cloned().flatten())
    });
    let phase = Signal::derive(move || match load.error() {
        Some(error) => Phase::Failed(error),
        None if last.read().is_some() => Phase::Ready,
        None => Phase::Waiting,
    });
    let ready = move || {
        let Some(first) = last.get_untracked() else { return ().into_any() };
        children(Signal::derive(move || last.get().unwrap_or_else(|| first.clone())))
    };
    phases(phase, shape, Box::new(ready), Callback::new(move |()| load.again()))
}

/// The part of [`Loaded`] that does not care what the value is.
fn phases(
    phase: Signal<Phase>,
    shape: SkeletonShape,
    ready: Box<dyn Fn() -> AnyView + Send + Sync>,
    again: Callback<()>,
) -> AnyView {
    let phase = Memo::new(move |_| phase.get());
    live(move || match phase.get() {
        Phase::Waiting => view! { <Skeleton shape/> }.into_any(),
        // Where the page would have had a heading, it still needs one.
        Phase::Failed(error) if shape == SkeletonShape::Page => view! {
            <div class="sheet">
                <h1>{t!(error.page)}</h1>
                <Failure error again/>
            </div>
        }
        .into_any(),
        Phase::Failed(error) => view! { <Failure error again/> }.into_any(),
        Phase::Ready => ready(),
    })
}

/// What failed, what that means, and the way out.
#[component]
pub(crate) fn Failure(
    /// Why there is no value.
    error: ApiError,
    /// Asks again.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let lasting = matches!(error, ApiError::NotFound | ApiError::Forbidden { .. });
    view! {
        <Problem title=Signal::derive(move || explain(&error))>
            {(!lasting).then(|| view! { <Button on_press=move |()| again.run(())>{t!(common.try_again)}</Button> })}
        </Problem>
    }
}
