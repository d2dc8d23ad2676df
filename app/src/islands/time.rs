//! Waiting, in a browser.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

pub(super) async fn sleep(ms: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        // refused only with a broken window: then the promise never ends, and neither does anything else
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(timer).await;
}
