//! A flow of a PSP (flusso di rendicontazione, FdR): which payments it credited with one transfer of money.
//!
//! Source: fdr_organization.json 1.2.4, "Specifiche attuative dei codici identificativi" 3.2.1.

use crate::transitions::{Edge, Table};
use serde::{Deserialize, Serialize};

/// Where a flow stands with us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoFlusso {
    /// It is in the list of the platform; its rows are not here yet.
    Elencato,
    /// Every row was read, and together they are what the flow says of itself.
    Completo,
    /// All pages are here, and they do not add up to what the flow says of itself: its money is real all the same.
    Incompleto,
    /// A higher revision took its place.
    Superato,
}

/// What moves a [`StatoFlusso`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventoFlusso {
    /// Its rows came, and add up.
    Quadra,
    /// Its rows came, and do not.
    NonQuadra,
    /// A higher revision was listed.
    Supera,
}

use EventoFlusso as E;
use StatoFlusso as S;

const fn edge(from: S, event: E, to: S) -> Edge<S, E> {
    Edge { from, event, to }
}

/// The lifecycle of a flow. What does not add up is mended by the PSP, with a higher revision.
pub static TRANSIZIONI: Table<S, E> = Table {
    name: "flusso",
    states: &[S::Elencato, S::Completo, S::Incompleto, S::Superato],
    initial: S::Elencato,
    finals: &[S::Completo, S::Superato],
    edges: &[
        edge(S::Elencato, E::Quadra, S::Completo),
        edge(S::Elencato, E::NonQuadra, S::Incompleto),
        edge(S::Elencato, E::Supera, S::Superato),
        edge(S::Completo, E::Supera, S::Superato),
        edge(S::Incompleto, E::Supera, S::Superato),
    ],
};
