//! The HTML document around every page, and the server's door to all of them.

use crate::context::{Cornice, CspPolicy, Guasto, current_path};
use crate::error::PaginaGuasto;
use crate::pages::PaginaAttesa;
use crate::routes::Site;
use crate::texts::lingue::lingua;
use any_spawner::Executor;
use axum::body::Body;
use domain::Lingua;
use futures::StreamExt;
use futures::stream::{self, Stream};
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderValue, Request, Response};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};
use portal::Portal;
use portal::ricerca::Attesa;
use std::pin::Pin;

/// `/{ente}/servizi/{servizio}/paga` is the longest address without a token.
const PUBLIC_DEPTH: usize = 5;

/// The page of a request: whole, with its status, title and Content-Security-Policy. `add_context` provides what `context` lists.
///
/// Used for every address that is not a file or an API; after a refused POST with the same request and the form in context.
pub async fn render(
    options: LeptosOptions,
    request: Request<Body>,
    add_context: impl Fn() + Clone + Send + 'static,
) -> Response<Body> {
    // once per process; telling it again is refused and changes nothing
    let _ = Executor::init_tokio();
    leptos_axum::handle_response_inner(add_context, move || shell(options), request, whole_page).await
}

/// Everything around a page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    // nothing outside islands is hydrated: no markers for it in the HTML
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    insert_csp();
    let css = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    provide_context(options);
    let body = match (use_context::<Guasto>(), use_context::<Attesa>()) {
        (Some(guasto), _) => view! { <PaginaGuasto guasto/> }.into_any(),
        (None, Some(attesa)) => view! { <PaginaAttesa attesa/> }.into_any(),
        (None, None) => view! { <Site/> }.into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang=lingua().code()>
            <head>
                <meta charset="utf-8"/>
                // the ente's own page stays as it is: our pages open in the whole window, where nobody can lay anything over them
                {Cornice::of_request().map(|_| view! { <base target="_top"/> })}
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href="/fonts/titillium-web-400.woff2" r#as="font" type="font/woff2" crossorigin=""/>
                <link rel="preload" href="/fonts/titillium-web-600.woff2" r#as="font" type="font/woff2" crossorigin=""/>
                <link rel="stylesheet" href=css/>
                <Alternative/>
                <MetaTags/>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// The page in each language, for search engines. What is behind a token is nobody else's to find.
#[component]
fn Alternative() -> impl IntoView {
    let base = use_context::<Portal>().map(|portal| portal.settings().public_url.clone());
    let path = current_path();
    let segments: Vec<_> = path.split('/').collect();
    let sealed = path.starts_with("/cerca/") || path.starts_with("/verifica/");
    let public =
        !path.contains('?') && !sealed && segments.len() <= PUBLIC_DEPTH && (segments.len() <= 3 || segments[2] == "servizi");
    base.filter(|_| public).map(|base| {
        let rows = Lingua::ALL.map(|lingua| {
            let href = base.join(&lingua.path(&path)).map(String::from).unwrap_or_default();
            view! { <link rel="alternate" hreflang=lingua.code() href=href/> }
        });
        view! { {rows} }
    })
}

/// The policy names the nonce that leptos drew for this page's scripts.
fn insert_csp() {
    let (Some(policy), Some(nonce), Some(response)) = (use_context::<CspPolicy>(), use_nonce(), use_context::<ResponseOptions>())
    else {
        return;
    };
    match HeaderValue::from_str(&(policy.0)(&nonce.to_string())) {
        Ok(value) => response.insert_header(CONTENT_SECURITY_POLICY, value),
        Err(error) => tracing::error!(%error, "the Content-Security-Policy is not a header value"),
    }
}

type PinnedStream = Pin<Box<dyn Stream<Item = String> + Send>>;

/// The HTML in one piece, and nothing after it: leptos would append a script with the state of resources, even when there are
/// none. Islands get what they need as props.
fn whole_page<IV: IntoView + 'static>(
    app: IV,
    _resources: Box<dyn FnOnce() -> PinnedStream + Send>,
    _out_of_order: bool,
) -> Pin<Box<dyn Future<Output = PinnedStream> + Send>> {
    Box::pin(async move {
        let html: String = app.to_html_stream_in_order().collect().await;
        let html = crate::markup::by_the_standard(&html);
        Box::pin(stream::once(async { html })) as PinnedStream
    })
}
