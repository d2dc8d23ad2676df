//! The site inside the binary: wasm, styles, fonts, icons, each with its compressed twins.
//!
//! Files under `/pkg/<version>/` never change under their address (the version is a digest of them all), so browsers keep them
//! for ever. `SPORTELLO_SITE` names a folder to read instead: `make dev` changes styles without a build.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::{Router, routing::get};
use domain::Tavolozza;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";
/// What other sites load under an address that stays: a mended element is with everybody within the hour.
const AN_HOUR: &str = "public, max-age=3600";
const A_DAY: &str = "public, max-age=86400";

/// Eight hexadecimal digits that change when a file under `pkg/` does.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let files =
            ["pkg/sportello.js", "pkg/sportello.wasm", "pkg/sportello.css", "pkg/modulo.js", "pkg/modulo.wasm", "pkg/cornice.js"]
                .map(str::to_owned);
        let tavolozze = Tavolozza::ALL.map(|tavolozza| format!("pkg/sportello-{}.css", tavolozza.nome()));
        let digests: Vec<_> =
            files.iter().chain(&tavolozze).filter_map(|name| Site::get(name).map(|file| file.metadata.sha256_hash())).collect();
        let mixed = digests.iter().fold([0u8; 4], |mut acc, digest| {
            for (i, byte) in digest.iter().enumerate() {
                acc[i % 4] = acc[i % 4].rotate_left(3) ^ byte;
            }
            acc
        });
        mixed.iter().map(|b| format!("{b:02x}")).collect()
    })
}

/// The element that other sites load: where it stands, and for how long browsers keep it. `v1` is the newest of its line; a version with
/// three numbers never changes, so that a site can name its digest (SRI): a new one is a new file, and the old ones stay.
const ELEMENTS: [(&str, &str); 2] = [("embed/v1/pagamenti.js", AN_HOUR), ("embed/v1.0.0/pagamenti.js", FOREVER)];

/// Everything that is a file.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let elements = ELEMENTS.into_iter().fold(Router::new(), |router, (name, cache)| {
        router.route(&format!("/{name}"), get(move |headers: HeaderMap| async move { for_others(serve(name, cache, &headers)) }))
    });
    elements
        .route(
            "/pkg/{version}/{file}",
            get(|Path((_, file)): Path<(String, String)>, headers: HeaderMap| async move {
                serve(&format!("pkg/{file}"), FOREVER, &headers)
            }),
        )
        .route(
            "/fonts/{file}",
            get(|Path(file): Path<String>, headers: HeaderMap| async move { serve(&format!("fonts/{file}"), FOREVER, &headers) }),
        )
        .route(
            "/img/{file}",
            get(|Path(file): Path<String>, headers: HeaderMap| async move { serve(&format!("img/{file}"), A_DAY, &headers) }),
        )
        .route("/favicon.svg", get(|headers: HeaderMap| async move { serve("favicon.svg", A_DAY, &headers) }))
        .route("/favicon.ico", get(|headers: HeaderMap| async move { serve("favicon.svg", A_DAY, &headers) }))
        .route("/robots.txt", get(|headers: HeaderMap| async move { serve("robots.txt", A_DAY, &headers) }))
}

/// Any site may load it, also with a digest (SRI), which browsers check with CORS alone.
fn for_others(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    response
}

fn serve(name: &str, cache: &'static str, headers: &HeaderMap) -> Response<Body> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let twin = |token: &str, suffix: &str| {
        let wanted = accepted
            .split(',')
            .any(|part| part.split(';').next().is_some_and(|e| e.trim() == token) && !part.replace(' ', "").ends_with("q=0"));
        if wanted { load(&format!("{name}{suffix}")) } else { None }
    };
    let found = twin("br", ".br")
        .map(|bytes| (bytes, Some("br")))
        .or_else(|| twin("gzip", ".gz").map(|bytes| (bytes, Some("gzip"))))
        .or_else(|| load(name).map(|bytes| (bytes, None)));
    let Some((bytes, encoding)) = found else {
        let mut missing = Response::new(Body::from("404"));
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let mut response = Response::new(match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn load(name: &str) -> Option<Cow<'static, [u8]>> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    match FOLDER.get_or_init(|| std::env::var_os("SPORTELLO_SITE").map(PathBuf::from)) {
        // names come from routes of one segment: axum gives no `/` in them, and `..` alone is a folder
        Some(folder) => std::fs::read(folder.join(name)).ok().map(Cow::Owned),
        None => Site::get(name).map(|EmbeddedFile { data, .. }| data),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}
