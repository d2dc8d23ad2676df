//! What a citizen gets by letter (e-mail): one for each event, through a server of the mail that has its bad days.

use crate::harness::{Browser, PASTI, Sportello, form, form_but};
use domain::EsitoPagamento;
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};

/// A job is tried again after ten seconds; the rest is for a busy machine.
const AGAIN_MAX: Duration = Duration::from_secs(90);

/// As the sandbox took it.
#[derive(Clone, Debug, Deserialize)]
pub struct Lettera {
    pub da: String,
    pub a: String,
    pub oggetto: String,
    pub testo: String,
    pub html: String,
    pub grezza: String,
}

impl Lettera {
    /// The address after the line with that name.
    pub fn link(&self, nome: &str) -> String {
        let (_, after) = self.testo.split_once(&format!("{nome}:")).unwrap_or_else(|| panic!("{nome} is not in {}", self.testo));
        after.split_whitespace().next().unwrap().to_owned()
    }

    /// A header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.grezza.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        unfolded.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
    }
}

impl Sportello {
    /// Every letter that the server of the mail took, oldest first.
    pub async fn lettere(&self) -> Vec<Lettera> {
        self.client().get(self.sandbox_url("/posta/lettere")).send().await.unwrap().json().await.unwrap()
    }

    /// How the server of the mail behaves from now on: a value of `sandbox::GuastoPosta`.
    pub async fn break_mail(&self, guasto: &str) {
        let answer = self.client().post(self.sandbox_url("/guasti")).json(&json!({ "posta": guasto })).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{guasto}");
    }

    /// Works until there are so many letters; fails when there never are.
    pub async fn work_until_letters(&self, count: usize) -> Vec<Lettera> {
        let begun = Instant::now();
        loop {
            self.work().await;
            let lettere = self.lettere().await;
            if lettere.len() >= count {
                assert_eq!(lettere.len(), count, "{lettere:?}");
                return lettere;
            }
            assert!(begun.elapsed() < AGAIN_MAX, "{} letters instead of {count}", lettere.len());
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

/// Pays ten meals, with so many copies of the receipt: the page of the outcome, once the receipt is there. The address of the form stands
/// beside "Paga".
async fn paid(browser: &mut Browser<'_>, sportello: &Sportello, path: &str, form: &[(&str, &str)], copie: u8) -> String {
    let (riepilogo, _) = sportello.propose(path, form).await;
    let email = form.iter().find(|(name, _)| *name == "email").map_or("", |(_, typed)| *typed);
    let checkout = browser.pay_and_tell(&riepilogo, email).await;
    let back = browser.choose(&checkout, "paga", copie).await;
    let page = browser.get(&back).await.location();
    sportello.wait_for(page.rsplit('/').next().unwrap(), EsitoPagamento::Pagato).await;
    page
}

#[tokio::test]
async fn who_paid_gets_one_letter_that_leads_to_the_receipt_however_often_the_receipt_comes() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let esito = paid(&mut browser, &sportello, PASTI, &form(), 50).await;
    assert!(browser.get(&esito).await.has("Stiamo mandando la ricevuta a m…@posta.example"), "it waits for its turn");
    for _ in 0..3 {
        sportello.work().await;
    }
    let lettere = sportello.lettere().await;
    let [lettera] = &lettere[..] else { panic!("{lettere:?}") };
    assert_eq!((lettera.a.as_str(), lettera.da.as_str()), ("mario.rossi@posta.example", "pagamenti@valdoria.example"));
    for said in ["AMBIENTE DI PROVA", "48,00", "Comune di Valdoria", "Mensa scolastica"] {
        assert!(lettera.testo.contains(said) && lettera.html.contains(said), "{said}: {}", lettera.testo);
    }
    for secret in ["RSSMRA85T10A562S", "Mario Rossi"] {
        assert!(
            !lettera.grezza.contains(secret) && !lettera.testo.contains(secret) && !lettera.html.contains(secret),
            "{secret}"
        );
    }
    assert_eq!(lettera.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(lettera.header("List-Unsubscribe"), None, "it comes once");
    assert!(lettera.header("Message-ID").is_some_and(|id| id.ends_with("@localhost>")), "{}", lettera.grezza);
    let page = browser.get(&esito).await;
    assert!(page.has("Abbiamo mandato la ricevuta a m…@posta.example") && !page.has("mario.rossi@"), "{}", page.text());

    // in another browser, on another day
    let mut other = sportello.browser();
    let link = sportello.path_of(&lettera.link("Apri la ricevuta"));
    sportello.later(89 * 24 * 60);
    let page = other.get(&link).await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Ricevuta di pagamento"));
    assert!(page.has("48,00") && page.has("name=\"robots\" content=\"noindex"), "{}", page.html());
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "same-origin"));
    let pdf = other.get(&format!("{link}/ricevuta.pdf")).await;
    assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.status);
    assert_eq!(other.get(&format!("{link}/ricevuta.xml")).await.status, 200);
    assert_eq!(other.get(&link.replace("/valdoria/", "/pietralta/")).await.status, 404, "of another ente");
    sportello.later(2 * 24 * 60);
    let gone = other.get(&link).await;
    assert_eq!((gone.status, gone.h1().as_str()), (410, "Il collegamento è scaduto"));
    assert!(gone.has("href=\"/valdoria/ricevute\"") && !gone.has("48,00"), "{}", gone.text());
    assert_eq!(other.get(&format!("{link}/ricevuta.pdf")).await.location(), link, "whose page says what to do");
}

#[tokio::test]
async fn a_letter_speaks_the_language_of_who_paid() {
    let sportello = Sportello::start().await;
    for (i, (prefix, said, link)) in [
        ("/de", "hat Ihre Zahlung erhalten", "Zahlungsbestätigung öffnen"),
        ("/en", "has received your payment", "Open the receipt"),
    ]
    .into_iter()
    .enumerate()
    {
        paid(&mut sportello.browser(), &sportello, &format!("{prefix}{PASTI}"), &form(), 1).await;
        let lettere = sportello.work_until_letters(i + 1).await;
        let lettera = lettere.last().unwrap();
        assert!(
            lettera.testo.contains(said) && lettera.html.contains(&format!("lang=\"{}\"", &prefix[1..])),
            "{}",
            lettera.testo
        );
        assert_eq!(lettera.header("Content-Language").as_deref(), Some(&prefix[1..]));
        let link = sportello.path_of(&lettera.link(link));
        assert!(link.starts_with(&format!("{prefix}/valdoria/ricevuta/")), "{link}");
        assert_eq!(sportello.browser().get(&link).await.status, 200);
    }
}

#[tokio::test]
async fn nobody_is_written_to_who_left_no_address_or_did_not_pay_here() {
    let sportello = Sportello::start().await;
    paid(&mut sportello.browser(), &sportello, PASTI, &form_but("email", ""), 1).await;
    // taken out again beside "Paga"
    let (riepilogo, _) = sportello.propose(PASTI, &form()).await;
    let mut browser = sportello.browser();
    let checkout = browser.pay(&riepilogo).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    let (_, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    // at a counter: whose address it is, nobody said
    let (_, numero) = sportello.riepilogo().await;
    let open = sportello.avviso("APERTA").numero;
    sportello.pay_elsewhere(&open, json!({})).await;
    sportello.work().await;
    assert!(sportello.lettere().await.is_empty(), "{numero}");
}

#[tokio::test]
async fn each_notice_of_a_cart_has_its_letter() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let dettagli = ["primavera", "autunno"];
    for dettaglio in dettagli {
        let (riepilogo, _) = sportello.propose(PASTI, &form_but("dettaglio", dettaglio)).await;
        browser.post(&format!("{riepilogo}/carrello"), &[]).await;
    }
    let checkout = browser.pay_and_tell("/de/carrello", "altra@posta.example").await;
    let back = browser.choose(&checkout, "paga", 2).await;
    browser.get(&back).await;
    let lettere = sportello.work_until_letters(2).await;
    for dettaglio in dettagli {
        assert_eq!(lettere.iter().filter(|lettera| lettera.testo.contains(dettaglio)).count(), 1, "{dettaglio}: {lettere:?}");
    }
    for lettera in &lettere {
        assert_eq!(lettera.a, "altra@posta.example", "the one beside the button, not that of the form");
        assert!(lettera.testo.contains("hat Ihre Zahlung erhalten"), "{}", lettera.testo);
    }
}

#[tokio::test]
async fn what_the_server_of_the_mail_refuses_or_leaves_unknown_is_told_and_not_sent_again() {
    let sportello = Sportello::start().await;
    let mut taken = 0;
    for (guasto, took, told) in [
        ("rifiuta", false, "Non siamo riusciti a mandare la ricevuta"),
        ("rifiuta_dopo", false, "Non siamo riusciti a mandare la ricevuta"),
        ("taglia_in_data", false, "non sappiamo se è arrivata"),
        ("taglia_dopo", true, "non sappiamo se è arrivata"),
        ("lento", true, "Abbiamo mandato la ricevuta"),
    ] {
        let mut browser = sportello.browser();
        let esito = paid(&mut browser, &sportello, PASTI, &form(), 1).await;
        sportello.break_mail(guasto).await;
        sportello.work().await;
        sportello.break_mail("nessuno").await;
        sportello.work().await;
        taken += usize::from(took);
        assert_eq!(sportello.lettere().await.len(), taken, "{guasto}");
        let page = browser.get(&esito).await;
        assert!(page.has(told), "{guasto}: {}", page.text());
    }
}

#[tokio::test]
async fn what_the_server_of_the_mail_cannot_take_now_it_gets_later_and_once() {
    let sportello = Sportello::start().await;
    let faults = ["rimanda", "rimanda_dopo", "occupato", "rifiuta_mittente"];
    for guasto in faults {
        let mut browser = sportello.browser();
        let esito = paid(&mut browser, &sportello, PASTI, &form(), 1).await;
        sportello.break_mail(guasto).await;
        sportello.work().await;
        assert!(browser.get(&esito).await.has("Stiamo mandando la ricevuta"), "{guasto}");
    }
    assert!(sportello.lettere().await.is_empty());
    sportello.break_mail("nessuno").await;
    let lettere = sportello.work_until_letters(faults.len()).await;
    let ids: std::collections::BTreeSet<_> = lettere.iter().map(|lettera| lettera.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), faults.len(), "each its own");
    sportello.work().await;
    assert_eq!(sportello.lettere().await.len(), faults.len());
}

#[tokio::test]
async fn a_letter_that_waited_for_days_is_no_news_and_goes_no_more() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let esito = paid(&mut browser, &sportello, PASTI, &form(), 1).await;
    sportello.later(3 * 24 * 60 + 1);
    sportello.work().await;
    assert!(sportello.lettere().await.is_empty());
    assert!(browser.get(&esito).await.has("Non siamo riusciti a mandare la ricevuta"));
}
