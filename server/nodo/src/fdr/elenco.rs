//! Which flows are there.

use crate::rest::json::{instant, integer};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::fmt;

/// `identificativoFlusso`: `YYYY-MM-DD<idPSP>-<progressive>`, `[a-zA-Z0-9\-_]{1,35}`. What banks write behind `/URI/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdFlusso(String);

impl IdFlusso {
    /// `None` when it is no name of a flow. The date in it is not looked at: PSPs get it wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        ((1..=35).contains(&text.len()) && text.bytes().all(legal)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdFlusso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `FlowByPSP`: the four names a flow is fetched by, and when it appeared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlussoInElenco {
    pub fdr: IdFlusso,
    pub psp: String,
    pub revisione: u64,
    pub pubblicato: Timestamp,
    pub data_flusso: Option<Timestamp>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elenco {
    pub flussi: Vec<FlussoInElenco>,
    /// Entries that could not be read, with the reason: the others are good all the same.
    pub illeggibili: Vec<&'static str>,
    /// From 1.
    pub pagina: u64,
    pub pagine: u64,
}

/// Of both kinds of pages. The examples of the OpenAPI have its numbers in quotes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawMetadata {
    #[serde(deserialize_with = "integer")]
    pub(super) page_number: u64,
    #[serde(deserialize_with = "integer")]
    pub(super) tot_page: u64,
}

/// `count` is not looked at: the OpenAPI says "in this page", its example the total.
#[derive(Deserialize)]
pub(super) struct RawPage {
    pub(super) metadata: RawMetadata,
    pub(super) data: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawFlow {
    fdr: String,
    psp_id: String,
    #[serde(deserialize_with = "integer")]
    revision: u64,
    published: String,
    flow_date: Option<String>,
}

pub(crate) fn read(body: &[u8]) -> Result<Elenco, &'static str> {
    let page: RawPage = serde_json::from_slice(body).map_err(|_| "not a page of flows")?;
    let (mut flussi, mut illeggibili) = (Vec::new(), Vec::new());
    for raw in &page.data {
        match read_flow(raw) {
            Ok(flusso) => flussi.push(flusso),
            Err(why) => illeggibili.push(why),
        }
    }
    Ok(Elenco { flussi, illeggibili, pagina: page.metadata.page_number, pagine: page.metadata.tot_page })
}

/// What a key of ours can be: JSON can say U+0000, which no XML can, nor a text of PostgreSQL.
pub(super) fn is_name(text: &str) -> bool {
    (1..=35).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn read_flow(raw: &RawValue) -> Result<FlussoInElenco, &'static str> {
    let raw: RawFlow = serde_json::from_str(raw.get()).map_err(|_| "an entry of another shape")?;
    Ok(FlussoInElenco {
        fdr: IdFlusso::parse(&raw.fdr).ok_or("fdr: not the name of a flow")?,
        psp: Some(raw.psp_id).filter(|p| is_name(p)).ok_or("pspId: not 1 to 35 characters, or some that are none")?,
        revisione: Some(raw.revision).filter(|r| *r > 0).ok_or("revision: zero")?,
        pubblicato: instant(&raw.published).ok_or("published: not an instant")?,
        data_flusso: raw.flow_date.as_deref().and_then(instant),
    })
}
