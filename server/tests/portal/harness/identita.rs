//! Coming in, step by step, as a browser walks it; and a provider of identity that misbehaves.

use super::{Browser, Page, Sportello};
use serde_json::json;
use url::Url;

/// Maria Rossi of the demo, who has a notice to pay; and Luca Bianchi, who has another.
pub const MARIA: &str = "RSSMRA80A41F205B";
pub const LUCA: &str = "BNCLCU75M12H501Q";

impl Sportello {
    /// How the provider of identity behaves from now on: a value of `sandbox::GuastoOidc`.
    pub async fn break_identita(&self, guasto: &str) {
        let answer = self.client().post(self.sandbox_url("/guasti")).json(&json!({ "oidc": guasto })).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{guasto}");
    }
}

impl Browser<'_> {
    /// Off to the provider: the address of its question.
    pub async fn ask(&mut self, vai: &str) -> String {
        self.get(vai).await.location()
    }

    /// At the provider: one is this person; the path that leads back.
    pub async fn identify(&mut self, question: &str, codice_fiscale: &str) -> String {
        let url = Url::parse(question).unwrap();
        let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        assert_eq!(self.get(question).await.status, 200, "the provider knows the question");
        form.push(("persona".into(), codice_fiscale.into()));
        let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let at = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let back = Url::parse(&self.post(&at, &form).await.location()).unwrap();
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }

    /// From the link to the page that follows.
    pub async fn come_in(&mut self, vai: &str, codice_fiscale: &str) -> Page {
        let question = self.ask(vai).await;
        let back = self.identify(&question, codice_fiscale).await;
        self.get(&back).await
    }
}
