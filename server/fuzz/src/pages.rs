//! Any request to the public listener: the real router, the real pages, a demo's database.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use portal::Clock;
use server::archivio::Archivio;
use server::demo::{self, Listeners};
use server::render::Web;
use server::router;
use std::path::Path;
use std::sync::LazyLock;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// Bytes of a page: the longest of the demo is far below.
const PAGE_MAX: usize = 4 * 1024 * 1024;
/// Header lines of a request that are looked at.
const HEADERS_MAX: usize = 16;

const FOLDER: &str = "sportello-fuzz-";

/// One demo for the whole run, on a day that never changes; nobody serves its sockets, so nothing leaves this process.
static SITE: LazyLock<(Runtime, Router)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    clear_folders();
    let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
    let router = runtime.block_on(async {
        let clock = Clock::fixed("2026-11-23T09:00:00Z".parse().unwrap()).unwrap();
        let demo = demo::prepare(&Archivio::in_folder(&folder), Listeners::bind(0).await.unwrap(), clock).await.unwrap();
        router::citizens(Web::new(demo.portal.clone(), Vec::new()))
    });
    (runtime, router)
});

/// Of runs that are over, however they ended: nobody is there to clear up after a find.
fn clear_folders() {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let run = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
        if run.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// `METHOD target`, header lines, an empty line, a body: as on the wire. What hyper would not let through is passed over.
pub fn pages(data: &[u8]) {
    let Some(request) = read(data) else { return };
    let (runtime, router) = &*SITE;
    let (target, marked) = (request.uri().to_string(), contains(data, b"<script>alert"));
    let (parts, body) = runtime.block_on(async {
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        (parts, to_bytes(body, PAGE_MAX).await.unwrap())
    });
    assert!(parts.status.as_u16() < 500, "{} for {target:?}", parts.status);
    protected(&parts.headers, &target);
    for cookie in parts.headers.get_all(header::SET_COOKIE) {
        kept(cookie.to_str().unwrap(), &target);
    }
    if let Some(location) = parts.headers.get(header::LOCATION) {
        let to = location.to_str().unwrap();
        assert!(to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'), "{target:?} leads to {to:?}");
    }
    if let Some(disposition) = parts.headers.get(header::CONTENT_DISPOSITION) {
        assert_eq!(disposition, "inline; filename=\"ricevuta-pagamento.pdf\"", "no name of a file comes from outside");
    }
    assert!(!marked || !contains(&body, b"<script>alert"), "what was typed became part of the page: {target:?}");
}

/// Every answer, whatever it is to, keeps its reader safe.
fn protected(headers: &HeaderMap, target: &str) {
    for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("x-frame-options", "DENY")]
    {
        assert_eq!(headers.get(name).map(HeaderValue::as_bytes), Some(value.as_bytes()), "{name} of {target:?}");
    }
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"), "{target:?}: {policy}");
    assert!(headers.contains_key("x-riferimento"), "{target:?}");
}

/// What a browser is given to keep (`app::cookies`): nothing a script can read, nothing that goes to other sites.
fn kept(cookie: &str, target: &str) {
    let (pair, rules) = cookie.split_once("; ").unwrap_or((cookie, ""));
    let (name, value) = pair.split_once('=').unwrap();
    assert!(rules.starts_with("Path=/; HttpOnly; SameSite=Lax"), "{target:?} sets {cookie}");
    assert!(value.is_empty() || !["s", "p"].contains(&name), "nobody paid and nobody came in: {target:?} sets {cookie}");
}

fn read(data: &[u8]) -> Option<Request<Body>> {
    let (head, body) = match data.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&data[..at], &data[at + 2..]),
        None => (data, &b""[..]),
    };
    let mut lines = head.split(|b| *b == b'\n');
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (method, target) = first.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(target);
    for line in lines.take(HEADERS_MAX) {
        let at = line.iter().position(|b| *b == b':')?;
        let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii()).ok()?;
        request = request.header(HeaderName::from_bytes(&line[..at]).ok()?, value);
    }
    let request = request.body(Body::from(body.to_vec())).ok()?;
    // a client of ours asks with a path; `CONNECT` and whole addresses are for proxies
    request.uri().path().starts_with('/').then_some(request).filter(|r| r.uri().authority().is_none())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
