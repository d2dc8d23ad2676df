//! Addresses that nobody should write.

use crate::harness::{PASTI, Sportello, form};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// One request, its target exactly as given; status line, headers and body.
fn raw_get(port: u16, target: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    // a reset after the answer is an answer too
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no status in {answer:?}"))
}

#[tokio::test]
async fn no_spelling_of_an_address_leads_out_of_the_site_or_breaks_it() {
    let sportello = Sportello::start().await;
    let port = sportello.indirizzi.web.port().unwrap();
    let long = |prefix: &str, n: usize| format!("{prefix}{}", "A".repeat(n));
    let mut targets: Vec<String> = [
        "/../etc/passwd",
        "/../../demo.json",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/valdoria/../../segreto",
        "/valdoria/..%2f",
        "/valdoria/..;/admin",
        "/.env",
        "/.git/config",
        "/sportello.db",
        "/segreto",
        "/demo.json",
        "/%00",
        "/valdoria%00",
        "/%ff%fe",
        "/valdoria/avviso/%ff",
        "/valdoria/avviso/v/%c0%ae%c0%ae",
        "/valdoria/riepilogo/%ed%a0%80",
        "/valdoria/esito/%ff/ricevuta.pdf",
        "/valdoria/ritorno/%ff",
        "/api/pagamenti/%ff",
        "/api/pagamenti/..%2f..%2fhealthz",
        "/pkg/x/..%2f..%2f..%2fCargo.toml",
        "/pkg/..%2f..%2fCargo.toml/x",
        "/fonts/..%2f..%2fdemo.json",
        "/img/%2e%2e",
        "/img/..",
        "/fonts/%00.woff2",
        "/robots.txt/..",
        "/valdoria/..",
        "/valdoria/%2e%2e/",
        "/valdoria/.%2E",
        "/%2e%2e/%2E%2e/",
        "/valdoria/%2e%2e/%2e%2e/%2e%2e/",
        "/valdoria/./avviso",
        "//evil.example/",
        "/%2f%2fevil.example",
        "/\\evil.example",
        "/%0d%0aSet-Cookie:%20s=1",
        "/valdoria/avviso/%0d%0aLocation:%20https://evil.example",
        "/valdoria/esito/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/valdoria/avviso/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/valdoria/servizi/%27%20OR%201=1",
        "/VALDORIA",
        "/metrics",
        "/healthz",
        "/pagopa/pa",
    ]
    .map(str::to_owned)
    .to_vec();
    for prefix in [
        "/",
        "/valdoria/",
        "/valdoria/avviso/",
        "/valdoria/avviso/v/",
        "/valdoria/riepilogo/",
        "/valdoria/esito/",
        "/valdoria/ritorno/",
        "/api/pagamenti/",
    ] {
        targets.extend([long(prefix, 56), long(prefix, 10_000)]);
    }
    super::counted(targets.iter().map(String::as_str));
    for target in targets {
        let (asked, shown) = (target.clone(), target.chars().take(80).collect::<String>());
        let answer = tokio::task::spawn_blocking(move || raw_get(port, &asked)).await.unwrap();
        assert!([400, 404, 414].contains(&status(&answer)), "{shown}: {}", &answer[..answer.len().min(300)]);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(!head.to_lowercase().contains("set-cookie") && !head.to_lowercase().contains("\r\nlocation"), "{shown}: {head}");
        assert!(!body.contains("<script>alert") && !body.contains("root:") && !body.contains("[package]"), "{shown}");
    }
    // too long to be read at all
    let asked = long("/valdoria/esito/", 70_000);
    let answer = tokio::task::spawn_blocking(move || raw_get(port, &asked)).await.unwrap();
    assert!([404, 414].contains(&status(&answer)), "{}", &answer[..answer.len().min(300)]);
    assert_eq!(sportello.browser().get("/valdoria").await.status, 200, "and the site is still there");
}

#[tokio::test]
async fn a_query_string_can_be_anything() {
    let sportello = Sportello::start().await;
    let port = sportello.indirizzi.web.port().unwrap();
    for query in [
        "%ff%00",
        "da=%ff",
        "da=%00",
        "da=<script>alert(1)</script>",
        "da=%3Cscript%3Ealert(1)%3C/script%3E",
        "da=a&da=b",
        "=&=&&",
        "%",
        "a[b]=c",
    ] {
        for path in [PASTI, "/", "/valdoria/avviso", "/nessuno"] {
            let target = format!("{path}?{}", query.replace(['<', '>'], "'"));
            let asked = target.clone();
            let answer = tokio::task::spawn_blocking(move || raw_get(port, &asked)).await.unwrap();
            assert_eq!(status(&answer), if path == "/nessuno" { 404 } else { 200 }, "{target}");
            assert!(!answer.contains("<script>alert"), "{target}");
        }
    }
}

#[tokio::test]
async fn the_host_and_the_cookies_somebody_claims_change_no_address_of_ours() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let long = "a".repeat(4_000);
    for (name, value) in [
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("Cookie", "s=evil.example"),
        ("Cookie", "s=<script>alert(1)</script>; s=; =; ;"),
        ("Cookie", long.as_str()),
    ] {
        let proposed =
            crate::harness::Page::of(browser.request(reqwest::Method::POST, PASTI).header(name, value).form(&form())).await;
        assert!(proposed.location().starts_with("/valdoria/riepilogo/"), "{name}: {value}");
        let page = crate::harness::Page::of(browser.request(reqwest::Method::GET, &riepilogo).header(name, value)).await;
        assert!(page.status == 200 && !page.has("evil.example") && !page.has("<script>alert"), "{name}: {value}");
    }
    // addresses for Checkout are made from the configuration
    let left = crate::harness::Page::of(browser.request(reqwest::Method::POST, &riepilogo).header("Host", "evil.example")).await;
    let back = sportello.browser().choose(&left.location(), "abbandona", 0).await;
    sportello.path_of(&back);
    assert_eq!(sportello.tentativi(&numero).await.len(), 1);
}
