//! `sportello demo`: a comune that does not exist, a pagoPA that moves no money, all on 127.0.0.1. For trying, training, tests.

mod describe;
mod enti;
mod posizioni;
mod ricevute;
mod semina;
mod servizi;
mod traduzioni;

use crate::archivio::Archivio;
use crate::layers::allowed::Allowed;
use crate::listener::{Chiamante, listen};
use crate::render::Web;
use crate::serve::{self, bind, open_portal, stop_signal};
use crate::{health, router};
use anyhow::Context as _;
use domain::Email;
use jiff::SignedDuration;
use nodo::aca::Aca;
use nodo::back_office::BackOffice;
use nodo::biz_events::BizEvents;
use nodo::checkout::{Checkout, CheckoutConfig, CheckoutVersion};
use nodo::fdr::FdrClient;
use nodo::gpd::Gpd;
use nodo::gpd::massive::Massive;
use nodo::oidc::{Dettagli, Provider};
use nodo::print_notice::PrintNotice;
use nodo::receipts::Receipts;
use nodo::rest::{Budget, Peer};
use portal::accesso::{Fornitore, Fornitori, RITORNO};
use portal::lettere::Ufficio;
use portal::{Clock, PortaGpd, Portal, Porte, Settings, Tempi};
use posta::{Cifratura, Posta, ServerPosta};
use sandbox::{Cassetta, EnteSandbox, SandboxConfig};
use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

/// As the sandbox's provider of identity knows the portal.
const CLIENT_ID: &str = "sportello";
/// It is beside us: whoever trains for a slow one does not wait for long.
const IDENTITA_TIMEOUT_MS: u64 = 3_000;

/// Where each part of a demo listens.
#[derive(Clone, Debug)]
pub struct Indirizzi {
    /// `http://localhost:PORT`: a name, so that cookies and links are those of one site.
    pub web: Url,
    /// With the path: what is configured at the Nodo.
    pub nodo: Url,
    pub sandbox: Url,
}

/// The five sockets of a demo.
#[derive(Debug)]
pub struct Listeners {
    pub web: TcpListener,
    pub stazione: TcpListener,
    pub sandbox: TcpListener,
    pub metriche: TcpListener,
    /// Where the sandbox takes letters.
    pub posta: TcpListener,
}

impl Listeners {
    /// The base port and the four after it; 0 takes five free ones (tests).
    ///
    /// # Errors
    /// When somebody else has one of them.
    pub async fn bind(port_base: u16) -> anyhow::Result<Self> {
        let at = |offset: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, if port_base == 0 { 0 } else { port_base + offset }));
        Ok(Self {
            web: bind(at(0)).await?,
            stazione: bind(at(1)).await?,
            sandbox: bind(at(2)).await?,
            metriche: bind(at(3)).await?,
            posta: bind(at(4)).await?,
        })
    }

    fn indirizzi(&self) -> anyhow::Result<Indirizzi> {
        Ok(Indirizzi {
            web: Url::parse(&format!("http://localhost:{}", self.web.local_addr()?.port()))?,
            nodo: Url::parse(&format!("http://127.0.0.1:{}/pagopa/pa", self.stazione.local_addr()?.port()))?,
            sandbox: Url::parse(&format!("http://127.0.0.1:{}", self.sandbox.local_addr()?.port()))?,
        })
    }
}

/// A demo ready to be served.
#[derive(Debug)]
pub struct Demo {
    pub portal: Portal,
    pub indirizzi: Indirizzi,
    listeners: Listeners,
    web: Web,
    sandbox: SandboxConfig,
    /// Others cannot use the folder as long as it is there.
    _folder_lock: File,
}

/// Runs until told to stop.
///
/// # Errors
/// With a sentence about what is in the way.
pub async fn run(archivio: &Archivio, port_base: u16) -> anyhow::Result<()> {
    let listeners = Listeners::bind(port_base).await?;
    let metriche = listeners.metriche.local_addr()?;
    let demo = prepare(archivio, listeners, Clock::system()?).await?;
    let Indirizzi { web, nodo, sandbox } = &demo.indirizzi;
    let file = archivio.folder.join("demo.json");
    println!(
        "\nSportello, demo: nessun addebito, dati inventati.\n\n  Portale     {}\n  Stazione    {nodo}\n  Sandbox     {}\n  Posta       {}/posta\n  Metriche    http://{metriche}/metrics\n  Avvisi      {}\n\nCtrl-C per finire.\n",
        origin(web),
        origin(sandbox),
        origin(sandbox),
        file.display()
    );
    let (stop, runner) = (stop_signal(), serve::runner(demo.portal.clone()));
    let jobs = async {
        runner.run(stop.clone()).await;
        Ok(())
    };
    tokio::try_join!(demo.serve(stop.clone()), jobs)?;
    Ok(())
}

/// Opens the folder, fills it when it is new, writes `demo.json`.
///
/// # Errors
/// When the folder cannot be used.
pub async fn prepare(archivio: &Archivio, listeners: Listeners, clock: Clock) -> anyhow::Result<Demo> {
    let folder = &archivio.folder;
    let indirizzi = listeners.indirizzi()?;
    let checkout = Checkout::new(CheckoutConfig {
        base_url: indirizzi.sandbox.join("checkout/ec")?,
        version: CheckoutVersion::V1,
        subscription_key: None,
        timeout_ms: 5_000,
        redirect_origins: vec![origin(&indirizzi.sandbox)],
    })?;
    let settings = Settings { public_url: indirizzi.web.clone(), ambiente_di_prova: true };
    let folder_lock = archivio.lock().await?;
    semina::clear_unfinished(archivio).context("clearing a demo that was never finished")?;
    // PostgreSQL has its tables made by a command of its own; whoever tries a demo should not need it
    if archivio.database.is_some() {
        archivio.migrate().await?;
    }
    let (ufficio, identita) = (ufficio(&listeners.posta, &indirizzi.web)?, identita(&indirizzi, &clock)?);
    let porte = Porte { ufficio: Some(ufficio), identita, ..porte(&indirizzi.sandbox, &clock)? };
    let portal = open_portal(archivio, checkout, porte, clock, settings).await?;
    if portal.enti().await?.is_empty() {
        semina::fill(folder, &portal).await.context("filling the demo")?;
    }
    describe::write(folder, &portal, &indirizzi).await.context("writing demo.json")?;
    let contact = Url::parse("mailto:sicurezza@comune.valdoria.example")?;
    let web = Web::new(portal.clone(), vec![origin(&indirizzi.sandbox)]).with_security_contact(Some(contact)).in_folder(folder);
    // whoever reaches it is on this machine: a proxy that somebody tries it behind, or a test that is many people
    let web = web.with_proxies(Allowed::loopback());
    let sandbox = sandbox_config(&portal, &indirizzi).await?;
    Ok(Demo { portal, indirizzi, listeners, web, sandbox, _folder_lock: folder_lock })
}

/// Every door, and behind each the sandbox: beside us, so nobody waits.
///
/// # Errors
/// When the address is none.
pub fn porte(sandbox: &Url, clock: &Clock) -> anyhow::Result<Porte> {
    let at = |path: &str| anyhow::Ok(Peer { base_url: sandbox.join(path)?, subscription_key: None, budget: Budget::FLOW });
    let clock = || clock.teller();
    Ok(Porte {
        aca: Some(Aca::new(&at("aca/debt-positions-service/v1")?, clock())?),
        gpd: Some(PortaGpd::V1(Gpd::new(&at("gpd/debt-positions-service/v1")?, clock())?)),
        gpd_massivo: Some(Massive::new(&at("upload/gpd/debt-positions-service/v2")?, clock())?),
        ricevute: Some(Receipts::new(&at("gpd/payments-receipts-service/v1")?, clock())?),
        biz_events: Some(BizEvents::new(&at("receipt-ndp/v1")?, clock())?),
        fdr: Some(FdrClient::new(&at("fdr-org/service/v1")?, clock())?),
        stampa: Some(PrintNotice::new(&at("print-payment-notice-service/external/v1")?, clock())?),
        back_office: Some(BackOffice::new(&at("backoffice/external/ec/v1")?, clock())?),
        ufficio: None,
        identita: Fornitori::default(),
        tempi: Tempi { fdr_pausa: Duration::ZERO, attesa_rt: SignedDuration::ZERO },
    })
}

/// Letters go to the sandbox, which delivers none.
///
/// # Errors
/// When the socket has no address.
fn ufficio(posta: &TcpListener, web: &Url) -> anyhow::Result<Ufficio> {
    let server = ServerPosta {
        host: Ipv4Addr::LOCALHOST.to_string(),
        porta: posta.local_addr()?.port(),
        cifratura: Cifratura::Nessuna,
        credenziali: None,
        timeout: Duration::from_secs(5),
        nome: web.host_str().unwrap_or("localhost").to_owned(),
    };
    let da = Email::parse("pagamenti@valdoria.example").map_err(|reason| anyhow::anyhow!("the demo's address: {reason}"))?;
    Ok(Ufficio { posta: Posta::new(server)?, da, scrivano: app::lettere::scrivi })
}

/// The sandbox says who somebody is, for all enti and for one that has it as its own.
///
/// # Errors
/// When the address is none.
pub fn identita(indirizzi: &Indirizzi, clock: &Clock) -> anyhow::Result<Fornitori> {
    let provider = Provider::new(
        Dettagli {
            issuer: issuer(&indirizzi.sandbox),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Some(sandbox::oidc::SEGRETO.to_owned()),
            redirect_uri: indirizzi.web.join(RITORNO)?,
            scope: "openid profile".to_owned(),
            claim: "fiscal_number".to_owned(),
            livelli: vec!["https://www.spid.gov.it/SpidL2".to_owned()],
            timeout_ms: IDENTITA_TIMEOUT_MS,
        },
        clock.teller(),
    )?;
    let portale = Fornitore { provider, parametro_spid: "con=spid".to_owned(), parametro_cie: "con=cie".to_owned() };
    Ok(Fornitori { portale: Some(portale), segreti: BTreeMap::default(), timeout_ms: IDENTITA_TIMEOUT_MS, in_chiaro: true })
}

/// Of the provider that the sandbox plays.
pub fn issuer(sandbox: &Url) -> String {
    format!("{}/oidc", origin(sandbox))
}

/// What the sandbox knows of the enti: it refuses other stations and accounts, as the Nodo does.
async fn sandbox_config(portal: &Portal, indirizzi: &Indirizzi) -> anyhow::Result<SandboxConfig> {
    let mut enti = Vec::new();
    for ente in portal.enti().await? {
        enti.push(EnteSandbox {
            codice_fiscale: ente.codice_fiscale.to_string(),
            intermediario: ente.stazione.intermediario,
            stazione: ente.stazione.id,
            ibans: enti::IBAN.iter().map(|i| (*i).to_owned()).collect(),
        });
    }
    enti.push(EnteSandbox {
        codice_fiscale: enti::PROVINCIA.to_owned(),
        intermediario: enti::INTERMEDIARIO.to_owned(),
        stazione: enti::STAZIONE.to_owned(),
        ibans: vec![enti::IBAN_PROVINCIA.to_owned()],
    });
    // the sandbox's page shows how the first one is paid: that which has notices
    enti.sort_by_key(|ente| ente.codice_fiscale != enti::VALDORIA);
    let clock = portal.clock().clone();
    Ok(SandboxConfig {
        base_url: indirizzi.sandbox.clone(),
        stazione_url: indirizzi.nodo.clone(),
        enti,
        allowed_return_origins: vec![origin(&indirizzi.web)],
        checkout_delay_ms: 1_500,
        posta: Cassetta::default(),
        persone: posizioni::persone(),
        clock: Arc::new(move || clock.civil(clock.now())),
    })
}

impl Demo {
    /// Serves all four listeners until `stop` becomes true.
    ///
    /// # Errors
    /// Those of the sockets.
    pub async fn serve(self, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let Listeners { web, stazione, sandbox, metriche, posta } = self.listeners;
        let cassetta = self.sandbox.posta.clone();
        let mut stopped = stop.clone();
        let _folder_lock = self._folder_lock;
        tokio::try_join!(
            listen(web, router::citizens(self.web), Chiamante::Cittadino, stop.clone()),
            listen(stazione, router::station(self.portal.clone(), Allowed::loopback()), Chiamante::Nodo, stop.clone()),
            listen(sandbox, sandbox::router(self.sandbox), Chiamante::Operatore, stop.clone()),
            listen(metriche, health::router(self.portal.clone(), stop.clone()), Chiamante::Operatore, stop.clone()),
            async {
                // a sender that is gone is a stop as well
                let until = async { drop(stopped.wait_for(|stop| *stop).await) };
                anyhow::Ok(sandbox::posta::serve(posta, cassetta, until).await?)
            },
            async {
                self.portal.run_giornale(stop.clone()).await;
                Ok(())
            },
        )?;
        Ok(())
    }
}

/// `http://localhost:3000`, without the final slash.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
