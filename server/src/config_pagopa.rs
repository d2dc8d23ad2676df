//! `[pagopa]`: the services beyond Checkout, each with its address and key.

use crate::config::{Guai, is_pagopa};
use nodo::aca::Aca;
use nodo::back_office::BackOffice;
use nodo::biz_events::BizEvents;
use nodo::fdr::FdrClient;
use nodo::gpd::massive::Massive;
use nodo::gpd::{Gpd, GpdV3};
use nodo::print_notice::PrintNotice;
use nodo::receipts::Receipts;
use nodo::rest::{Budget, Peer, PeerError, SubscriptionKey};
use portal::accesso::Fornitori;
use portal::{Clock, PortaGpd, Porte, Tempi};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pagopa {
    pub aca_url: Url,
    pub aca_key: String,
    pub gpd_url: Url,
    pub gpd_version: u8,
    pub gpd_key: String,
    pub gpd_massivo_url: Url,
    pub gpd_massivo_key: String,
    pub ricevute_url: Url,
    pub ricevute_key: String,
    pub biz_events_url: Url,
    pub biz_events_key: String,
    pub fdr_url: Url,
    pub fdr_key: String,
    pub stampa_url: Url,
    pub stampa_key: String,
    pub back_office_url: Url,
    pub back_office_key: String,
}

impl std::fmt::Debug for Pagopa {
    /// Without the keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pagopa").finish_non_exhaustive()
    }
}

impl Pagopa {
    /// Every address is the platform's.
    pub(crate) fn judge_peers(&self, guai: &mut Guai) {
        for (name, url, _) in self.all() {
            let host = url.host_str().unwrap_or_default();
            guai.unless(is_pagopa(url), &format!("pagopa.{name}_url"), format_args!("{host} is not pagoPA"));
        }
    }

    fn all(&self) -> [(&'static str, &Url, &str); 8] {
        [
            ("aca", &self.aca_url, &self.aca_key),
            ("gpd", &self.gpd_url, &self.gpd_key),
            ("gpd_massivo", &self.gpd_massivo_url, &self.gpd_massivo_key),
            ("ricevute", &self.ricevute_url, &self.ricevute_key),
            ("biz_events", &self.biz_events_url, &self.biz_events_key),
            ("fdr", &self.fdr_url, &self.fdr_key),
            ("stampa", &self.stampa_url, &self.stampa_key),
            ("back_office", &self.back_office_url, &self.back_office_key),
        ]
    }

    /// The services that have a key.
    ///
    /// # Errors
    /// All addresses and keys that cannot be one; a version of GPD that there is none of.
    pub fn porte(&self, clock: &Clock) -> anyhow::Result<Porte> {
        let mut guai = Guai::default();
        for (name, _, key) in self.all() {
            let blank = !key.is_empty() && key.trim().is_empty();
            guai.unless(!blank, &format!("pagopa.{name}_key"), "is blank: leave it empty, and the door stays closed");
        }
        let gpd_version = match self.gpd_version {
            3 => "v3",
            1 => "v1",
            other => {
                guai.add("pagopa.gpd_version", format_args!("1 or 3, not {other}"));
                "v1"
            }
        };
        let mut gpd_url = self.gpd_url.clone();
        if let Ok(mut path) = gpd_url.path_segments_mut() {
            path.pop_if_empty().push(gpd_version);
        }
        macro_rules! open {
            ($client:expr, $name:literal, $url:expr, $key:expr) => {
                if $key.trim().is_empty() {
                    None
                } else {
                    let subscription_key = Some(SubscriptionKey::new($key.as_str()));
                    let peer = Peer { base_url: $url.clone(), subscription_key, budget: Budget::FLOW };
                    guai.keep($client(&peer, clock.teller()).map_err(|error| wrong($name, error)))
                }
            };
        }
        let gpd = match self.gpd_version {
            3 => open!(GpdV3::new, "gpd", gpd_url, self.gpd_key).map(PortaGpd::V3),
            _ => open!(Gpd::new, "gpd", gpd_url, self.gpd_key).map(PortaGpd::V1),
        };
        let porte = Porte {
            aca: open!(Aca::new, "aca", self.aca_url, self.aca_key),
            gpd,
            gpd_massivo: open!(Massive::new, "gpd_massivo", self.gpd_massivo_url, self.gpd_massivo_key),
            ricevute: open!(Receipts::new, "ricevute", self.ricevute_url, self.ricevute_key),
            biz_events: open!(BizEvents::new, "biz_events", self.biz_events_url, self.biz_events_key),
            fdr: open!(FdrClient::new, "fdr", self.fdr_url, self.fdr_key),
            stampa: open!(PrintNotice::new, "stampa", self.stampa_url, self.stampa_key),
            back_office: open!(BackOffice::new, "back_office", self.back_office_url, self.back_office_key),
            // other sections say who takes letters, and who says who somebody is
            ufficio: None,
            identita: Fornitori::default(),
            tempi: Tempi::default(),
        };
        guai.none()?;
        Ok(porte)
    }
}

/// With the key of the file that is to blame.
fn wrong(name: &str, error: PeerError) -> anyhow::Error {
    let what = if matches!(error, PeerError::SubscriptionKey) { "key" } else { "url" };
    anyhow::Error::new(error).context(format!("pagopa.{name}_{what}"))
}
