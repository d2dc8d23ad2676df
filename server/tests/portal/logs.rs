//! Logs name nobody, however much is asked of them: a process that says all it can, through every journey, good and bad.

use crate::guasti::process::{Place, client};
use crate::harness::{Folder, PASTI, VALDORIA, form, receipt};
use domain::{CodiceFiscaleEnte, Posizione};
use nodo::pa_for_node::client::encode_send_rt;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Everything of ours, and of the crates below us what an operator who looks for a fault would ask for.
const EVERYTHING: &str =
    "debug,app=trace,domain=trace,documents=trace,nodo=trace,portal=trace,sandbox=trace,server=trace,store=trace";

/// What may stand in no line. Gathered on the way.
#[derive(Debug, Default)]
struct Secrets(BTreeSet<String>);

impl Secrets {
    fn add(&mut self, text: &str) {
        assert!(text.len() >= 5, "{text} would be found by chance");
        self.0.insert(text.to_owned());
    }

    /// The last part of an address: a token.
    fn token(&mut self, address: &str) {
        self.add(address.split(['?', '#']).next().unwrap().rsplit('/').next().unwrap());
    }

    fn posizione(&mut self, posizione: &Posizione) {
        for subject in [Some(&posizione.debitore), posizione.versante.as_ref()].into_iter().flatten() {
            self.add(subject.codice_fiscale.as_str());
            self.add(&subject.nome);
            subject.email.iter().for_each(|email| self.add(email));
        }
        for rata in &posizione.rate {
            self.add(rata.numero.as_str());
            self.add(rata.iuv().as_str());
        }
    }

    fn assert_absent(&self, log: &str) {
        let found: BTreeSet<_> =
            log.lines().flat_map(|line| self.0.iter().filter(|secret| line.contains(*secret)).map(move |s| (s, line))).collect();
        assert!(found.is_empty(), "{} in the log, such as {:?}", found.len(), found.first());
    }
}

struct Journey<'a> {
    place: &'a Place,
    client: reqwest::Client,
    secrets: Secrets,
    cookie: Option<String>,
}

impl Journey<'_> {
    async fn send(&mut self, request: RequestBuilder) -> Response {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let answer = request.send().await.unwrap();
        if let Some(location) = answer.headers().get("location") {
            let location = location.to_str().unwrap().to_owned();
            if location.contains("/v/")
                || ["riepilogo", "esito", "ritorno", "pagamento"].iter().any(|part| location.contains(part))
            {
                self.secrets.token(&location);
            }
        }
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.secrets.add(pair.split_once('=').unwrap().1);
            self.cookie = Some(pair);
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Response {
        self.send(self.client.get(self.place.url(0, path))).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response {
        let url = if path.starts_with('/') { self.place.url(0, path) } else { path.to_owned() };
        self.send(self.client.post(url).form(form)).await
    }

    async fn soap(&mut self, body: Vec<u8>) -> u16 {
        let request = self.client.post(self.place.station()).header("content-type", "text/xml; charset=utf-8");
        self.send(request.body(body)).await.status().as_u16()
    }

    /// From the form to the receipt and its PDF.
    async fn pays(&mut self) {
        let riepilogo = location(&self.post(PASTI, &form()).await);
        assert_eq!(self.get(&riepilogo).await.status(), 200);
        for guasto in ["errore_500", "spazzatura", "location_estranea", "rifiuta_422", "nessuno"] {
            let url = self.place.url(2, "/guasti");
            assert_eq!(self.client.post(url).json(&json!({ "carts": guasto })).send().await.unwrap().status(), 200);
            let paid = self.post(&riepilogo, &[]).await;
            if guasto != "nessuno" {
                assert!(matches!(paid.status().as_u16(), 409 | 503), "{guasto}");
                continue;
            }
            let checkout = location(&paid);
            let chosen = self.post(&checkout, &[("esito", "paga"), ("ritardo_ms", "0"), ("copie", "3")]).await;
            let back = path_of(&location(&chosen));
            let esito = location(&self.get(&back).await);
            let pdf = format!("{esito}/ricevuta.pdf");
            let mut tries = 0;
            while self.get(&pdf).await.status() != 200 {
                tries += 1;
                assert!(tries < 200, "no receipt");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(self.get(&format!("{esito}/ricevuta.xml")).await.status(), 200);
            let page = self.get(&esito).await.text().await.unwrap();
            assert!(page.contains("48,00"), "{page}");
            let token = esito.rsplit('/').next().unwrap().to_owned();
            assert_eq!(self.get(&format!("/api/pagamenti/{token}")).await.status(), 200);
            // good once for whoever does not hold the cookie
            self.cookie = None;
            assert_eq!(self.get(&back).await.status(), 410);
        }
    }

    /// A notice that is looked up, in every way; what is refused.
    async fn looks_up(&mut self, numero: &str) {
        let page = location(&self.post("/valdoria/avviso", &[("numero", numero)]).await);
        assert_eq!(self.get(&page).await.status(), 200);
        for paper in ["avviso.pdf", "scadenze.ics"] {
            assert!(matches!(self.get(&format!("{page}/{paper}")).await.status().as_u16(), 200 | 404), "{paper}");
        }
        assert_eq!(self.get(&format!("/valdoria/avviso/{numero}")).await.status(), 303);
        assert_eq!(self.get(&format!("/pietralta/avviso/{numero}")).await.status(), 404);
        assert_eq!(self.post("/pietralta/avviso", &[("numero", numero)]).await.status(), 404);
        let other = [("numero", numero), ("codice_fiscale_ente", VALDORIA)];
        assert_eq!(self.post("/", &other).await.status(), 303);
        assert_eq!(self.post("/", &[("numero", numero), ("codice_fiscale_ente", "RSSMRA80A41F205B")]).await.status(), 422);
        for path in [format!("/{numero}"), format!("/valdoria/{numero}"), format!("/valdoria/esito/{numero}?numero={numero}")] {
            assert_eq!(self.get(&path).await.status(), 404, "{path}");
        }
        let wrong = self.client.put(self.place.url(0, &format!("/valdoria/avviso/{numero}")));
        assert_eq!(self.send(wrong).await.status(), 405);
        let foreign = self.client.post(self.place.url(0, "/valdoria/avviso")).header("sec-fetch-site", "cross-site");
        assert_eq!(self.send(foreign.form(&[("numero", numero)])).await.status(), 403);
    }

    /// Forms that are wrong, each with a person in it.
    async fn mistypes(&mut self) {
        for (field, value) in [
            ("codice_fiscale", "RSSMRA85T10A562X"),
            ("email", "mario.rossi@@posta.example"),
            ("nome", "Mario\u{202e}Rossi 85T10A562S"),
            ("quantita", "99999"),
        ] {
            let form = crate::harness::form_but(field, value);
            assert_eq!(self.post(PASTI, &form).await.status(), 422, "{field}");
            if field != "quantita" {
                self.secrets.add(value);
            }
        }
        let long = "Mario Rossi ".repeat(10_000);
        assert_eq!(self.post(PASTI, &[("nome", &long)]).await.status(), 413);
        let no_form = self.client.post(self.place.url(0, PASTI)).header("content-type", "application/json");
        assert_eq!(self.send(no_form.body("{\"nome\":\"Mario Rossi\"}")).await.status(), 415);
    }

    /// Receipts: right, again, in conflict, cut off, of nobody, of another operation, no XML at all.
    async fn tells(&mut self, posizione: &Posizione) {
        let mut request = receipt(posizione, &posizione.rate[0], "RT-registri-1");
        let raw = encode_send_rt(&request);
        assert_eq!((self.soap(raw.clone()).await, self.soap(raw.clone()).await), (200, 200));
        assert_eq!(self.soap(raw[..raw.len() * 2 / 3].to_vec()).await, 400);
        request.ricevuta.debitore.nome = "Altra Persona Ancora".into();
        self.secrets.add("Altra Persona Ancora");
        assert_eq!(self.soap(encode_send_rt(&request)).await, 200, "in conflict: quarantine");
        request.ricevuta.receipt_id = "RT-registri-2".into();
        request.instradamento.ente = "99999999990".into();
        assert_eq!(self.soap(encode_send_rt(&request)).await, 200, "of nobody: quarantine");
        let text = String::from_utf8(raw).unwrap();
        for (was, is) in [
            ("<outcome>OK", "<outcome>FORSE"),
            ("<paymentAmount>", "<paymentAmount>RSSMRA85T10A562S "),
            ("<fullName>", "<fullName>Mario Rossi &nbsp; "),
        ] {
            assert!(text.contains(was), "{was}");
            let status = self.soap(text.replace(was, is).into_bytes()).await;
            assert!(matches!(status, 200 | 400), "{is}: {status}");
        }
        let doctype = format!("<!DOCTYPE x [<!ENTITY e \"Mario Rossi\">]>{text}");
        assert_eq!(self.soap(doctype.into_bytes()).await, 400);
        assert_eq!(self.soap(b"Mario Rossi".to_vec()).await, 400);
        let numero = posizione.rate[0].numero.as_str();
        let body = json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": numero });
        assert_eq!(self.client.post(self.place.url(2, "/psp/pay")).json(&body).send().await.unwrap().status(), 200);
    }
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303, "{}", answer.url());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn path_of(address: &str) -> String {
    reqwest::Url::parse(address).unwrap().path().to_owned()
}

/// Each line is JSON with a time, a level, a target, a message and fields.
fn assert_lines(log: &str) {
    let mut targets = BTreeSet::new();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(line["timestamp"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()), "{line}");
        assert!(["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&line["level"].as_str().unwrap()), "{line}");
        assert!(line["fields"].is_object(), "{line}");
        let target = line["target"].as_str().unwrap().split("::").next().unwrap().to_owned();
        let ours = ["app", "nodo", "portal", "sandbox", "server", "store"].contains(&target.as_str());
        assert!(!ours || line["fields"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{line}");
        targets.insert(target);
    }
    // it did say all it could
    for target in ["server", "portal", "sqlx"] {
        assert!(targets.contains(target), "{target} said nothing: {targets:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sportello_that_says_all_it_can_names_nobody() {
    let (folder, logs) = (Folder::new().with_database().await, Folder::new());
    let place = Place::new(folder.path(), &logs.path().join("log")).talkative(EVERYTHING);
    let place = match folder.archivio().database {
        Some(address) => place.on(&address),
        None => place,
    };
    let (process, _) = place.start().await;
    let store = folder.archivio().open_existing().await.unwrap();
    let mut journey = Journey { place: &place, client: client(), secrets: Secrets::default(), cookie: None };
    for (_, value) in form().into_iter().filter(|(name, _)| ["codice_fiscale", "nome", "email"].contains(name)) {
        journey.secrets.add(value);
    }
    for iban in ["IT89F9999901000000000012345", "IT48F0760101000000012345678"] {
        journey.secrets.add(iban);
    }
    let posizioni = store.list_posizioni(&CodiceFiscaleEnte::parse(VALDORIA).unwrap(), 1_000).await.unwrap();
    let open: Vec<_> = posizioni.iter().filter(|p| p.stato == domain::StatoPosizione::Aperta && p.rate.len() == 1).collect();

    journey.pays().await;
    journey.looks_up(open[0].rate[0].numero.as_str()).await;
    journey.mistypes().await;
    journey.tells(open[1]).await;
    for path in ["/", "/aiuto", "/valdoria", "/valdoria/servizi/mensa-scolastica", "/metrics"] {
        journey.get(path).await;
    }
    for (offset, path) in [(3, "/metrics"), (3, "/readyz"), (3, "/healthz")] {
        assert_eq!(journey.client.get(place.url(offset, path)).send().await.unwrap().status(), 200);
    }
    // with those that came on the way
    for posizione in store.list_posizioni(&CodiceFiscaleEnte::parse(VALDORIA).unwrap(), 1_000).await.unwrap() {
        journey.secrets.posizione(&posizione);
    }
    let quarantined = store.inbox_counts().await.unwrap().into_iter().find(|(esito, _)| esito == "QUARANTENA").unwrap().1;
    assert!(quarantined >= 5, "{quarantined}");
    process.signal("-TERM");
    let mut process = process;
    assert!(process.wait(Duration::from_secs(20)).await.is_some_and(|ended| ended.success()), "{}", place.log_text());
    store.close().await;

    let log = place.log_text();
    assert!(log.lines().count() > 500, "{} lines are not all it can say", log.lines().count());
    assert_lines(&log);
    journey.secrets.assert_absent(&log);
    // the check can fail
    let found = format!("{log}\n{{\"message\":\"Mario Rossi\"}}");
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| journey.secrets.assert_absent(&found))).is_err());
    if folder.database().is_none() {
        journey.secrets.assert_absent(&commands(&folder));
    }
}

/// What backup, restore and verify say when they say all they can.
fn commands(folder: &Folder) -> String {
    let (copy, data) = (Folder::new(), folder.path());
    let to = copy.path().join("copia");
    let mut said = String::new();
    for arguments in [
        &["backup", "--data", data.to_str().unwrap(), "--to", to.to_str().unwrap()][..],
        &["restore", "--verify", "--from", to.to_str().unwrap(), "--data", data.to_str().unwrap()],
        &["verify", "--data", data.to_str().unwrap()],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
        let done = command.env("RUST_LOG", EVERYTHING).args(arguments).output().unwrap();
        let [out, err] = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(done.status.success(), "{arguments:?}: {out}{err}");
        said.push_str(&out);
        said.push_str(&err);
    }
    assert!(said.contains("sqlx"), "they said all they could");
    said
}

/// `serve` as in production, whose Checkout cannot be reached: the proxy it is told to use is ours, and refuses. Nothing leaves this
/// machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_key_and_a_database_s_password_are_in_no_log() {
    let (folder, logs) = (Folder::new(), Folder::new());
    let place = Place::new(folder.path(), &logs.path().join("demo"));
    drop(place.start().await);
    // what says that it is a demo's
    std::fs::remove_file(folder.path().join("demo.json")).unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refusing = proxy.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = tokio::time::timeout(Duration::from_secs(60), proxy.accept()).await.unwrap().unwrap();
        let mut head = vec![0; 4_096];
        let read = stream.read(&mut head).await.unwrap();
        stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8_lossy(&head[..read]).into_owned()
    });
    let key = "chiave-di-prova-8c1f";
    let config = format!(
        "[web]\nlisten = \"127.0.0.1:{}\"\npublic_url = \"https://pagamenti.example\"\n[stazione]\nlisten = \"127.0.0.1:{}\"\n\
         allow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[metriche]\nlisten = \"127.0.0.1:{}\"\n[dati]\nfolder = \"{}\"\n",
        place.address(0).1,
        place.address(1).1,
        place.address(3).1,
        folder.path().display()
    );
    let (file, log) = (logs.path().join("sportello.toml"), logs.path().join("serve"));
    std::fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.args(["--json-logs", "serve", "--config"]).arg(&file).env("RUST_LOG", EVERYTHING);
    command.env("SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY", key);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, format!("http://{refusing}"));
    }
    for name in ["NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    let mut child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while !place.is_ready().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", std::fs::read_to_string(&log).unwrap());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let client = client();
    let proposed = client.post(place.url(0, PASTI)).form(&form()).send().await.unwrap();
    let riepilogo = location(&proposed);
    let paid = client.post(place.url(0, &riepilogo)).send().await.unwrap();
    let status = paid.status();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(status, 503);
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("CONNECT api.platform.pagopa.it:443"), "the call went somewhere else: {asked}");
    let log = std::fs::read_to_string(log).unwrap();
    assert_lines(&log);
    let mut secrets = Secrets::default();
    secrets.add(key);
    secrets.token(&riepilogo);
    for (_, value) in form().into_iter().filter(|(name, _)| ["codice_fiscale", "nome", "email"].contains(name)) {
        secrets.add(value);
    }
    secrets.assert_absent(&log);

    // nobody listens there: what is said of it must not have the password
    let nowhere = folder.path().join("altra");
    std::fs::create_dir_all(&nowhere).unwrap();
    let config = std::fs::read_to_string(&file).unwrap().replace(folder.path().to_str().unwrap(), nowhere.to_str().unwrap());
    std::fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.args(["--json-logs", "serve", "--config"]).arg(&file).env("RUST_LOG", EVERYTHING);
    command.env("SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY", key);
    command.env("SPORTELLO_DATI__DATABASE", "postgres://sportello:parola-segreta-77@127.0.0.1:9/sportello");
    let said = command.output().unwrap();
    assert!(!said.status.success());
    let said = [said.stdout, said.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).join("");
    secrets.add("parola-segreta-77");
    secrets.assert_absent(&said);
}
