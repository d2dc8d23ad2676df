//! I1, and what the receipts themselves tell for I2 and I3.

use super::{PAGE, Prova, Rotture};
use crate::{PortalError, ids, registro};
use domain::Ricevuta;
use std::collections::HashMap;
use store::{Conteggio, EsitoInbox, FattiLedger, FattiRicevuta, RigaLedger, Store};

pub(super) struct Ricevute {
    pub somma: Prova,
    /// For I3: receipts and their links.
    pub stored: Rotture,
    /// For I2: receipts and the messages they were read from.
    pub prove: Rotture,
}

pub(super) async fn prove(store: &Store) -> Result<Ricevute, PortalError> {
    let (mut somma, mut chained, mut stored) = (Rotture::default(), Rotture::default(), Rotture::default());
    let (mut count, mut cents, mut ledger_cents) = (0_u64, 0_i128, 0_i128);
    let mut last = 0;
    loop {
        let page = store.fatti_ricevute(last, PAGE).await?;
        let Some(end) = page.last() else { break };
        let mut lines: HashMap<String, Vec<FattiLedger>> = HashMap::new();
        for line in store.fatti_ledger(last, end.seq).await? {
            ledger_cents += i128::from(line.importo_cents);
            lines.entry(line.ricevuta_id.clone()).or_default().push(line);
        }
        last = end.seq;
        for row in &page {
            count += 1;
            content(row, &mut chained);
            stored.unless(row.inbox_sha256.is_some(), format_args!("receipt {}: its message is gone", row.id));
            let accepted = row.inbox_esito.as_deref() == Some(EsitoInbox::Accettato.as_str());
            stored.unless(accepted, format_args!("receipt {}: its message was not accepted", row.id));
            let Ok(ricevuta) = serde_json::from_str::<Ricevuta>(&row.contenuto) else {
                chained.add(format_args!("receipt {}: cannot be read", row.id));
                continue;
            };
            let counts = if ricevuta.esito_ok { i128::from(row.importo_cents) } else { 0 };
            cents += counts;
            let own: Vec<_> = lines.remove(&row.id).unwrap_or_default();
            let sum: i128 = own.iter().map(|line| i128::from(line.importo_cents)).sum();
            somma.unless(sum == counts, format_args!("receipt {}: {counts} cents, ledger {sum}", row.id));
            let own: Vec<_> = own
                .into_iter()
                .map(|FattiLedger { indice, beneficiario, importo_cents, .. }| RigaLedger { indice, beneficiario, importo_cents })
                .collect();
            somma.unless(
                same_lines(own, registro::righe(&ricevuta)?),
                format_args!("receipt {}: other lines in the ledger", row.id),
            );
            chained.unless(row.importo_cents == ricevuta.importo.cents(), format_args!("receipt {}: two amounts", row.id));
        }
    }
    somma.none(store.count(Conteggio::LedgerSenzaRicevuta).await?, "lines of the ledger without a receipt");
    let figura = format!("{count} receipts {cents} cents, ledger {ledger_cents} cents, difference {}", cents - ledger_cents);
    let somma = somma.prova("I1", "every cent is accounted for", figura);
    Ok(Ricevute { somma, stored: chained, prove: stored })
}

fn same_lines(mut found: Vec<RigaLedger>, mut expected: Vec<RigaLedger>) -> bool {
    found.sort_by_key(|line| line.indice);
    expected.sort_by_key(|line| line.indice);
    found == expected
}

fn content(row: &FattiRicevuta, broken: &mut Rotture) {
    broken.unless(
        ids::sha256_hex(row.contenuto.as_bytes()) == row.contenuto_sha256,
        format_args!("receipt {}: other content", row.id),
    );
    match &row.digest {
        None => broken.add(format_args!("receipt {}: no link", row.id)),
        Some(digest) => broken.unless(*digest == registro::digest_ricevuta(row), format_args!("receipt {}: other row", row.id)),
    }
}
