//! What a production needs, and what it may not be: a demo by mistake, a door that is open to everybody.

use super::guai::Guai;
use super::{Config, Stazione, is_pagopa};
use crate::layers::allowed::Allowed;
use anyhow::Context as _;
use jiff::Timestamp;
use portal::Clock;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use store::Store;
use url::Url;

/// Below, a busy machine would lose its jobs while it works on them.
const LEASE_MIN_MS: u32 = 1_000;
/// Beyond, what a server that is gone held would be late for its own slot.
const LEASE_MAX_MS: u32 = 600_000;
/// What a demo leaves in its folder.
pub(crate) const OF_A_DEMO: &str = "demo.json";
/// Group and others: what is the owner's alone has none of these.
const NOT_THE_OWNER: u32 = 0o077;

impl Config {
    /// A production portal talks to pagoPA and to nobody who plays pagoPA.
    pub(super) fn judge_peers(&self, guai: &mut Guai) {
        guai.keep(self.public_url().and_then(|url| {
            let scheme = url.scheme();
            anyhow::ensure!(scheme == "https", "web.public_url: production wants https, not {scheme}");
            Ok(())
        }));
        guai.unless(
            is_pagopa(&self.checkout.base_url),
            "checkout.base_url",
            format_args!(
                "{} is not pagoPA; a sandbox is only reached by `sportello demo`",
                self.checkout.base_url.host_str().unwrap_or_default()
            ),
        );
        self.pagopa.judge_peers(guai);
        for origin in &self.checkout.redirect_origins {
            let pagopa = Url::parse(origin).is_ok_and(|url| {
                let host = url.host_str().unwrap_or_default();
                url.scheme() == "https" && (host == "pagopa.it" || host.ends_with(".pagopa.it"))
            });
            guai.unless(pagopa, "checkout.redirect_origins", format_args!("{origin} is not pagoPA"));
        }
    }

    /// What a production cannot do without, beyond that. Looks at the disk, opens nothing.
    pub(super) fn judge(&self, guai: &mut Guai) {
        self.judge_checkout(guai);
        self.judge_proxies(guai);
        self.judge_contact(guai);
        self.ricerca.judge(guai);
        self.accesso.judge(guai);
        self.judge_stazione(guai);
        self.judge_listeners(guai);
        match Clock::system() {
            Ok(clock) => drop(guai.keep(self.pagopa.porte(&clock))),
            Err(error) => guai.add("pagopa", format_args!("no clock: {error}")),
        }
        guai.keep(self.ufficio());
        guai.unless(
            self.jobs.in_process || !self.dati.database.is_empty(),
            "jobs.in_process",
            "on SQLite nobody else can do the jobs; on PostgreSQL `sportello jobs` can",
        );
        guai.unless(
            (LEASE_MIN_MS..=LEASE_MAX_MS).contains(&self.jobs.lease_ms),
            "jobs.lease_ms",
            format_args!("{LEASE_MIN_MS} to {LEASE_MAX_MS}, not {}", self.jobs.lease_ms),
        );
        if !self.dati.database.is_empty() {
            guai.keep(Store::check_address(&self.dati.database).context("dati.database"));
        }
        self.judge_folder(guai);
    }

    fn judge_checkout(&self, guai: &mut Guai) {
        let checkout = &self.checkout;
        let key = "checkout.subscription_key";
        guai.unless(!checkout.subscription_key.is_empty(), key, "is missing: Checkout takes no cart without it");
        guai.unless(checkout.subscription_key.is_empty() || !checkout.subscription_key.trim().is_empty(), key, "is blank");
        guai.unless(
            !checkout.redirect_origins.is_empty(),
            "checkout.redirect_origins",
            "is empty: nobody could be led to Checkout",
        );
        guai.unless(checkout.timeout_ms > 0, "checkout.timeout_ms", "0 leaves Checkout no time at all");
        guai.keep(self.checkout());
    }

    fn judge_contact(&self, guai: &mut Guai) {
        if let Some(None) = guai.keep(self.security_contact()) {
            let nobody = "is empty: who finds a weakness of the portal is told nobody to write to (mailto:sicurezza@comune.it)";
            guai.warn("web.security_contact", nobody);
        }
    }

    /// The pages speak plain HTTP here and https outside, so there is a proxy: without its name all citizens are one, to the limits.
    fn judge_proxies(&self, guai: &mut Guai) {
        for entry in &self.web.proxies {
            if let Some(one) = guai.keep(Allowed::parse(std::slice::from_ref(entry)).context("web.proxies")) {
                let what = format_args!("{entry} is everybody: whoever calls could say that he is somebody else");
                guai.unless(!one.has_everybody(), "web.proxies", what);
            }
        }
        if self.web.proxies.is_empty() {
            guai.warn(
                "web.proxies",
                "is empty: behind the proxy that speaks https all citizens have one address, and share the limits of look-ups; write the \
                 proxy's",
            );
        }
    }

    /// The station is closed to whoever cannot prove who he is, here or at a proxy: that there is one is said, never supposed.
    fn judge_stazione(&self, guai: &mut Guai) {
        let Stazione { allow, tls, tls_by_proxy, .. } = &self.stazione;
        guai.unless(!allow.is_empty(), "stazione.allow", "is empty: nobody could call the station, not even the Nodo");
        let whom = match tls_by_proxy {
            true => "with stazione.tls_by_proxy the proxy is named here, and nobody else",
            false => "a certificate is one proof of who calls, the address is the other",
        };
        for entry in allow {
            if let Some(one) = guai.keep(Allowed::parse(std::slice::from_ref(entry)).context("stazione.allow")) {
                guai.unless(!one.has_everybody(), "stazione.allow", format_args!("{entry} is everybody: {whom}"));
            }
        }
        if *tls_by_proxy {
            guai.unless(
                tls.is_empty(),
                "stazione.tls_by_proxy",
                "the proxy speaks TLS or the station does (stazione.tls), not both",
            );
        } else if tls.is_empty() {
            guai.add(
                "stazione.tls",
                "certificate, key and client_ca are missing, and without TLS anybody could make up a receipt; when a proxy in \
                 front checks pagoPA's certificate, say so with stazione.tls_by_proxy = true",
            );
        } else {
            tls.judge(guai);
        }
    }

    fn judge_listeners(&self, guai: &mut Guai) {
        let listeners = [
            ("web.listen", self.web.listen),
            ("stazione.listen", self.stazione.listen),
            ("metriche.listen", self.metriche.listen),
        ];
        for (i, (key, address)) in listeners.iter().enumerate() {
            if let Some((other, _)) = listeners[..i].iter().find(|(_, other)| other == address) {
                guai.add(key, format_args!("{address} is the address of two listeners, of {other} too"));
            }
        }
        let metriche = self.metriche.listen.ip();
        guai.unless(
            is_inside(metriche),
            "metriche.listen",
            format_args!(
                "{metriche} can be reached from outside, and whoever asks is answered: name this machine, or its address inside"
            ),
        );
    }

    fn judge_folder(&self, guai: &mut Guai) {
        let (key, folder) = ("dati.folder", &self.dati.folder);
        let shown = folder.display();
        if !folder.is_absolute() {
            return guai.add(key, format_args!("{shown} depends on where the program is started; write the whole path"));
        }
        if !folder.is_dir() {
            return guai.add(key, format_args!("there is no folder {shown}: make it, for the user of sportello alone (0700)"));
        }
        guai.unless(
            !folder.join(OF_A_DEMO).exists(),
            key,
            format_args!(
                "{shown} is the folder of a demo, with made-up people and notices ({OF_A_DEMO} is in it): take another one"
            ),
        );
    }

    /// What is in the files of the certificate, and for how long.
    pub(super) fn judge_files(&self, now: Timestamp, guai: &mut Guai) {
        if self.stazione.tls_by_proxy || self.stazione.tls.is_empty() {
            return;
        }
        if let Some(Some(porta)) = guai.keep(self.porta(now)) {
            let days = porta.tls.days_left(now);
            if days < crate::tls::DAYS_LEFT_MIN {
                guai.warn("stazione.tls.certificate", format_args!("it ends in {days} days: the Nodo will not call without"));
            }
        }
    }
}

/// Addresses that nobody on the internet reaches: of this machine, of a network of one's own (RFC 1918, RFC 6598, RFC 4193), of the link.
fn is_inside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// A key that somebody else on the machine can read is not only ours. systemd lends credentials with an access list, whose mask shows
/// as the group's rights: of those only the others' count.
///
/// # Errors
/// When it is, with what to do.
pub(crate) fn is_private(path: &std::path::Path) -> anyhow::Result<()> {
    let Ok(file) = std::fs::metadata(path) else { return Ok(()) };
    let lent = std::env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|folder| path.starts_with(folder));
    let (mode, others) = (file.permissions().mode() & 0o777, if lent { 0o007 } else { NOT_THE_OWNER });
    anyhow::ensure!(
        mode & others == 0,
        "{} can be read by others than its owner (its mode is {mode:04o}): chmod 600 it",
        path.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_told_inside_alone() {
        for inside in
            ["127.0.0.1", "10.0.0.7", "172.20.1.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "::1", "fd00::1", "fe80::1"]
        {
            assert!(is_inside(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["0.0.0.0", "::", "::ffff:0.0.0.0", "93.184.216.34", "100.128.0.1", "172.32.0.1", "2606:4700::1"] {
            assert!(!is_inside(outside.parse().unwrap()), "{outside}");
        }
    }
}
