use leptos::{html, prelude::*};

use super::live;

/// Opens and closes one dialog. The browser's own modal dialog keeps focus inside and gives it back
/// to where it was.
#[derive(Clone, Copy)]
pub(crate) struct DialogHandle {
    node: NodeRef<html::Dialog>,
    open: RwSignal<bool>,
}

impl DialogHandle {
    /// A closed dialog.
    pub(crate) fn new() -> Self {
        Self { node: NodeRef::new(), open: RwSignal::new(false) }
    }

    /// Shows the dialog. Its content is drawn anew, so nothing of the last time is left in it.
    pub(crate) fn open(self) {
        self.open.set(true);
        if let Some(dialog) = self.node.get_untracked() {
            // Fails only when it is open already.
            let _ = dialog.show_modal();
        }
    }

    /// Closes the dialog.
    pub(crate) fn close(self) {
        if let Some(dialog) = self.node.get_untracked() {
            dialog.close();
        }
        self.open.try_set(false);
    }
}

/// A modal dialog with a title.
#[component]
pub(crate) fn Dialog(
    /// Opens and closes it.
    handle: DialogHandle,
    /// Unique on the page; the title's id is made from it.
    id: &'static str,
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// Draws the content each time the dialog is opened.
    children: ChildrenFn,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog
            class="dialog"
            node_ref=handle.node
            aria-labelledby=labelled_by
            on:close=move |_| handle.open.set(false)
        >
            <h2 class="dialog__title" id=title_id>{title}</h2>
            {live(move || handle.open.get().then(|| children()))}
        </dialog>
    }
}
