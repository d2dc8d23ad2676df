use leptos::prelude::*;

/// "Condividi", by whatever the phone has for it. Hidden where the browser cannot: without scripts, on most desktops, on a page without
/// TLS. What is said while it is done the phone says itself.
#[island]
pub fn ShareButton(
    /// On the button: `Manda i dati a chi paga per te`.
    label: String,
    /// For an e-mail's subject.
    titolo: String,
    text: Option<String>,
    url: Option<String>,
) -> impl IntoView {
    let usable = RwSignal::new(false);
    Effect::new(move || usable.set(can_share()));
    let on_click = move |_| share(&titolo, text.as_deref(), url.as_deref());
    view! {
        <button class="copy-button" type="button" hidden=move || !usable.get() on:click=on_click>
            <svg class="icon" aria-hidden="true" focusable="false"><use href="/img/sprite.svg#it-share"></use></svg>
            <span>{label}</span>
        </button>
    }
}

/// The method of this browser (Web Share API). By its name: a binding would bring a type of its own into every download.
#[cfg(feature = "hydrate")]
fn method() -> Option<js_sys::Function> {
    use wasm_bindgen::JsCast as _;
    js_sys::Reflect::get(&window().navigator(), &"share".into()).ok()?.dyn_into().ok()
}

#[cfg(feature = "hydrate")]
fn can_share() -> bool {
    method().is_some()
}

#[cfg(feature = "hydrate")]
fn share(titolo: &str, text: Option<&str>, url: Option<&str>) {
    use wasm_bindgen::JsCast as _;
    let Some(method) = method() else { return };
    let data = js_sys::Object::new();
    for (name, value) in [("title", Some(titolo)), ("text", text), ("url", url)] {
        if let Some(value) = value {
            // a fresh object takes every property
            let _ = js_sys::Reflect::set(&data, &name.into(), &value.into());
        }
    }
    // who changes their mind rejects the promise: nothing to say about that
    let promise = method.call1(&window().navigator(), &data).and_then(|promise| promise.dyn_into::<js_sys::Promise>());
    if let Ok(promise) = promise {
        leptos::task::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        });
    }
}

/// Nobody shares on the server.
#[cfg(not(feature = "hydrate"))]
fn can_share() -> bool {
    false
}

#[cfg(not(feature = "hydrate"))]
fn share(_titolo: &str, _text: Option<&str>, _url: Option<&str>) {}
