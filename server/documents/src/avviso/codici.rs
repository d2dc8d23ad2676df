//! The lower half: what is scanned or typed. For the whole amount, for instalments two or three in a row, for Poste.

use super::foglio::{Foglio, Posto};
use super::look::*;
use super::testi::{IT, Testi, con};
use super::{AvvisoDoc, Postale, data, euro};
use crate::datamatrix::{self, Bollettino};
use crate::{DocumentError, qr};
use domain::{Opzione, QrAvviso, Rata};
use krilla::tagging::Tag;

/// 33 modules of 43 twips: 25.03 mm, where pagoPA asks for 25.
const MODULE: i32 = 43;
/// Three in a row: 19.8 mm, as pagoPA prints them.
const MODULE_SMALL: i32 = 34;
/// pagoPA prints the Data Matrix 23 mm wide, however many modules it has.
const DATA_MATRIX: i32 = mm(230);

/// A code of the whole width.
pub(super) struct Blocco<'a> {
    pub(super) titolo: (String, Option<String>),
    /// On the right of its heading.
    pub(super) quando: (String, Option<String>),
    pub(super) rata: &'a Rata,
}

/// How dense a row of instalments and its bollettini are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passo {
    Largo,
    Stretto,
}

impl Foglio {
    /// How high [`Foglio::dati`] will be.
    pub(super) fn dati_height(&self) -> i32 {
        if self.lingua.is_some() { mm(590) } else { mm(513) }
    }

    /// The data of one payment.
    pub(super) fn dati(&mut self, doc: &AvvisoDoc<'_>, top: i32, blocco: &Blocco<'_>) -> Result<i32, DocumentError> {
        let x = mm(590);
        let (titolo, quando) = (&blocco.titolo, &blocco.quando);
        self.band(top);
        let end = self.heading(top, LEFT, mm(1_300), (&titolo.0, titolo.1.as_deref()));
        self.open(Tag::P);
        self.label(A_FIANCO, (&quando.0, quando.1.as_deref()), Posto::line_to(end + mm(30), top, RIGHT));
        self.close();
        self.qr(doc, blocco.rata, (LEFT, top + mm(123)), MODULE)?;
        let seconda = self.seconda_of(|testi| testi.inquadra_accanto);
        self.paragraph(TESTO, IT.inquadra_accanto, seconda, Posto::line(LEFT, top + mm(422), mm(538)).lines(3));

        self.open(Tag::P);
        let amount = euro(blocco.rata.importo);
        let width = crate::pdf::text::width(self.page.fonts, CIFRE.face, CIFRE.size, &amount);
        self.put(A_FIANCO, "Euro", Posto::line_to(mm(1_400), top + mm(132), RIGHT - width - mm(8)));
        self.put(CIFRE, &amount, Posto::line_to(mm(1_500), top + mm(121), RIGHT));
        self.close();
        let nome = doc.debitore.as_ref().map(|debitore| debitore.nome);
        for (which, value, at, right) in [
            ((|testi: &Testi| testi.destinatario) as fn(&Testi) -> &'static str, nome, 120, mm(1_520)),
            (|testi| testi.ente_creditore, Some(doc.ente.nome.as_str()), 213, RIGHT),
            (|testi| testi.oggetto, Some(doc.causale), 306, RIGHT),
        ] {
            let Some(value) = value else { continue };
            let label = (which(&IT), self.seconda_of(which));
            self.fact(label, Posto::line(x, top + mm(at), right), (TESTO, value), mm(37));
        }
        let (y, numero) = (top + mm(419), blocco.rata.numero.grouped());
        if let Some(cbill) = doc.creditore.cbill {
            let label = (IT.cbill, self.seconda_of(|testi| testi.cbill));
            self.fact(label, Posto::line(x, y, mm(930)), (CODICE, cbill), mm(48));
        }
        let label = (IT.codice, self.seconda_of(|testi| testi.codice));
        self.fact(label, Posto::line(mm(942), y, mm(1_445)), (CODICE, &numero), mm(48));
        let label = (IT.codice_fiscale, self.seconda_of(|testi| testi.codice_fiscale));
        self.fact(label, Posto::line_to(mm(1_450), y, RIGHT), (CODICE, doc.ente.codice_fiscale.as_str()), mm(48));
        Ok(top + self.dati_height())
    }

    /// How high a row of instalments will be.
    pub(super) fn rate_height(&self, passo: Passo) -> i32 {
        let more = if self.lingua.is_some() { mm(32) } else { 0 };
        more + if passo == Passo::Largo { mm(767) } else { mm(790) }
    }

    /// Two or three instalments side by side. `is_short` leaves out what stands in the bollettini under them.
    pub(super) fn rate(&mut self, doc: &AvvisoDoc<'_>, top: i32, rate: &[&Rata], is_short: bool) -> Result<i32, DocumentError> {
        let passo = passo(rate);
        self.band(top);
        let columns: &[(i32, i32)] = match passo {
            Passo::Largo => &[(LEFT, HALF), (mm(1_110), RIGHT)],
            Passo::Stretto => &[(LEFT, mm(653)), (mm(773), mm(1_327)), (mm(1_447), RIGHT)],
        };
        for (&rata, &(x, right)) in rate.iter().zip(columns) {
            self.rata(doc, top, rata, (x, right), (passo, is_short))?;
        }
        Ok(if is_short { top + mm(584) } else { top + self.rate_height(passo) })
    }

    fn rata(
        &mut self,
        doc: &AvvisoDoc<'_>,
        top: i32,
        rata: &Rata,
        (x, right): (i32, i32),
        (passo, is_short): (Passo, bool),
    ) -> Result<(), DocumentError> {
        // heights of pagoPA's papers, under the heading: date, code, ente's codes, subject, ente, instruction
        let [entro, codice, codici, oggetto, ente, inquadra] = match passo {
            Passo::Largo => [205, 306, 409, 528, 620, 734],
            Passo::Stretto => [218, 332, 435, 554, 647, if is_short { 555 } else { 761 }],
        };
        let line = |at: i32| Posto::line(x, top + mm(at), right);
        let numero = numero(rata);
        let titolo = (con(IT.rata, numero), self.seconda_of(|testi| testi.rata).map(|testo| con(testo, numero)));
        self.heading(top, x, right, (&titolo.0, titolo.1.as_deref()));
        let module = if passo == Passo::Largo { MODULE } else { MODULE_SMALL };
        self.qr(doc, rata, (right - 33 * module, top + mm(101)), module)?;
        let beside_qr = right - 33 * module - mm(30);
        self.fact(("Euro", None), Posto { width: beside_qr - x, ..line(102) }, (CODICE, &euro(rata.importo)), mm(37));
        if let Some(giorno) = rata.scadenza {
            let label = ("Entro il", self.seconda_of(|testi| testi.entro_il));
            self.fact(label, Posto { width: beside_qr - x, ..line(entro) }, (CODICE, &data(giorno)), mm(37));
        }
        let label = (IT.codice, self.seconda_of(|testi| testi.codice));
        self.fact(label, line(codice), (CODICE, &rata.numero.grouped()), mm(36));
        let ente_code = doc.ente.codice_fiscale.as_str();
        self.fact((IT.codice_fiscale, None), Posto { width: mm(325), ..line(codici) }, (CODICE, ente_code), mm(37));
        if let Some(cbill) = doc.creditore.cbill {
            let place = Posto::line(x + mm(333), top + mm(codici), right);
            self.fact((IT.cbill, None), place, (CODICE, cbill), mm(37));
        }
        if !is_short {
            let label = (IT.oggetto, self.seconda_of(|testi| testi.oggetto));
            self.fact(label, line(oggetto), (TESTO, doc.causale), mm(38));
            let label = (IT.ente_creditore, self.seconda_of(|testi| testi.ente_creditore));
            self.fact(label, line(ente), (TESTO, &doc.ente.nome), mm(38));
        }
        let (style, which): (_, fn(&Testi) -> &'static str) = match passo {
            Passo::Largo => (TESTO, |testi| testi.inquadra_sopra),
            Passo::Stretto => (PICCOLO, |testi| testi.inquadra_breve),
        };
        let seconda = self.seconda_of(which).filter(|_| !is_short);
        self.paragraph(style, which(&IT), seconda, line(inquadra));
        Ok(())
    }

    /// The bollettino of Poste, in Italian alone: its words are those that Poste authorised.
    pub(super) fn bollettino(
        &mut self,
        doc: &AvvisoDoc<'_>,
        postale: &Postale<'_>,
        top: i32,
        (quando, rata, passo): (&str, &Rata, Passo),
    ) -> Result<i32, DocumentError> {
        let (x, right) = (mm(590), mm(1_690));
        // heights of pagoPA's papers, under the heading
        let [conto, intestato, destinatario, oggetto, testo, codici, aut, matrix] = match passo {
            Passo::Largo => [128, 255, 311, 363, 390, 461, 581, 283],
            Passo::Stretto => [107, 215, 268, 324, 329, 419, 499, 245],
        };
        let line = |at: i32| Posto::line(x, top + mm(at), right);
        self.band(top);
        self.heading(top, LEFT, mm(1_000), ("BOLLETTINO POSTALE PA", None));
        self.text(Tag::P, A_FIANCO, quando, Posto::line_to(mm(1_050), top, RIGHT));
        self.text(Tag::P, CANALE, "BancoPosta", Posto::line(LEFT, top + mm(conto + 12), mm(540)));

        self.open(Tag::P);
        self.put(A_FIANCO, "sul C/C n.", Posto::line(mm(690), top + mm(conto + 12), mm(840)));
        self.put(CIFRE, &format!("{:0>12}", postale.conto), Posto::line(mm(848), top + mm(conto), mm(1_250)));
        let amount = euro(rata.importo);
        let width = crate::pdf::text::width(self.page.fonts, CIFRE.face, CIFRE.size, &amount);
        self.put(A_FIANCO, "Euro", Posto::line_to(mm(1_300), top + mm(conto + 12), RIGHT - width - mm(20)));
        self.put(CIFRE, &amount, Posto::line_to(mm(1_400), top + mm(conto), RIGHT));
        self.close();
        let nome = doc.debitore.as_ref().map_or("", |debitore| debitore.nome);
        for (at, text) in [
            (intestato, format!("Intestato a {}", postale.intestatario)),
            (destinatario, format!("Destinatario {}", nome)),
            (oggetto, format!("Oggetto pagamento {}", doc.causale)),
        ] {
            self.text(Tag::P, TESTO, &text, line(at));
        }
        let testo_postale = "Bollettino Postale pagabile in tutti gli Uffici Postali e sui canali fisici o digitali abilitati di Poste \
                             Italiane e dell’Ente Creditore";
        self.text(Tag::P, TESTO, testo_postale, Posto::line(LEFT, top + mm(testo), mm(515)).lines(4));
        for (label, value, at, right) in
            [(IT.codice, rata.numero.grouped(), x, mm(1_100)), ("Tipo", "P1".to_owned(), mm(1_157), mm(1_260))]
        {
            self.fact((label, None), Posto::line(at, top + mm(codici), right), (CODICE, &value), mm(46));
        }
        let place = Posto::line_to(mm(1_350), top + mm(codici), mm(1_685));
        self.fact(("Cod. Fiscale Ente Creditore", None), place, (CODICE, doc.ente.codice_fiscale.as_str()), mm(46));
        let aut = Posto::line(LEFT, top + mm(aut), mm(545));
        self.text(Tag::P, SECONDA, postale.autorizzazione, aut);

        let modules = datamatrix::modules(&Bollettino {
            numero: &rata.numero,
            conto: postale.conto,
            importo: rata.importo,
            ente: &doc.ente.codice_fiscale,
            codice_fiscale: doc.debitore.as_ref().map_or("", |debitore| debitore.codice_fiscale),
            nome,
            causale: doc.causale,
        })?;
        let module = DATA_MATRIX / i32::try_from(modules.width()).unwrap_or(DATA_MATRIX).max(1);
        let side = module * i32::try_from(modules.width()).unwrap_or(0);
        let alt = format!("Codice Data Matrix del bollettino postale dell’avviso {}", rata.numero.grouped());
        self.code(RIGHT - side, top + mm(matrix), module, modules, alt);
        Ok(top + if passo == Passo::Largo { mm(610) } else { mm(528) })
    }

    fn qr(&mut self, doc: &AvvisoDoc<'_>, rata: &Rata, (x, y): (i32, i32), module: i32) -> Result<(), DocumentError> {
        let (numero, ente, importo) = (rata.numero.clone(), doc.ente.codice_fiscale.clone(), rata.importo);
        let alt = format!("Codice QR dell’avviso di pagamento {}, {}", numero.grouped(), importo.euro());
        let modules = qr::modules(&QrAvviso { numero, ente, importo })?;
        self.code(x, y, module, modules, alt);
        Ok(())
    }
}

/// Three instalments stand closer than two.
pub(super) fn passo(rate: &[&Rata]) -> Passo {
    if rate.len() > 2 { Passo::Stretto } else { Passo::Largo }
}

/// Which instalment it is.
pub(super) fn numero(rata: &Rata) -> usize {
    match rata.opzione {
        Opzione::Rata { numero, .. } => numero.into(),
        Opzione::Unica => 1,
    }
}
