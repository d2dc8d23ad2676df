use crate::texts::frasi::{Frase, Frasi};
use domain::work::PARTS;
use leptos::prelude::*;

/// Finds the proof of work of a look-up that waits, a little at a time, and goes on with it; or without, when the wait is over first.
#[island]
pub fn WorkProof(
    /// `links::attesa`
    url: String,
    challenge: String,
    bits: u8,
    secondi: u32,
) -> impl IntoView {
    let (text, done) = (RwSignal::new(String::new()), RwSignal::new(None::<u8>));
    Effect::new(move || {
        text.set(Frasi::of_page().say(Frase::Controllo));
        done.set(Some(0));
        work::start(url.clone(), challenge.clone(), bits, secondi, done);
    });
    view! {
        <p role="status">{text}</p>
        <progress class="work-progress" max=PARTS value=move || done.get() hidden=move || done.get().is_none() aria-label=text></progress>
    }
}

#[cfg(feature = "hydrate")]
mod work {
    use crate::islands::time::sleep;
    use domain::work::Solver;
    use leptos::prelude::*;

    /// Some 30 ms of a slow phone: what is pressed meanwhile is answered at once.
    const STEP: u32 = 2_000;
    /// A quarter of an hour of a slow phone would be spent for nothing: the wait is over long before.
    const BITS_MAX: u8 = 18;

    pub(super) fn start(url: String, challenge: String, bits: u8, secondi: u32, done: RwSignal<Option<u8>>) {
        let later = url.clone();
        leptos::task::spawn_local(async move {
            sleep(i32::try_from(secondi.saturating_mul(1_000)).unwrap_or(i32::MAX)).await;
            go(&later);
        });
        if bits > BITS_MAX {
            return;
        }
        leptos::task::spawn_local(async move {
            let mut solver = Solver::new(&challenge, bits);
            loop {
                if let Some(proof) = solver.step(STEP) {
                    return go(&format!("{url}?prova={proof}"));
                }
                done.set(Some(solver.done()));
                sleep(0).await;
            }
        });
    }

    /// In the place of this page: "back" leads to the form.
    fn go(url: &str) {
        let _ = window().location().replace(url);
    }
}

/// Nobody waits on the server.
#[cfg(not(feature = "hydrate"))]
mod work {
    use leptos::prelude::*;

    pub(super) fn start(_url: String, _challenge: String, _bits: u8, _secondi: u32, _done: RwSignal<Option<u8>>) {}
}
