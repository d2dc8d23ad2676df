//! A digital revenue stamp that is worth nothing: what a receipt carries as `MBDAttachment`.
//!
//! Source: MarcaDaBollo.xsd of the Agenzia delle Entrate. The real one is signed (XAdES); this one has no signature, and says so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Importo;
use jiff::civil::DateTime;

/// Base64 of the XML. `hash_documento` comes from a getPayment answer that was judged: base64, safe inside XML.
pub(crate) fn fake(receipt_id: &str, hash_documento: &str, importo: Importo, bought: DateTime) -> String {
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- Ambiente di prova: marca da bollo senza firma e senza valore -->
<marcaDaBollo xmlns="http://www.agenziaentrate.gov.it/2014/MarcaDaBollo" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><PSP><CodiceFiscale>{cf}</CodiceFiscale><Denominazione>{nome}</Denominazione></PSP><IUBD>{iubd}</IUBD><OraAcquisto>{bought}</OraAcquisto><Importo>{importo}</Importo><TipoBollo>01</TipoBollo><ImprontaDocumento><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{hash}</ds:DigestValue></ImprontaDocumento></marcaDaBollo>"#,
        cf = crate::ricevuta::PSP_CODICE_FISCALE,
        nome = crate::ricevuta::PSP_NOME,
        // 14 characters, as the stamps in circulation have
        iubd = receipt_id.chars().filter(char::is_ascii_alphanumeric).take(14).collect::<String>(),
        importo = importo.to_wire(),
        hash = hash_documento,
    );
    STANDARD.encode(xml)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stamp_names_its_document_and_its_price() {
        let now = jiff::civil::date(2026, 3, 2).at(9, 30, 0, 0);
        let attachment = fake("0123456789abcdef0123", "dGVzdA==", Importo::of_cents(1_600), now);
        let xml = String::from_utf8(STANDARD.decode(attachment).unwrap()).unwrap();
        for part in ["<IUBD>0123456789abcd</IUBD>", ">dGVzdA==<", ">16.00<", "<OraAcquisto>2026-03-02T09:30:00<"] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
    }
}
