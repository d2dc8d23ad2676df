//! The upper half of the notice: what it is for, from whom to whom, how much until when, and where one pays.

use super::foglio::{Foglio, Posto, hn};
use super::look::*;
use super::testi::{IT, Testi, con};
use super::{AvvisoDoc, Dovuto, data, euro};
use crate::pdf::Area;
use crate::pdf::layout::Mark;
use domain::{Importo, Rata};
use krilla::tagging::Tag;

/// `AVVISO.OGGETTO`: as long as pagoPA's specifications let the headline be; below it, it stands whole. Names are not cut by their
/// length, only by their place: in small letters they are still names.
const OGGETTO_MAX: usize = 90;
/// `ENTE.INFO`: what is beyond is left out whole, half an address is none.
const INFO_MAX: usize = 100;

/// Between the end of a section and the heading of the next.
const GAP: i32 = mm(63);

impl Foglio {
    /// The head of a sheet. On the first it is read; what follows repeats it.
    pub(super) fn head(&mut self, doc: &AvvisoDoc<'_>) {
        let seconda = self.seconda_of(|testi| testi.avviso);
        self.is_repeated = self.page.page() > 0;
        // the name of the platform, not its mark: that one is pagoPA's
        self.text(Tag::P, PAGOPA, "pagoPA", Posto::line(LEFT, mm(86), mm(275)));
        self.open(hn(1, "Avviso di pagamento"));
        self.label(TITOLO, (IT.avviso, seconda), Posto::line(mm(290), mm(99), mm(1_100)));
        self.close();
        if doc.di_prova {
            let area = Area { x: LEFT, y: mm(158), width: mm(1_540), height: mm(66) };
            self.page.decoration(vec![Mark::Rect { area, ink: BLACK }]);
            let text = "AMBIENTE DI PROVA: documento senza valore, non c’è nulla da pagare";
            self.text(Tag::P, PROVA, text, Posto::line(LEFT + mm(20), mm(167), mm(1_620)));
        }
        let place = Posto::line(LEFT, mm(238), mm(1_640)).lines(2);
        let y = self.text(Tag::P, OGGETTO, &cut(doc.causale, OGGETTO_MAX), place);
        if let Some(causale) = doc.seconda.and_then(|seconda| seconda.causale) {
            self.in_seconda(&cut(causale, OGGETTO_MAX), Posto::line(LEFT, y + mm(2), mm(1_640)));
        }
        self.emblem(doc);
        self.is_repeated = false;
    }

    /// Upper right, 30 × 30 mm, and in words where there is none.
    fn emblem(&mut self, doc: &AvvisoDoc<'_>) {
        let Some(logo) = doc.creditore.logo else {
            let style = crate::pdf::Style { leading: mm(50), ..INDIRIZZO };
            self.text(Tag::P, style, &doc.ente.nome, Posto::line_to(mm(1_120), mm(91), RIGHT));
            return;
        };
        let (width, height) = logo.within(mm(300));
        let area = Area { x: RIGHT - width, y: mm(100), width, height };
        self.figure(area, Mark::Image { area, image: logo.image() }, format!("Stemma di {}", doc.ente.nome));
    }

    /// From whom, to whom; gives where the next heading stands.
    pub(super) fn parties(&mut self, doc: &AvvisoDoc<'_>) -> i32 {
        let top = mm(457);
        let (ente, destinatario) = (self.pair(|testi| testi.ente_creditore), self.pair(|testi| testi.destinatario));
        self.band(top);
        self.titled(top, LEFT, mm(800), &ente);
        self.text(Tag::P, CODICE_PICCOLO, doc.ente.codice_fiscale.as_str(), Posto::line_to(mm(700), top + mm(3), HALF));
        let name = Posto::line(LEFT, mm(578), HALF).lines(2);
        let mut y = self.text(Tag::P, NOME, &doc.ente.nome, name) + mm(63);
        if let Some(settore) = doc.creditore.settore {
            y = self.text(Tag::P, INDIRIZZO, settore, Posto { y, ..name });
        }
        y += mm(57);
        let info = info(doc);
        if !info.is_empty() {
            y = self.text(Tag::P, TESTO, &info, Posto { y, ..name });
        }

        self.titled(top, COLUMN, mm(1_700), &destinatario);
        let name = Posto::line(COLUMN, mm(578), RIGHT).lines(2);
        let right = match &doc.debitore {
            Some(debitore) => {
                self.text(Tag::P, CODICE_PICCOLO, debitore.codice_fiscale, Posto::line_to(mm(1_650), top + mm(3), RIGHT));
                let y = self.text(Tag::P, NOME, debitore.nome, name) + mm(63);
                let y = self.text(Tag::P, INDIRIZZO, debitore.indirizzo.unwrap_or_default(), Posto { y, ..name }.lines(4));
                self.text(Tag::P, INDIRIZZO, debitore.localita.unwrap_or_default(), Posto { y, ..name })
            }
            None => {
                let seconda = self.seconda_of(|testi| testi.senza_nome);
                self.paragraph(TESTO, IT.senza_nome, seconda, Posto { y: mm(585), ..name }.lines(4))
            }
        };
        // lines are higher than their letters: by so much less is the gap under them. An address of the usual two lines ends at 81 mm
        (y - mm(5)).max(right - mm(9)).max(mm(805)) + GAP
    }

    /// How much, until when, where; gives where the next heading stands.
    pub(super) fn quanto(&mut self, doc: &AvvisoDoc<'_>, top: i32, mostrate: &[usize]) -> i32 {
        let con_scadenza = match doc.dovuto {
            Dovuto::Rate { unica, .. } => unica.is_some_and(|rata| rata.scadenza.is_some()),
            Dovuto::Verbale { .. } | Dovuto::Ridotto { .. } => true,
        };
        let titolo = self.pair(if con_scadenza { |t: &Testi| t.quanto_e_quando } else { |t: &Testi| t.quanto });
        self.band(top);
        self.heading(top, LEFT, mm(1_110), (&titolo.0, titolo.1.as_deref()));
        let left = match doc.dovuto {
            Dovuto::Rate { unica, rate } => self.per_intero(top, unica, rate),
            Dovuto::Verbale { .. } | Dovuto::Ridotto { .. } => self.a_scaglioni(doc, top, mostrate),
        };
        left.max(self.dove(top)) - mm(5) + GAP
    }

    fn per_intero(&mut self, top: i32, unica: Option<&Rata>, rate: &[&Rata]) -> i32 {
        let importo = unica.map(|rata| rata.importo).or_else(|| Importo::sum(rate.iter().map(|rata| rata.importo)));
        let label = self.pair(|testi| testi.importo);
        self.open(Tag::P);
        self.label(ETICHETTA, (&label.0, label.1.as_deref()), Posto::line(LEFT, top + mm(123), mm(700)));
        let amount = format!("{} Euro", euro(importo.unwrap_or_default()));
        self.put(IMPORTO, &amount, Posto::line(LEFT, top + mm(158), mm(690)));
        self.close();
        if let Some(giorno) = unica.and_then(|rata| rata.scadenza) {
            let giorno = data(giorno);
            let entro = self.pair(|testi| testi.entro_il);
            let x = mm(721);
            self.open(Tag::P);
            self.label(ETICHETTA, (&entro.0, entro.1.as_deref()), Posto::line(x, top + mm(123), mm(1_110)));
            self.put(IMPORTO, &giorno, Posto::line(x, top + mm(158), mm(1_050)));
            self.close();
        }
        let note = Posto::line(LEFT + mm(60), top + mm(269), mm(985)).lines(6);
        let mut y = note.y;
        if rate.len() > 1 || (unica.is_some() && !rate.is_empty()) {
            let which = if unica.is_some() { |testi: &Testi| testi.intero_o_rate } else { |testi: &Testi| testi.solo_rate };
            let (it, seconda) = (con(which(&IT), rate.len()), self.seconda_of(which).map(|testo| con(testo, rate.len())));
            self.info(y);
            y = self.paragraph(TESTO, &it, seconda.as_deref(), note) + mm(22);
        }
        let seconda = self.seconda_of(|testi| testi.aggiornato);
        self.info(y);
        self.paragraph(TESTO, IT.aggiornato, seconda, Posto { y, ..note })
    }

    /// What depends on the day one pays: the amounts of this sheet side by side, and how one counts the days where they are counted.
    fn a_scaglioni(&mut self, doc: &AvvisoDoc<'_>, top: i32, mostrate: &[usize]) -> i32 {
        let mut bottom = top;
        for (column, scaglione) in doc.scaglioni().into_iter().enumerate().filter(|(n, _)| mostrate.contains(n)) {
            let x = if mostrate.len() > 1 && column > 0 { mm(570) } else { LEFT };
            let place = Posto::line(x, top + mm(123), x + mm(440)).lines(2);
            self.open(Tag::P);
            self.put(ETICHETTA, &scaglione.nome(&IT), place.lines(1));
            self.put(IMPORTO, &format!("{} Euro", euro(scaglione.rata.importo)), Posto { y: top + mm(168), lines: 1, ..place });
            let mut y = top + mm(248);
            for line in scaglione.termine(&IT) {
                (y, _) = self.put(TESTO, &line, Posto { y, ..place });
            }
            self.close();
            if let Some(lingua) = self.lingua {
                let testi = lingua.testi();
                let text = [scaglione.nome(testi), scaglione.termine(testi).join(" ")].join(", ");
                y = self.in_seconda(&text, Posto { y, lines: 3, ..place });
            }
            bottom = bottom.max(y);
        }
        let place = Posto::line(LEFT + mm(60), bottom + mm(40), HALF).lines(5);
        let mut y = place.y;
        if let Dovuto::Ridotto { .. } = doc.dovuto {
            let seconda = self.seconda_of(|testi| testi.aggiornato);
            self.info(y);
            return self.paragraph(TESTO, IT.aggiornato, seconda, Posto { lines: 6, ..place });
        }
        for question in [
            [|testi: &Testi| testi.scadenze_titolo, |testi: &Testi| testi.scadenze, |_: &Testi| ""],
            [|testi: &Testi| testi.giacenza_titolo, |testi: &Testi| testi.giacenza, |testi: &Testi| testi.giacenza_oltre],
        ] {
            self.info(y);
            for (n, which) in question.into_iter().enumerate().filter(|(_, which)| !which(&IT).is_empty()) {
                let seconda = self.seconda_of(which);
                y = self.paragraph(if n == 0 { FORTE } else { TESTO }, which(&IT), seconda, Posto { y, ..place });
            }
            y += mm(18);
        }
        y
    }

    /// Across the sheet: one of the amounts is right, the other is not.
    pub(super) fn scegli(&mut self, top: i32) -> i32 {
        // in the place of the gap before the next heading, and a little more
        let top = top - GAP + mm(46);
        self.info(top);
        let seconda = self.seconda_of(|testi| testi.scegli);
        self.paragraph(TESTO, IT.scegli, seconda, Posto::line(LEFT + mm(80), top, RIGHT).lines(2)) + mm(59)
    }

    fn dove(&mut self, top: i32) -> i32 {
        let titolo = self.pair(|testi| testi.dove);
        self.heading(top, COLUMN, mm(1_690), (&titolo.0, titolo.1.as_deref()));
        self.open(Tag::P);
        self.put(TESTO, "vai su", Posto::line_to(mm(1_690), top + mm(7), mm(1_784)));
        self.put(TITOLO, "pagopa.gov.it", Posto::line_to(mm(1_790), top, RIGHT));
        self.close();
        // lines break where pagoPA's do
        let place = Posto::line(COLUMN, top + mm(122), mm(1_860)).lines(5);
        let mut y = place.y;
        for (titolo, testo) in [
            (|testi: &Testi| testi.io_titolo, |testi: &Testi| testi.io),
            (|testi: &Testi| testi.territorio_titolo, |testi: &Testi| testi.territorio),
        ] as [(fn(&Testi) -> &'static str, fn(&Testi) -> &'static str); 2]
        {
            let names = (titolo(&IT), self.seconda_of(titolo));
            self.open(Tag::P);
            self.label(CANALE, names, Posto { y, ..place }.lines(1));
            self.close();
            let seconda = self.seconda_of(testo);
            y = self.paragraph(TESTO, testo(&IT), seconda, Posto { y: y + CANALE.leading, ..place }) + mm(38);
        }
        y - mm(38)
    }

    /// A heading in capitals.
    fn titled(&mut self, y: i32, x: i32, right: i32, (it, seconda): &(String, Option<String>)) {
        let seconda = seconda.as_ref().map(|text| text.to_uppercase());
        self.heading(y, x, right, (&it.to_uppercase(), seconda.as_deref()));
    }
}

/// Where one asks: what the ente says of itself, as much as there is room for.
fn info(doc: &AvvisoDoc<'_>) -> String {
    let contatti = &doc.ente.contatti;
    let all = [&contatti.sito, &contatti.email, &contatti.pec, &contatti.telefono];
    let mut info = String::new();
    for contatto in all.into_iter().flatten() {
        let more = format!("{}{contatto}", if info.is_empty() { "" } else { " · " });
        if info.chars().count() + more.chars().count() <= INFO_MAX {
            info.push_str(&more);
        }
    }
    info
}

/// The first characters of a text, up to the end of a word when one ends near; that something is missing is seen.
fn cut(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max - 2).filter(|_| text.chars().count() > max) else { return text.to_owned() };
    let whole = text[..end].rfind(' ').filter(|blank| blank + 20 > end).unwrap_or(end);
    format!("{} …", text[..whole].trim_end_matches([' ', ',', ';', ':', '-']))
}
