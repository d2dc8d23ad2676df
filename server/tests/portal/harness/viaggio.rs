//! The way of a payment, step by step, as a browser walks it.

use super::{Browser, Page, Sportello, VALDORIA};
use domain::EsitoPagamento;
use std::time::Duration;
use url::Url;

/// The form of the school canteen, where one pays by the piece or a fixed amount.
pub const PASTI: &str = "/valdoria/servizi/mensa-scolastica/paga";

/// Ten meals for Mario Rossi: 48,00 €.
pub fn form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("voce", "pasti"),
        ("quantita", "10"),
        ("dettaglio", "3B primaria, marzo"),
        ("codice_fiscale", "RSSMRA85T10A562S"),
        ("nome", "Mario Rossi"),
        ("email", "mario.rossi@posta.example"),
    ]
}

/// The same with one field said differently, or said at all.
pub fn form_but<'a>(field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form: Vec<(&str, &str)> = form();
    form.retain(|(name, _)| *name != field);
    form.push((field, value));
    form
}

impl Sportello {
    /// The path of the page of a notice of Valdoria.
    pub async fn look_up(&self, numero: &str) -> String {
        self.browser().post("/valdoria/avviso", &[("numero", numero)]).await.location()
    }

    /// The path of a summary that can be paid, and the notice number that no page of it tells.
    pub async fn riepilogo(&self) -> (String, String) {
        self.propose(PASTI, &form()).await
    }

    /// As [`Sportello::riepilogo`], with another form.
    pub async fn propose(&self, path: &str, form: &[(&str, &str)]) -> (String, String) {
        let before = self.numeri().await;
        let riepilogo = self.browser().post(path, form).await.location();
        let mut fresh = self.numeri().await;
        fresh.retain(|numero| !before.contains(numero));
        let [numero] = &fresh[..] else { panic!("{} notices instead of one", fresh.len()) };
        (riepilogo, numero.clone())
    }

    async fn numeri(&self) -> Vec<String> {
        self.posizioni(VALDORIA).await.iter().flat_map(|p| &p.rate).map(|r| r.numero.to_string()).collect()
    }

    /// Waits for what the page polls; fails after ten seconds.
    pub async fn wait_for(&self, token: &str, esito: EsitoPagamento) {
        let url = self.url(&format!("/api/pagamenti/{token}"));
        let mut last = None;
        for _ in 0..500 {
            let answer = Page::of(self.client().get(&url)).await;
            assert_eq!(answer.status, 200);
            last = Some(serde_json::from_slice::<domain::pagamento::StatoPagamento>(&answer.bytes).unwrap().esito);
            if last == Some(esito) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{last:?} instead of {esito:?}");
    }

    /// Waits until a notice of Valdoria has that many receipts; fails after ten seconds.
    pub async fn wait_for_ricevute(&self, numero: &str, count: usize) {
        for _ in 0..500 {
            if self.ricevute(numero).await.len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} receipts instead of {count}", self.ricevute(numero).await.len());
    }

    /// The path of an address of the portal.
    pub fn path_of(&self, address: &str) -> String {
        let url = Url::parse(address).unwrap();
        assert_eq!(url.origin(), self.indirizzi.web.origin(), "{address}");
        assert_eq!(url.query(), None, "{address}");
        url.path().to_owned()
    }
}

impl Browser<'_> {
    /// "Paga" on a summary or a notice, by who means it whatever was paid before: the address of Checkout's page.
    pub async fn pay(&mut self, path: &str) -> String {
        self.post(path, &[("anche_se", "si")]).await.location()
    }

    /// As [`Browser::pay`], with an address beside the button, which the page has shown before.
    pub async fn pay_and_tell(&mut self, path: &str, email: &str) -> String {
        self.post(path, &[("anche_se", "si"), ("email", email), ("email_vista", email)]).await.location()
    }

    /// What one chooses at Checkout (`paga`, `rifiuta`, `abbandona`) and how often the receipt is sent at once: the address back.
    pub async fn choose(&mut self, checkout: &str, esito: &str, copie: u8) -> String {
        self.choose_after(checkout, esito, copie, 0).await
    }

    /// As [`Browser::choose`], with the receipt some time later.
    pub async fn choose_after(&mut self, checkout: &str, esito: &str, copie: u8, ritardo_ms: u32) -> String {
        let (copie, ritardo) = (copie.to_string(), ritardo_ms.to_string());
        self.post(checkout, &[("esito", esito), ("ritardo_ms", &ritardo), ("copie", &copie)]).await.location()
    }

    /// Back from Checkout: the path of the outcome's page and its token.
    pub async fn come_back(&mut self, address: &str) -> (String, String) {
        let path = self.get(address).await.location();
        let token = path.rsplit('/').next().unwrap().to_owned();
        assert!(path.ends_with(&format!("/valdoria/esito/{token}")), "{path}");
        (path, token)
    }
}
