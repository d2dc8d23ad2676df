use super::{Sportello, Tag, start_tags};
use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};

/// Somebody's browser: follows nothing by itself, keeps its cookies, as they are sent: `s=…; c=…`.
#[derive(Clone, Debug)]
pub struct Browser<'a> {
    sportello: &'a Sportello,
    pub cookie: Option<String>,
    /// As the proxy that the demo trusts would tell it: everybody has his own.
    address: Ipv4Addr,
}

/// 198.18.0.0/15 is for tests (RFC 2544).
static NEXT_ADDRESS: AtomicU32 = AtomicU32::new(0xC612_0001);

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(sportello: &'a Sportello) -> Self {
        Self { sportello, cookie: None, address: NEXT_ADDRESS.fetch_add(1, Ordering::Relaxed).into() }
    }

    /// Somebody at another address, with the same browser.
    pub fn from(mut self, address: Ipv4Addr) -> Self {
        self.address = address;
        self
    }

    /// `to`: a path of the portal, or an absolute address.
    pub fn request(&self, method: Method, to: &str) -> RequestBuilder {
        let url = if to.starts_with('/') { self.sportello.url(to) } else { to.to_owned() };
        let request = self.sportello.client().request(method, url).header("X-Forwarded-For", self.address.to_string());
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, format!("altro=1; {cookie}")),
            None => request,
        }
    }

    pub async fn get(&mut self, to: &str) -> Page {
        self.send(self.request(Method::GET, to)).await
    }

    /// As a browser submits a form of the page it shows.
    pub async fn post(&mut self, to: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.request(Method::POST, to).header("Sec-Fetch-Site", "same-origin").form(form)).await
    }

    pub async fn send(&mut self, request: RequestBuilder) -> Page {
        let page = Page::of(request).await;
        for cookie in page.headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            self.keep(pair);
        }
        page
    }

    /// A cookie by its name; with nothing in it, it is forgotten.
    pub fn keep(&mut self, pair: &str) {
        let (name, value) = pair.split_once('=').unwrap();
        let kept = self.cookie.take().unwrap_or_default();
        let mut pairs: Vec<&str> =
            kept.split("; ").filter(|p| !p.is_empty() && p.split_once('=').is_some_and(|(n, _)| n != name)).collect();
        if !value.is_empty() {
            pairs.push(pair);
        }
        self.cookie = (!pairs.is_empty()).then(|| pairs.join("; "));
    }

    /// What it keeps under a name.
    pub fn kept(&self, name: &str) -> Option<String> {
        let kept = self.cookie.as_deref()?;
        kept.split("; ").filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
    }
}

impl Page {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
    }

    pub fn html(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a 303 leads.
    pub fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("location").to_owned()
    }

    pub fn has(&self, text: &str) -> bool {
        self.html().contains(text)
    }

    /// What is read on the page: everything between `<main` and `</main>` without its tags.
    pub fn text(&self) -> String {
        let html = String::from_utf8_lossy(&self.bytes).into_owned();
        let main =
            html.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or(html.as_str(), |(main, _)| main);
        without_tags(main)
    }

    pub fn h1(&self) -> String {
        let html = self.html();
        let inside =
            html.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')).and_then(|(_, rest)| rest.split_once("</h1>"));
        inside.map_or_else(String::new, |(inside, _)| without_tags(inside))
    }

    /// What is said to be wrong with a field: the text of `<p id="{field}-errore">`, when it says so.
    pub fn error_at(&self, field: &str) -> Option<String> {
        let html = self.html();
        let (_, rest) = html.split_once(&format!(" id=\"{field}-errore\""))?;
        let (inside, _) = rest.split_once('>')?.1.split_once("</p>")?;
        without_tags(inside).strip_prefix("Errore: ").map(str::to_owned)
    }

    pub fn tags(&self) -> Vec<Tag> {
        start_tags(self.html())
    }

    /// The page without what differs by design from one visit to the next: the nonce of its scripts.
    pub fn without_nonce(&self) -> String {
        let nonce = self.nonce();
        if nonce.is_empty() { self.html().to_owned() } else { self.html().replace(&nonce, "NONCE") }
    }

    /// As the Content-Security-Policy names it.
    pub fn nonce(&self) -> String {
        let csp = self.header("content-security-policy");
        csp.split_once("'nonce-")
            .and_then(|(_, rest)| rest.split_once('\''))
            .map_or_else(String::new, |(nonce, _)| nonce.to_owned())
    }
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
