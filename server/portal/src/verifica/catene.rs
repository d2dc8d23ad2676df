//! I3, I11, I12: the chains, link by link.

use super::{PAGE, Prova, Rotture};
use crate::PortalError;
use crate::registro::{self, AUDIT};
use store::{Conteggio, Store};

pub(super) struct Catene {
    /// I3 and I12.
    pub ricevute: (Prova, Prova),
    /// I11.
    pub audit: Prova,
}

/// `receipts`: what was found broken about the receipts that the links stand for, and what else never changes; `beside`: how much of
/// that there is.
pub(super) async fn prove(store: &Store, mut receipts: Rotture, beside: &str) -> Result<Catene, PortalError> {
    let (mut audit, mut gaps) = (Rotture::default(), Rotture::default());
    let (mut chains, mut links, mut audited) = (0_u64, 0_u64, 0_u64);
    for end in store.catene().await? {
        let broken = if end.nome == AUDIT { &mut audit } else { &mut receipts };
        let (mut seq, mut before) = (0, "0".repeat(64));
        // what was added since the end was read is for the next time
        while seq < end.seq {
            let page = store.anelli(&end.nome, seq, PAGE).await?;
            if page.is_empty() {
                break;
            }
            for link in page.into_iter().filter(|link| link.seq <= end.seq) {
                gaps.unless(link.seq == seq + 1, format_args!("{} jumps from {seq} to {}", end.nome, link.seq));
                let hash = registro::hash(&before, &link.catena, link.seq, &link.soggetto, &link.digest);
                broken.unless(hash == link.hash, format_args!("{} {}: another hash", end.nome, link.seq));
                if end.nome == AUDIT {
                    audited += 1;
                    let row = store.audit(&link.soggetto).await?;
                    let same = row.is_some_and(|row| registro::digest_audit(&row) == link.digest);
                    broken.unless(same, format_args!("audit {}: gone or changed", link.soggetto));
                } else {
                    links += 1;
                }
                (seq, before) = (link.seq, link.hash);
            }
        }
        chains += 1;
        broken.unless(seq == end.seq && before == end.hash, format_args!("{} ends at {seq} instead of {}", end.nome, end.seq));
    }
    receipts.none(store.count(Conteggio::AnelliSenzaRicevuta).await?, "links without a receipt");
    audit.none(store.count(Conteggio::AnelliSenzaAudit).await?, "links without an audit row");
    audit.none(store.count(Conteggio::AuditSenzaAnello).await?, "audit rows without a link");
    Ok(Catene {
        ricevute: (
            receipts.prova("I3", "what was written stays", format!("{links} links of {chains} chains, {beside}")),
            gaps.prova("I12", "what is ordered counts without gaps", format!("{} links", links + audited)),
        ),
        audit: audit.prova("I11", "the audit is only added to", format!("{audited} rows")),
    })
}
