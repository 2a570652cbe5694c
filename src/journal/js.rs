//! Calls what only the journal needs of the browser by its name. The bindings of `web-sys` would stand
//! in the script that everybody loads first, for a file of WebAssembly that comes later
//! (`docs/performance.md`).

use std::{cell::RefCell, future::poll_fn, rc::Rc, task::Poll, task::Waker};

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// A value, or what the browser threw.
pub(super) type Js<T = JsValue> = Result<T, JsValue>;

/// The property `name` of `of`.
pub(super) fn get(of: &JsValue, name: &str) -> Js {
    Reflect::get(of, &name.into())
}

/// The text that the property `name` of `of` is, or nothing.
pub(super) fn text(of: &JsValue, name: &str) -> String {
    get(of, name).ok().and_then(|it| it.as_string()).unwrap_or_default()
}

/// Sets the property `name` of `of`.
pub(super) fn set(of: &JsValue, name: &str, value: &JsValue) -> Js<()> {
    Reflect::set(of, &name.into(), value).map(|_| ())
}

/// Calls the method `name` of `on`. What is no method is an error, as in JavaScript.
pub(super) fn call<const N: usize>(on: &JsValue, name: &str, arguments: [&JsValue; N]) -> Js {
    let method: Function = get(on, name)?.unchecked_into();
    match arguments.as_slice() {
        [] => method.call0(on),
        [first] => method.call1(on, first),
        [first, second] => method.call2(on, first, second),
        [first, second, third, ..] => method.call3(on, first, second, third),
    }
}

/// Calls a method that gives a promise, and waits for what it promises.
pub(super) async fn promised<const N: usize>(
    on: &JsValue,
    name: &str,
    arguments: [&JsValue; N],
) -> Js {
    JsFuture::from(call(on, name, arguments)?.unchecked_into::<Promise>()).await
}

/// An object with these properties.
pub(super) fn object<const N: usize>(properties: [(&str, &JsValue); N]) -> Js {
    let object = Object::new().into();
    for (name, value) in properties {
        set(&object, name, value)?;
    }
    Ok(object)
}

/// A list of two.
pub(super) fn pair(first: &JsValue, second: &JsValue) -> Js {
    let list = Array::of1(first).into();
    Reflect::set(&list, &1.into(), second)?;
    Ok(list)
}

/// Waits until one of two events comes to `target`, and says whether it is the first.
pub(super) async fn event(target: &JsValue, good: &str, bad: &str) -> Js<bool> {
    #[derive(Default)]
    struct Heard {
        what: Option<bool>,
        waker: Option<Waker>,
    }
    let heard = Rc::new(RefCell::new(Heard::default()));
    let listen = |name, is_good| {
        let heard = heard.clone();
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            let mut heard = heard.borrow_mut();
            heard.what = Some(is_good);
            if let Some(waker) = heard.waker.take() {
                waker.wake();
            }
        });
        set(target, name, listener.as_ref()).map(|()| listener)
    };
    let _listeners = (listen(good, true)?, listen(bad, false)?);
    let outcome = poll_fn(|context| {
        let mut heard = heard.borrow_mut();
        match heard.what {
            Some(what) => Poll::Ready(what),
            None => {
                heard.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    });
    let what = outcome.await;
    // The listeners go; an event that comes after them must not find them gone.
    set(target, good, &JsValue::NULL)?;
    set(target, bad, &JsValue::NULL)?;
    Ok(what)
}
