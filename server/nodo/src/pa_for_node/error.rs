//! Why a request cannot be read. Never a value out of it: reasons go to logs.

use super::{Instradamento, Operation};

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No answer of ours can reach who sent this: HTTP 400. Not well-formed, a DOCTYPE or processing instruction, an unknown root,
    /// no Body, an encoding other than UTF-8, over a limit.
    #[error("not a paForNode request: {0}")]
    NotSoap(&'static str),
    /// Well-formed and for a known operation, but not as the XSD says; `reason` names the place and the rule.
    #[error("{}: {reason}", operation.name())]
    Invalid {
        operation: Operation,
        /// When the three identifiers could be read all the same: the fault carries the ente.
        instradamento: Option<Instradamento>,
        reason: String,
    },
}
