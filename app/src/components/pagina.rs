//! The frame of every page.

use super::{Breadcrumb, Contatti, Crumb, FondoCornice, Footer, Header};
use crate::context::Cornice;
use crate::texts::frasi::{self, Frasi};
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::hydration::HydrationScripts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

/// How wide the text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// A column that reads well.
    #[default]
    Narrow,
    Wide,
    /// The page brings its own containers (a coloured band at the top).
    Own,
}

/// Header, where one is, what the page says, contacts, footer. `children` bring the one `<h1>`.
#[component]
pub fn Pagina(
    /// Whose page it is; `None`: the portal's own.
    ente: Option<Ente>,
    /// For the window and, where there is a breadcrumb, its last step.
    #[prop(into)]
    titolo: String,
    /// The way here from the ente's home; empty: no breadcrumb.
    #[prop(optional)]
    via: Vec<Crumb>,
    /// A form came back with errors: the window's title says so first.
    #[prop(optional)]
    errors: bool,
    #[prop(optional)] width: Width,
    children: Children,
) -> impl IntoView {
    let nome = ente.as_ref().map_or(t("Portale dei pagamenti"), |ente| &ente.nome);
    let window = if titolo == nome { titolo.clone() } else { format!("{titolo} – {nome}") };
    let window = if errors { tr!("Errore: {window}", window) } else { window };
    // leptos_meta writes it as it is, and it may hold what somebody has typed
    let window = window.replace('&', "&amp;").replace('<', "&lt;");
    let in_cornice = Cornice::of_request().is_some();
    // the way here leads through pages that are not in the frame
    let breadcrumb = (!via.is_empty() && !in_cornice).then(|| view! { <Breadcrumb via qui=titolo/> });
    let main = match width {
        Width::Narrow => view! { <div class="container container-narrow">{breadcrumb}{children()}</div> }.into_any(),
        Width::Wide => view! { <div class="container">{breadcrumb}{children()}</div> }.into_any(),
        Width::Own => view! { {breadcrumb}{children()} }.into_any(),
    };
    if let Some(cornice) = Cornice::of_request() {
        return view! { <Title text=window/><main id="contenuto" tabindex="-1">{main}</main><FondoCornice ente cornice/> }
            .into_any();
    }
    view! {
        <Title text=window/>
        <Tavolozza tavolozza=ente.as_ref().map(|ente| ente.aspetto.tavolozza).unwrap_or_default()/>
        <Header ente=ente.clone()/>
        <main id="contenuto" tabindex="-1">{main}</main>
        {ente.clone().map(|ente| view! { <Contatti ente/> })}
        <Footer ente/>
    }
    .into_any()
}

/// The colours of the ente: over the site's stylesheet one that holds nothing else, unless they are its own.
#[component]
fn Tavolozza(tavolozza: domain::Tavolozza) -> impl IntoView {
    let name = (tavolozza != domain::Tavolozza::default()).then(|| tavolozza.nome());
    let href = name
        .zip(use_context::<LeptosOptions>())
        .map(|(name, options)| format!("/{}/{}-{name}.css", options.site_pkg_dir, options.output_name));
    view! {
        <Meta name="theme-color" content=header_colour(tavolozza)/>
        {href.map(|href| view! { <Link rel="stylesheet" href=href/> })}
    }
}

/// What a phone paints around the page: the slim header, as in `style/tavolozze`.
const fn header_colour(tavolozza: domain::Tavolozza) -> &'static str {
    match tavolozza {
        domain::Tavolozza::Verde => "#00402b",
        domain::Tavolozza::Mare => "#003a47",
        domain::Tavolozza::Notte => "#0b2545",
        domain::Tavolozza::Viola => "#33205c",
        domain::Tavolozza::Bordeaux => "#520e22",
    }
}

/// Last thing of a page that has islands: what they say in its language, and only then a script, under the nonce of the Content-Security-Policy.
#[component]
pub fn Islands() -> impl IntoView {
    use_context::<LeptosOptions>().map(|options| view! { <Testi/><HydrationScripts options islands=true/> })
}

/// The same of the page with the form of a service, which loads what looks after it (`app/src/vivo.rs`) instead of the islands.
#[component]
pub fn Vivo() -> impl IntoView {
    use_context::<LeptosOptions>().map(|options| {
        let file = |ending: &str| format!("/{}/modulo.{ending}", options.site_pkg_dir);
        let (js, wasm) = (file("js"), file("wasm"));
        // as leptos begins its islands: when there is nothing else to do
        let script = format!(
            "const f=()=>import({js:?}).then(m=>m.default({{module_or_path:{wasm:?}}}));\
             \"requestIdleCallback\" in window?requestIdleCallback(f):f()"
        );
        view! {
            <Testi/>
            <link rel="modulepreload" href=js crossorigin=""/>
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
            <script type="module" nonce=use_nonce()>{script}</script>
        }
    })
}

/// What is said in a browser, in the language of the page.
#[component]
fn Testi() -> impl IntoView {
    let frasi = Frasi::of_page();
    let testi = serde_json::to_string(frasi.testi()).unwrap_or_default();
    view! { <template id=frasi::ID lang=frasi.lingua().code() data-testi=testi></template> }
}
