//! What the receipt says, from top to bottom.
//!
//! Source: the facts of `ctReceiptV2` in paForNode.xsd that mean something to whoever paid. The legal proof is the RT in XML,
//! which the ente keeps; this paper says so at its foot.

mod look;

use crate::pdf::layout::{Cell, Layout, MARGIN, MEASURE, Mark, Row, is_web_address, rule};
use crate::pdf::write::{About, rect, write};
use crate::pdf::{Area, Style, pt, text};
use crate::{DocumentError, Logo, qr};
use domain::posizione::Rata;
use domain::ricevuta::{SoggettoRicevuta, VersamentoRicevuta};
use domain::{Atto, Ente, Iban, Ricevuta};
use jiff::civil::DateTime;
use krilla::tagging::{BBox, TableHeaderScope, Tag, TagKind};
use look::*;
use std::num::NonZeroU16;

/// Everything a receipt is made from.
#[derive(Clone, Copy, Debug)]
pub struct RicevutaDoc<'a> {
    pub ricevuta: &'a Ricevuta,
    pub ente: &'a Ente,
    pub logo: Option<&'a Logo>,
    /// Name of the service, when the payment was for one.
    pub servizio: Option<&'a str>,
    /// When the RT reached us, civil time of Europe/Rome: also the date of the document.
    pub ricevuta_il: DateTime,
    /// The act this payment is for, when it is for one: years later the number on it is what proves that it was paid.
    pub atto: Option<&'a Atto>,
    /// Address of the page where this payment is verified; a link and a QR code when it is `https://…`.
    pub indirizzo: Option<&'a str>,
    /// Made up, no money moved: the paper says so where nobody can miss it.
    pub di_prova: bool,
}

/// The receipt as PDF/A-2a and PDF/UA-1. The same input gives the same bytes.
///
/// Texts longer than the wire allows are cut with `…`; characters the fonts do not have become `?`.
///
/// # Errors
/// [`DocumentError::NotPaid`] for a KO; [`DocumentError::TooManyVersamenti`] above five; the others when the program is wrong.
pub fn render(doc: &RicevutaDoc<'_>) -> Result<Vec<u8>, DocumentError> {
    let RicevutaDoc { ricevuta, ente, .. } = *doc;
    if !ricevuta.esito_ok {
        return Err(DocumentError::NotPaid);
    }
    if ricevuta.versamenti.len() > Rata::VERSAMENTI_MAX {
        return Err(DocumentError::TooManyVersamenti { max: Rata::VERSAMENTI_MAX, found: ricevuta.versamenti.len() });
    }
    let numero = ricevuta.numero_avviso.grouped();
    // the number first: on a line too narrow for both, the name may go
    let mut page = Layout::new(&format!("Ricevuta di pagamento · Avviso {numero} · {}", ente.nome))?;
    if doc.di_prova {
        page.paragraph(Tag::P.into(), ENTE, "AMBIENTE DI PROVA: documento senza valore, nessun pagamento è avvenuto");
        page.skip(pt(8));
    }
    letterhead(&mut page, doc);
    page.heading(hn(1, "Ricevuta di pagamento"), TITLE, "Ricevuta di pagamento");
    page.skip(pt(10));
    statement(&mut page, ricevuta)?;
    details(&mut page, doc);
    versamenti(&mut page, doc);
    colophon(&mut page, doc)?;
    page.number_pages();

    let about = About {
        title: text::drawable(page.fonts, TITLE.face, &format!("Ricevuta di pagamento, avviso {numero}")),
        author: text::drawable(page.fonts, TITLE.face, &ente.nome),
        date: doc.ricevuta_il,
    };
    write(&page, about)
}

/// The ente, its emblem beside it where it has one.
fn letterhead(page: &mut Layout, doc: &RicevutaDoc<'_>) {
    const SIDE: i32 = pt(40);
    let ente = doc.ente;
    let text = |width| Cell {
        tag: Tag::P.into(),
        x: MARGIN,
        width,
        is_right: false,
        paragraphs: vec![(ENTE, ente.nome.clone()), (NOTE, format!("Codice fiscale {}", ente.codice_fiscale))],
    };
    let Some(logo) = doc.logo else {
        let row = page.compose(vec![text(MEASURE)]);
        page.row(row, 0);
        return underline(page);
    };
    let (width, height) = logo.within(SIDE);
    let area = Area { x: MARGIN + MEASURE - width, y: page.y(), width, height };
    let row = page.compose(vec![text(MEASURE - SIDE - pt(16))]);
    let below = (SIDE - row.height).max(0);
    page.row(row, 0);
    let alt = text::drawable(page.fonts, NOTE.face, &format!("Stemma di {}", ente.nome));
    let bbox = rect(area).map(|place| BBox::new(page.page(), place));
    page.open(Tag::Figure(Some(alt)).with_bbox(bbox).into());
    page.content(vec![Mark::Image { area, image: logo.image() }], None);
    page.close();
    page.skip(below);
    underline(page);
}

fn underline(page: &mut Layout) {
    page.skip(pt(8));
    page.decoration(vec![rule(page.y(), INK, pt(1))]);
    page.skip(pt(22));
}

/// What one looks for first: it is paid, when, how much.
fn statement(page: &mut Layout, ricevuta: &Ricevuta) -> Result<(), DocumentError> {
    const PAD: i32 = pt(18);
    const PANEL_PAD: i32 = pt(14);
    const RADIUS: i32 = pt(16);
    let amount = ricevuta.importo.euro();
    let amount_width = text::width(page.fonts, AMOUNT.face, AMOUNT.size, &amount);
    let right = MARGIN + MEASURE - PAD;
    let left = MARGIN + PAD + 2 * RADIUS + pt(14);
    let sentence = match ricevuta.pagata_il {
        Some(at) => format!("Il pagamento è stato eseguito il {}.", date_time_in_prose(at)),
        None => "Il pagamento è stato eseguito.".to_owned(),
    };
    let done = Cell {
        tag: Tag::P.into(),
        x: left,
        width: right - amount_width - pt(16) - left,
        is_right: false,
        paragraphs: vec![(DONE, "Pagamento eseguito".to_owned()), (SENTENCE, sentence)],
    };
    let paid = Cell {
        tag: Tag::P.into(),
        x: right - amount_width,
        width: amount_width,
        is_right: true,
        paragraphs: vec![(NOTE, "Importo pagato".to_owned()), (AMOUNT, amount)],
    };
    let row = page.compose(vec![done, paid]);
    let height = row.height + 2 * PANEL_PAD;
    page.ensure(height);
    let panel = Area { x: MARGIN, y: page.y(), width: MEASURE, height };
    page.decoration(vec![Mark::Rect { area: panel, ink: TINT }, Mark::Rect { area: Area { width: pt(4), ..panel }, ink: GREEN }]);
    let (x, y) = (MARGIN + PAD + RADIUS, panel.y + height / 2);
    let place = Area { x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS };
    let place = rect(place).ok_or_else(|| DocumentError::Pdf("a figure without a place".to_owned()))?;
    let figure = Tag::Figure(Some("Segno di spunta: pagamento eseguito".to_owned()));
    page.open(figure.with_bbox(Some(BBox::new(page.page(), place))).into());
    page.content(vec![Mark::Check { x, y, radius: RADIUS, ink: GREEN, on: TINT }], None);
    page.close();
    page.row(row, PANEL_PAD);
    page.skip(pt(22));
    Ok(())
}

fn details(page: &mut Layout, doc: &RicevutaDoc<'_>) {
    let RicevutaDoc { ricevuta, servizio, .. } = *doc;
    section(page, "Dettaglio del pagamento", BODY.leading + 2 * ROW_PAD);
    page.open(Tag::Table.with_summary(Some("Dati del pagamento, uno per riga".to_owned())).into());
    fact(page, "Importo", vec![(STRONG, ricevuta.importo.euro())]);
    if let Some(commissione) = ricevuta.commissione {
        fact(page, "Commissione applicata dal PSP", vec![(STRONG, commissione.euro())]);
    }
    if let Some(at) = ricevuta.pagata_il {
        fact(page, "Data e ora del pagamento", vec![(STRONG, date_time(at))]);
    }
    if let Some(servizio) = servizio {
        fact(page, "Servizio", vec![(STRONG, servizio.to_owned())]);
    }
    fact(page, "Causale", vec![(STRONG, ricevuta.descrizione.clone())]);
    if let Some(atto) = doc.atto {
        fact(page, "Atto pagato", vec![(STRONG, atto.to_string())]);
    }
    fact(page, "Numero avviso", vec![(CODE, ricevuta.numero_avviso.grouped())]);
    fact(page, "Identificativo univoco (IUV)", vec![(CODE, ricevuta.iuv.clone())]);
    fact(page, "Identificativo ricevuta (IUR)", vec![(CODE, ricevuta.receipt_id.clone())]);
    fact(page, "Prestatore di servizi (PSP)", vec![(STRONG, ricevuta.psp.nome.clone())]);
    fact(page, "Debitore", soggetto(&ricevuta.debitore));
    if let Some(versante) = &ricevuta.versante {
        fact(page, "Versante", soggetto(versante));
    }
    page.close();
    page.skip(pt(20));
}

fn soggetto(soggetto: &SoggettoRicevuta) -> Vec<(Style, String)> {
    let mut paragraphs = vec![(STRONG, soggetto.nome.clone())];
    if !soggetto.identificativo.is_empty() {
        paragraphs.push((CODE_SMALL, format!("C.F. {}", soggetto.identificativo)));
    }
    paragraphs
}

/// A row of the table of facts; nothing when there is nothing to say.
fn fact(page: &mut Layout, label: &str, value: Vec<(Style, String)>) {
    const LABEL_WIDTH: i32 = pt(168);
    let x = MARGIN + LABEL_WIDTH + pt(10);
    let label = Cell {
        tag: Tag::TH(TableHeaderScope::Row).into(),
        x: MARGIN,
        width: LABEL_WIDTH,
        is_right: false,
        paragraphs: vec![(BODY, label.to_owned())],
    };
    let value = Cell { tag: Tag::TD.into(), x, width: MARGIN + MEASURE - x, is_right: false, paragraphs: value };
    let row = page.compose(vec![label, value]);
    if !row.has_empty_cell() {
        table_row(page, row);
    }
}

/// Where the money went: the columns of the table of transfers.
fn versamenti(page: &mut Layout, doc: &RicevutaDoc<'_>) {
    const GAP: i32 = pt(12);
    const IMPORTO: i32 = pt(84);
    const ENTE: i32 = pt(212);
    const CAUSALE: i32 = MEASURE - ENTE - IMPORTO - 2 * GAP;
    let columns = [(MARGIN, ENTE, false), (MARGIN + ENTE + GAP, CAUSALE, false), (MARGIN + MEASURE - IMPORTO, IMPORTO, true)];
    let cells = |tag: &dyn Fn() -> TagKind, paragraphs: [Vec<(Style, String)>; 3]| -> Vec<Cell> {
        let cell = |((x, width, is_right), paragraphs)| Cell { tag: tag(), x, width, is_right, paragraphs };
        columns.into_iter().zip(paragraphs).map(cell).collect()
    };
    let head = ["Ente e accredito", "Causale", "Importo"].map(|title| vec![(HEAD, title.to_owned())]);
    let head = page.compose(cells(&|| Tag::TH(TableHeaderScope::Column).into(), head));
    let rows = doc.ricevuta.versamenti.iter().map(|versamento| {
        let importo = vec![(STRONG, versamento.importo.euro())];
        page.compose(cells(
            &|| Tag::TD.into(),
            [beneficiario(doc, versamento), vec![(BODY, versamento.causale.clone())], importo],
        ))
    });
    let rows: Vec<Row> = rows.collect();
    let Some(first) = rows.first() else { return };
    section(page, "Versamenti", head.height + first.height + 4 * ROW_PAD);
    page.open(Tag::Table.with_summary(Some("Enti che ricevono il pagamento, con causale e importo".to_owned())).into());
    page.open(Tag::THead.into());
    table_row(page, head);
    page.close();
    page.open(Tag::TBody.into());
    for row in rows {
        table_row(page, row);
    }
    page.close();
    page.close();
    page.skip(pt(20));
}

fn beneficiario(doc: &RicevutaDoc<'_>, versamento: &VersamentoRicevuta) -> Vec<(Style, String)> {
    // V1 receipts have no `companyName` per transfer: those of the two enti we know are told, others by their code alone
    let nome = match &versamento.nome_ente {
        Some(nome) => Some(nome.as_str()),
        None if versamento.ente == doc.ricevuta.ente => Some(doc.ricevuta.nome_ente.as_str()),
        None if versamento.ente == doc.ente.codice_fiscale => Some(doc.ente.nome.as_str()),
        None => None,
    };
    let accredito = match versamento.iban.as_deref() {
        // an IBAN our rules refuse was credited all the same: it is shown as it came
        Some(iban) => (CODE_SMALL, Iban::parse(iban).map_or_else(|_| iban.to_owned(), |iban| iban.grouped())),
        None => (NOTE, "Marca da bollo digitale".to_owned()),
    };
    let mut paragraphs: Vec<(Style, String)> = nome.map(|nome| (STRONG, nome.to_owned())).into_iter().collect();
    paragraphs.extend([(CODE_SMALL, format!("C.F. {}", versamento.ente)), accredito]);
    paragraphs
}

fn colophon(page: &mut Layout, doc: &RicevutaDoc<'_>) -> Result<(), DocumentError> {
    /// 28 mm: half a millimetre a module for an address of a hundred characters.
    const SIDE: i32 = pt(79);
    let note = format!(
        "Documento generato da Sportello per {}, in base alla ricevuta telematica pervenuta il {}. La ricevuta telematica (RT) \
         in formato XML è conservata dall’ente.",
        doc.ente.nome,
        date_time_in_prose(doc.ricevuta_il)
    );
    let code = doc.indirizzo.filter(|indirizzo| is_web_address(indirizzo)).map(qr::address).transpose()?;
    let width = if code.is_some() { MEASURE - SIDE - pt(20) } else { MEASURE };
    let row = page.compose(vec![Cell { tag: Tag::P.into(), x: MARGIN, width, is_right: false, paragraphs: vec![(NOTE, note)] }]);
    page.ensure(SIDE.max(row.height + pt(40)));
    let top = page.y();
    page.row(row, 0);
    let Some(indirizzo) = doc.indirizzo.filter(|indirizzo| !text::drawable(page.fonts, NOTE.face, indirizzo).is_empty()) else {
        return Ok(());
    };
    page.skip(pt(6));
    let how = if code.is_some() {
        "Per verificare questa ricevuta inquadra il codice QR, o apri questa pagina:"
    } else {
        "Per verificare questa ricevuta apri questa pagina:"
    };
    let row = page.compose(vec![Cell {
        tag: Tag::P.into(),
        x: MARGIN,
        width,
        is_right: false,
        paragraphs: vec![(NOTE, how.to_owned())],
    }]);
    page.row(row, 0);
    page.link((indirizzo, CODE_SMALL), width);
    if let Some(modules) = code {
        let module = SIDE / i32::try_from(modules.width()).unwrap_or(SIDE).max(1);
        let side = module * i32::try_from(modules.width()).unwrap_or(0);
        let (x, y) = (MARGIN + MEASURE - side, top + pt(3));
        let place = rect(Area { x, y, width: side, height: side });
        let figure = Tag::Figure(Some("Codice QR: apre la pagina che verifica questa ricevuta".to_owned()));
        page.open(figure.with_bbox(place.map(|place| BBox::new(page.page(), place))).into());
        page.content(vec![Mark::Code { x, y, module, modules }], None);
        page.close();
    }
    Ok(())
}

/// A heading that does not stay behind alone: `following` is the height of what must stand on the same page.
fn section(page: &mut Layout, title: &str, following: i32) {
    page.ensure(SECTION.leading + pt(4) + following);
    page.heading(hn(2, title), SECTION, title);
    page.skip(pt(4));
    page.hairline();
}

fn table_row(page: &mut Layout, row: Row) {
    page.open(Tag::TR.into());
    page.row(row, ROW_PAD);
    page.close();
    page.hairline();
}

fn hn(level: u16, title: &str) -> TagKind {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title.to_owned())).into()
}

/// `12/03/2026 10:31`, as forms write it.
fn date_time(at: DateTime) -> String {
    at.strftime("%d/%m/%Y %H:%M").to_string()
}

fn date_time_in_prose(at: DateTime) -> String {
    at.strftime("%d/%m/%Y alle %H:%M").to_string()
}
