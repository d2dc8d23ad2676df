//! `[pagopa]`: the services beyond Checkout, each with its address and key.

use crate::config::is_pagopa;
use anyhow::{Context as _, bail, ensure};
use nodo::aca::Aca;
use nodo::back_office::BackOffice;
use nodo::biz_events::BizEvents;
use nodo::fdr::FdrClient;
use nodo::gpd::massive::Massive;
use nodo::gpd::{Gpd, GpdV3};
use nodo::print_notice::PrintNotice;
use nodo::receipts::Receipts;
use nodo::rest::{Budget, Peer, SubscriptionKey};
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
    /// # Errors
    /// When an address is not the platform's.
    pub(crate) fn check_production(&self) -> anyhow::Result<()> {
        for (name, url) in [
            ("aca", &self.aca_url),
            ("gpd", &self.gpd_url),
            ("gpd_massivo", &self.gpd_massivo_url),
            ("ricevute", &self.ricevute_url),
            ("biz_events", &self.biz_events_url),
            ("fdr", &self.fdr_url),
            ("stampa", &self.stampa_url),
            ("back_office", &self.back_office_url),
        ] {
            ensure!(is_pagopa(url), "pagopa.{name}_url: {} is not pagoPA", url.host_str().unwrap_or_default());
        }
        Ok(())
    }

    /// The services that have a key.
    ///
    /// # Errors
    /// When an address or a key cannot be one, or the version of GPD is none.
    pub fn porte(&self, clock: &Clock) -> anyhow::Result<Porte> {
        let gpd_version = match self.gpd_version {
            1 => "v1",
            3 => "v3",
            other => bail!("pagopa.gpd_version: 1 or 3, not {other}"),
        };
        let mut gpd_url = self.gpd_url.clone();
        gpd_url.path_segments_mut().ok().context("pagopa.gpd_url")?.pop_if_empty().push(gpd_version);
        let door = |name: &str, url: &Url, key: &str| {
            let key = Some(key).filter(|key| !key.is_empty())?;
            // looked at here, for the name of what is wrong with it
            let peer = Peer { base_url: url.clone(), subscription_key: Some(SubscriptionKey::new(key)), budget: Budget::FLOW };
            Some((format!("pagopa.{name}"), peer))
        };
        macro_rules! open {
            ($client:expr, $name:literal, $url:expr, $key:expr) => {
                match door($name, $url, $key) {
                    None => None,
                    Some((name, peer)) => Some($client(&peer, clock.teller()).context(name)?),
                }
            };
        }
        let gpd = match self.gpd_version {
            3 => open!(GpdV3::new, "gpd", &gpd_url, &self.gpd_key).map(PortaGpd::V3),
            _ => open!(Gpd::new, "gpd", &gpd_url, &self.gpd_key).map(PortaGpd::V1),
        };
        Ok(Porte {
            aca: open!(Aca::new, "aca", &self.aca_url, &self.aca_key),
            gpd,
            gpd_massivo: open!(Massive::new, "gpd_massivo", &self.gpd_massivo_url, &self.gpd_massivo_key),
            ricevute: open!(Receipts::new, "ricevute", &self.ricevute_url, &self.ricevute_key),
            biz_events: open!(BizEvents::new, "biz_events", &self.biz_events_url, &self.biz_events_key),
            fdr: open!(FdrClient::new, "fdr", &self.fdr_url, &self.fdr_key),
            stampa: open!(PrintNotice::new, "stampa", &self.stampa_url, &self.stampa_key),
            back_office: open!(BackOffice::new, "back_office", &self.back_office_url, &self.back_office_key),
            tempi: Tempi::default(),
        })
    }
}
