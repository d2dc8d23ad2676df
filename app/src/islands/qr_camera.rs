use crate::texts::frasi::{Frase, Frasi};
use leptos::html;
use leptos::prelude::*;

/// Reads the code of a notice with the camera, where the browser itself reads codes (`BarcodeDetector`); elsewhere it is not there at all, and
/// a photograph does the same. What was read goes into the field as it is, and the field's form is sent.
#[island]
pub fn QrCamera(
    /// Id of the field for the number.
    field: String,
) -> impl IntoView {
    let frasi = Frasi::of_page();
    let (inquadra, chiudi) = (frasi.say(Frase::Inquadra), frasi.say(Frase::Chiudi));
    let (usable, open) = (RwSignal::new(false), RwSignal::new(false));
    let said = RwSignal::new(None::<Frase>);
    let (video, close, start) = (NodeRef::<html::Video>::new(), NodeRef::<html::Button>::new(), NodeRef::<html::Button>::new());
    Effect::new(move || usable.set(camera::is_there()));
    // what was hidden is shown before the next frame, and can be focused then
    let focus = |button: NodeRef<html::Button>| {
        request_animation_frame(move || {
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        });
    };
    let begin = move |_| {
        open.set(true);
        said.set(Some(Frase::InquadraIlQr));
        focus(close);
        if let Some(video) = video.get() {
            camera::read(video, field.clone(), open, said);
        }
    };
    let end = move || {
        open.set(false);
        said.set(None);
        focus(start);
    };
    view! {
        <button class="btn btn-primary" type="button" node_ref=start hidden=move || !usable.get() || open.get() on:click=begin>{inquadra}</button>
        <div class="camera" hidden=move || !open.get() on:keydown=move |event| if event.key() == "Escape" { end() }>
            <video class="camera-view" node_ref=video prop:muted=true playsinline=""></video>
            <button class="btn btn-outline-primary" type="button" node_ref=close on:click=move |_| end()>{chiudi}</button>
        </div>
        <p role="status">{move || said.get().map(|frase| frasi.say(frase))}</p>
    }
}

#[cfg(feature = "hydrate")]
mod camera {
    use crate::islands::time::sleep;
    use crate::texts::frasi::Frase;
    use js_sys::{Array, Object, Promise, Reflect};
    use leptos::prelude::*;
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen::{JsCast as _, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{HtmlInputElement, HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

    /// Four looks a second: a hand that holds a phone does not move faster, and its battery lasts.
    const PAUSE_MS: i32 = 250;

    #[wasm_bindgen]
    extern "C" {
        /// <https://wicg.github.io/shape-detection-api/>; `web_sys` has it only with its unstable half.
        type BarcodeDetector;
        #[wasm_bindgen(constructor, catch)]
        fn new(options: &JsValue) -> Result<BarcodeDetector, JsValue>;
        #[wasm_bindgen(method)]
        fn detect(this: &BarcodeDetector, image: &HtmlVideoElement) -> Promise;
    }

    pub(super) fn is_there() -> bool {
        let has = |object: &JsValue, name: &str| Reflect::has(object, &name.into()).unwrap_or(false);
        // without TLS there are no cameras
        has(&window(), "BarcodeDetector") && has(&window().navigator(), "mediaDevices")
    }

    pub(super) fn read(video: HtmlVideoElement, field: String, open: RwSignal<bool>, said: RwSignal<Option<Frase>>) {
        leptos::task::spawn_local(async move {
            let found = match stream(&video).await {
                Ok(stream) => {
                    let found = look(&video, open, said).await;
                    video.set_src_object(None);
                    for track in stream.get_tracks().iter() {
                        track.unchecked_into::<MediaStreamTrack>().stop();
                    }
                    found
                }
                Err(_) => {
                    said.set(Some(Frase::CameraNegata));
                    None
                }
            };
            open.set(false);
            if let Some(text) = found {
                said.set(Some(Frase::CodiceLetto));
                send(&field, &text);
            }
        });
    }

    /// The camera at the back, in the element.
    async fn stream(video: &HtmlVideoElement) -> Result<MediaStream, JsValue> {
        let (constraints, wanted) = (MediaStreamConstraints::new(), Object::new());
        Reflect::set(&wanted, &"facingMode".into(), &"environment".into())?;
        constraints.set_video(&wanted);
        let devices = window().navigator().media_devices()?;
        let stream: MediaStream = JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?.unchecked_into();
        video.set_src_object(Some(&stream));
        JsFuture::from(video.play()?).await?;
        Ok(stream)
    }

    /// The text of the first code of a notice; `None` when it was closed, or nobody looks at the page any more.
    async fn look(video: &HtmlVideoElement, open: RwSignal<bool>, said: RwSignal<Option<Frase>>) -> Option<String> {
        let (options, formats) = (Object::new(), Array::of1(&"qr_code".into()));
        Reflect::set(&options, &"formats".into(), &formats).ok()?;
        let detector = BarcodeDetector::new(&options).ok()?;
        while open.get_untracked() && !document().hidden() {
            // a picture that is not there yet is an error of this look alone
            let codes =
                JsFuture::from(detector.detect(video)).await.map(|codes| Array::from(&codes)).unwrap_or_else(|_| Array::new());
            for code in codes.iter() {
                let text = Reflect::get(&code, &"rawValue".into()).ok().and_then(|value| value.as_string()).unwrap_or_default();
                if text.starts_with("PAGOPA|") {
                    return Some(text);
                }
                said.set(Some(Frase::AltroCodice));
            }
            sleep(PAUSE_MS).await;
        }
        None
    }

    fn send(field: &str, text: &str) {
        let input = document().get_element_by_id(field).and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            input.set_value(text);
            if let Some(form) = input.form() {
                let _ = form.submit();
            }
        }
    }
}

/// Servers have no cameras.
#[cfg(not(feature = "hydrate"))]
mod camera {
    use crate::texts::frasi::Frase;
    use leptos::prelude::*;

    pub(super) fn is_there() -> bool {
        false
    }

    pub(super) fn read<V>(_video: V, _field: String, _open: RwSignal<bool>, _said: RwSignal<Option<Frase>>) {}
}
