//! Whole pages over a real store; nothing listens on a socket.

use app::context::{CspPolicy, Riferimento};
use axum::body::Body;
use domain::ente::{CodiceSegregazione, Contatti};
use domain::{CodiceFiscaleEnte, Ente, Slug, Stazione};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use leptos::prelude::{LeptosOptions, provide_context};
use nodo::checkout::{Checkout, CheckoutConfig, CheckoutVersion};
use portal::{Clock, Portal, Settings};
use std::sync::Arc;
use store::Store;

pub struct Site {
    portal: Portal,
}

/// What a browser gets.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub csp: Option<String>,
    pub html: String,
}

impl Page {
    pub fn title(&self) -> &str {
        self.html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(title, _)| title)
    }

    pub fn has_script(&self) -> bool {
        self.html.contains("<script")
    }

    pub fn has_island(&self) -> bool {
        self.html.contains("<leptos-island")
    }
}

impl Site {
    /// One ente, `valdoria`, without services.
    pub async fn open() -> Self {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let store = Store::open_memory().await.unwrap();
        let ente = valdoria();
        let mut tx = store.begin().await.unwrap();
        tx.insert_ente(&ente, now).await.unwrap();
        tx.commit().await.unwrap();
        let checkout = Checkout::new(CheckoutConfig {
            base_url: "http://127.0.0.1:9/checkout/ec".parse().unwrap(),
            version: CheckoutVersion::V1,
            subscription_key: None,
            timeout_ms: 100,
            redirect_origins: vec!["http://127.0.0.1:9".into()],
        });
        let settings = Settings { public_url: "http://localhost:3000/".parse().unwrap(), ambiente_di_prova: true };
        let portal = Portal::new(store, checkout.unwrap(), Clock::fixed(now).unwrap(), settings, [7; 32]);
        Self { portal }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.get_with(path, || {}).await
    }

    /// With what the server found out before it asked for the page.
    pub async fn get_with(&self, path: &str, more: impl Fn() + Clone + Send + 'static) -> Page {
        let options = LeptosOptions::builder().output_name("sportello").build();
        let portal = self.portal.clone();
        let add_context = move || {
            provide_context(portal.clone());
            provide_context(Riferimento("7F3K-92QD".into()));
            provide_context(CspPolicy(Arc::new(|nonce| format!("script-src 'nonce-{nonce}'"))));
            more();
        };
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app::render(options, request, add_context).await;
        let csp = response.headers().get("content-security-policy").map(|v| v.to_str().unwrap().to_owned());
        let status = response.status();
        let html = response.into_body().collect().await.unwrap().to_bytes();
        Page { status, csp, html: String::from_utf8(html.to_vec()).unwrap() }
    }
}

fn valdoria() -> Ente {
    Ente {
        codice_fiscale: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        nome: "Comune di Valdoria".into(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "80001230459_01".into(),
            intermediario: "80001230459".into(),
            segregazione: CodiceSegregazione::parse("01").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: Contatti {
            sito: Some("javascript:alert(1)".into()),
            telefono: Some("0123 456789".into()),
            ente_superiore: Some("Regione Esempio".into()),
            ..Contatti::default()
        },
        aspetto: domain::Aspetto::default(),
    }
}
