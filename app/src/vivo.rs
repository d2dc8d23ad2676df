//! The form of a service while it is filled in: it shows and hides what depends on what was typed, says what is wrong when a field is
//! left, adds rows, and reckons the amount; by the very function that the server will ask. Everything it moves stands in the page: it
//! makes no HTML of its own but copies of rows that are there in a template.
//!
//! No island of leptos but a module by itself (`pkg/modulo.wasm`): the one page with such a form loads it instead of the islands, and no other
//! page carries what evaluates forms.

use crate::texts::frasi::{Frase, Frasi};
use crate::texts::numeri;
use domain::Reason;
use domain::bollo::Lettura;
use domain::modulo::{AZIONE, Esame, EsitoCampo, Motivo, Piano, Valore, Valori, parse_day};
use jiff::civil::Date;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, File, FileReader, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement,
    HtmlTemplateElement, NodeList,
};

/// In milliseconds. A message moves what stands below it. Shown at once, it would pull the button away from under the very click that left the field.
const AFTER_A_CLICK: i32 = 400;
/// The amount is read aloud: not after each digit.
const AFTER_A_WORD: i32 = 600;
/// A field shows another, that one a third: what a form of twenty sections can chain, and no more than that.
const ROUNDS_MAX: usize = 20;
/// So much of a document at once: some milliseconds of a phone, between which the page is drawn.
const SLICE: i32 = 1 << 20;
/// The row of a template: the number that `pages::modulo` gives it.
const RIGA_MODELLO: &str = "9999";

struct Vivo {
    form: HtmlFormElement,
    piano: Piano,
    oggi: Date,
    frasi: Frasi,
    /// Fields that somebody has typed into and left.
    left: RefCell<Vec<String>>,
    /// Documents that are being read.
    reading: Cell<u32>,
    /// Whether the form was sent meanwhile: it goes once they are read.
    sent: Cell<bool>,
    /// How often something was typed: what is shown later is shown if it is still so.
    typed: Cell<u32>,
}

/// A document on its way to its digest.
struct Documento {
    input: HtmlInputElement,
    /// The field of the digest.
    path: String,
    file: File,
    at: i32,
    lettura: Lettura,
}

/// Called by itself once the module is there. The form brings its plan (`domain::modulo::Piano`, encoded) and the day in Europe/Rome.
#[wasm_bindgen(start)]
pub fn start() {
    let Some(form) = by_id("modulo").and_then(|element| element.dyn_into::<HtmlFormElement>().ok()) else { return };
    let piano = form.get_attribute("data-piano").and_then(|piano| Piano::decode(&piano));
    let oggi = form.get_attribute("data-oggi").and_then(|oggi| parse_day(&oggi));
    let (Some(piano), Some(oggi)) = (piano, oggi) else { return };
    // a file never leaves: what is sent is its digest
    let _ = form.remove_attribute("enctype");
    let vivo = Rc::new(Vivo {
        form,
        piano,
        oggi,
        frasi: Frasi::of_page(),
        left: RefCell::default(),
        reading: Cell::new(0),
        sent: Cell::new(false),
        typed: Cell::new(0),
    });
    let on_event = {
        let vivo = vivo.clone();
        Closure::<dyn FnMut(Event)>::new(move |event: Event| vivo.clone().on(&event))
    };
    for kind in ["input", "change", "click", "submit"] {
        // refused only where there is no window any more
        let _ = vivo.form.add_event_listener_with_callback(kind, on_event.as_ref().unchecked_ref());
    }
    // as long as the page
    on_event.forget();
    if let Some(again) = find(&vivo.form, "[data-aggiorna]") {
        hide(&again, true);
    }
    vivo.refresh(None);
    vivo.total();
    focus_on_errors();
}

/// A page that came back begins with what is wrong, unless somebody has begun to type.
fn focus_on_errors() {
    let Some(document) = document() else { return };
    let at_rest = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
    if at_rest && let Ok(Some(summary)) = document.query_selector(".error-summary") {
        focus(&summary);
    }
}

impl Vivo {
    fn on(self: Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if target.has_attribute("data-impronta") {
            if let ("change", Ok(input)) = (event.type_().as_str(), target.dyn_into()) {
                self.choose(input);
            }
            return;
        }
        let name = target.get_attribute("name").unwrap_or_default();
        match event.type_().as_str() {
            "submit" => {
                if self.reading.get() > 0 {
                    event.prevent_default();
                    self.sent.set(true);
                }
            }
            "click" => {
                if let Ok(Some(button)) = target.closest("button") {
                    self.press(&button, event);
                }
            }
            "input" => {
                self.refresh(Some(&name));
                self.total_soon();
            }
            _ => {
                self.refresh(Some(&name));
                self.total_soon();
                set_timeout(
                    move || {
                        self.left.borrow_mut().push(name);
                        self.refresh(None);
                    },
                    AFTER_A_CLICK,
                );
            }
        }
    }

    /// The buttons that add a row and take one away.
    fn press(self: Rc<Self>, button: &Element, event: &Event) {
        if button.get_attribute("name").as_deref() != Some(AZIONE) {
            return;
        }
        let value = button.get_attribute("value").unwrap_or_default();
        let Some((verb, what)) = value.split_once(':') else { return };
        let gruppo = what.split('.').next().unwrap_or_default();
        let Some(group) = find(&self.form, &format!("[data-gruppo=\"{gruppo}\"]")) else { return };
        event.prevent_default();
        let fresh = if verb == "aggiungi" {
            let next = self.rows(&group).iter().filter_map(row_number).max().unwrap_or(0) + 1;
            self.add_row(&group, gruppo, &next.to_string())
        } else {
            if let Some(row) = button.closest("[data-riga]").ok().flatten() {
                row.remove();
            }
            None
        };
        self.refresh(None);
        self.total_soon();
        // where one goes on
        let next = fresh.and_then(|row| find(&row, "input:not([type=hidden]),select,textarea")).unwrap_or(group);
        focus(&next);
    }

    fn rows(&self, group: &Element) -> Vec<Element> {
        group.query_selector_all("[data-riga]").map(|list| elements(&list)).unwrap_or_default()
    }

    fn add_row(&self, group: &Element, gruppo: &str, number: &str) -> Option<Element> {
        let model = find(group, "[data-riga-modello]")?.inner_html();
        let (from, to) = (format!("{gruppo}.{RIGA_MODELLO}"), format!("{gruppo}.{number}"));
        let html = model.replace(&from, &to).replace(&format!("\"{RIGA_MODELLO}\""), &format!("\"{number}\""));
        find(group, "[data-righe]")?.insert_adjacent_html("beforeend", &html).ok()?;
        find(group, &format!("[data-riga=\"{number}\"]"))
    }

    /// What the form would send.
    fn read(&self) -> Valori {
        let Ok(data) = FormData::new_with_form(&self.form) else { return Valori::default() };
        let pairs = js_sys::Array::from(&data).into_iter().filter_map(|pair| {
            let pair = js_sys::Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        });
        Valori::from_pairs(pairs)
    }

    fn look(&self) -> Esame {
        self.piano.evaluate(&self.read(), self.oggi, self.frasi.lingua())
    }

    /// Shows what is to be seen now. `typing`: the field that is being typed into, which nobody interrupts.
    fn refresh(&self, typing: Option<&str>) {
        let mut esame = self.look();
        for _ in 0..ROUNDS_MAX {
            if !self.show(&esame) {
                break;
            }
            esame = self.look();
        }
        for esito in &esame.campi {
            self.say(esito, typing);
        }
    }

    /// Hides and shows; true: something changed, and what is sent is something else now.
    fn show(&self, esame: &Esame) -> bool {
        for (i, shown) in esame.sezioni.iter().enumerate() {
            if let Some(section) = find(&self.form, &format!("[data-sezione=\"{i}\"]")) {
                hide(&section, !shown);
            }
        }
        let mut changed = false;
        for esito in &esame.campi {
            let Some(field) = self.field(&esito.path) else { continue };
            hide(&field, !esito.visibile);
            if field.has_attribute("data-gruppo") {
                changed |= self.show_rows(&field, esito);
                continue;
            }
            if let Some(place) = find(&field, "[data-valore]") {
                place.set_text_content(Some(&esito.valore.as_ref().map_or_else(|| "–".to_owned(), |v| self.written(v))));
                continue;
            }
            let disabled = !esito.visibile || !esito.attivo;
            changed |= self.offer(&field, esito, disabled);
            if let Some(star) = find(&field, ".required") {
                hide(&star, !esito.obbligatorio);
            }
        }
        changed
    }

    fn written(&self, valore: &Valore) -> String {
        numeri::valore(self.frasi.lingua(), valore)
    }

    fn field(&self, path: &str) -> Option<Element> {
        find(&self.form, &format!("[data-campo=\"{path}\"]"))
    }

    /// Its controls, and its choices where they depend on something.
    fn offer(&self, field: &Element, esito: &EsitoCampo, disabled: bool) -> bool {
        let mut changed = false;
        let all = field.query_selector_all("input,select,textarea").map(|list| elements(&list)).unwrap_or_default();
        for control in all {
            if control.has_attribute("data-impronta") {
                let _ = control.remove_attribute("name");
            }
            let choice = control.closest("[data-scelta]").ok().flatten();
            let at: Option<usize> = choice.as_ref().and_then(|choice| choice.get_attribute("data-scelta")?.parse().ok());
            let offered = at.is_none_or(|at| esito.offerte.contains(&at) || !esito.visibile);
            if let Some(choice) = choice {
                hide(&choice, !offered);
            }
            let off = disabled || !offered;
            changed |= control.has_attribute("disabled") != off;
            set(&control, "disabled", off);
            if let Some(input) = control.dyn_ref::<HtmlInputElement>().filter(|_| !esito.attivo && esito.visibile)
                && !matches!(input.type_().as_str(), "checkbox" | "radio" | "hidden" | "file")
            {
                input.set_value(&esito.valore.as_ref().map(ToString::to_string).unwrap_or_default());
            }
        }
        changed | self.offer_options(field, esito)
    }

    fn offer_options(&self, field: &Element, esito: &EsitoCampo) -> bool {
        let (Some(all), Some(select)) = (find(field, "template[data-opzioni]"), find(field, "select")) else { return false };
        let (Ok(all), Ok(select)) = (all.dyn_into::<HtmlTemplateElement>(), select.dyn_into::<HtmlSelectElement>()) else {
            return false;
        };
        let options = all.content().children();
        let wanted: Vec<Element> = esito.offerte.iter().filter_map(|i| options.item(u32::try_from(*i).ok()?)).collect();
        let there = elements_of(&select.children());
        let value = |option: &Element| option.get_attribute("value");
        if there.iter().skip(1).map(value).eq(wanted.iter().map(value)) {
            return false;
        }
        let chosen = select.value();
        there.iter().skip(1).for_each(Element::remove);
        for option in &wanted {
            if let Ok(copy) = option.clone_node_with_deep(true) {
                let _ = select.append_child(&copy);
            }
        }
        // one that is not offered any more is not chosen any more
        select.set_value(if wanted.iter().any(|option| value(option).as_ref() == Some(&chosen)) { &chosen } else { "" });
        true
    }

    fn show_rows(&self, group: &Element, esito: &EsitoCampo) -> bool {
        let (least, most) = self.piano.bounds(esito);
        let mut changed = false;
        for riga in &esito.righe {
            if find(group, &format!("[data-riga=\"{riga}\"]")).is_none() {
                changed |= self.add_row(group, &esito.path, &riga.to_string()).is_some();
            }
        }
        let rows = self.rows(group);
        for (i, row) in rows.iter().enumerate() {
            let ordinal = (i + 1).to_string();
            if let Some(place) = find(row, "[data-ordine]") {
                place.set_text_content(Some(&ordinal));
            }
            if let (Some(which), Some(legend)) = (find(row, "[data-quale]"), find(row, "legend")) {
                which.set_text_content(legend.text_content().as_deref());
            }
            if let Some(remove) = find(row, "[data-togli]") {
                hide(&remove, rows.len() <= least);
            }
        }
        if let Some(add) = find(group, "[data-aggiungi]") {
            hide(&add, rows.len() >= most);
        }
        changed
    }

    /// The message of a field. An empty one is never nagged about here: the server does that, once, when the form is sent.
    fn say(&self, esito: &EsitoCampo, typing: Option<&str>) {
        let Some(place) = by_id(&format!("{}-errore", esito.path)) else { return };
        let Some(control) = by_id(&esito.path) else { return };
        let was_left = self.left.borrow().contains(&esito.path);
        let was_bad = place.class_list().contains("invalid-feedback");
        let bad = match &esito.errore {
            Some(Motivo::Reason(Reason::Missing)) if was_left => None,
            Some(Motivo::Reason(Reason::Missing)) => return,
            Some(motivo) if was_bad || (was_left && typing != Some(esito.path.as_str())) => Some(self.frasi.motivo(motivo)),
            _ => None,
        };
        let good = match &esito.valore {
            Some(valore @ Valore::Importo(_)) if control.tag_name() == "INPUT" && esito.attivo => {
                valore.importo().map(|importo| self.frasi.importo_letto(importo))
            }
            Some(_) => match control.get_attribute("data-tipo").as_deref() {
                Some("cf") => Some(self.frasi.say(Frase::CodiceFiscaleCorretto)),
                Some("impronta") => Some(self.frasi.say(Frase::ImprontaPronta)),
                _ => None,
            },
            None => None,
        };
        self.tell(&control, &place, bad, good);
    }

    fn tell(&self, control: &Element, place: &Element, bad: Option<String>, good: Option<String>) {
        let is_bad = bad.is_some();
        set_class(control, "is-invalid", is_bad);
        if control.tag_name() != "FIELDSET" {
            if is_bad {
                let _ = control.set_attribute("aria-invalid", "true");
            } else {
                let _ = control.remove_attribute("aria-invalid");
            }
        }
        set_class(place, "form-feedback", is_bad);
        set_class(place, "invalid-feedback", is_bad);
        set_class(place, "form-text", !is_bad);
        let text = match (bad, good) {
            (Some(bad), _) => format!("{}{bad}", self.frasi.say(Frase::Errore)),
            (None, Some(good)) => good,
            (None, None) => String::new(),
        };
        // what has not changed is not read aloud again
        if place.text_content().as_deref() != Some(text.as_str()) {
            place.set_text_content(Some(&text));
        }
    }

    /// A document was chosen: its digest is on its way into the field beside it.
    fn choose(self: Rc<Self>, input: HtmlInputElement) {
        let path = input.get_attribute("data-impronta").unwrap_or_default();
        let Some(file) = chosen(&input) else { return };
        self.reading.set(self.reading.get() + 1);
        self.digested(&path, "", Frase::ImprontaInCorso);
        self.read_slice(Documento { input, path, file, at: 0, lettura: Lettura::default() });
    }

    fn read_slice(self: Rc<Self>, documento: Documento) {
        let path = documento.path.clone();
        // files of more than 2 GB are nobody's application
        let slice = documento.at.checked_add(SLICE).and_then(|end| {
            let slice = documento.file.slice_with_i32_and_i32(documento.at, end).ok()?;
            Some((end, slice, FileReader::new().ok()?))
        });
        let Some((end, slice, reader)) = slice else { return self.unread(&path) };
        let read = {
            let (vivo, reader) = (self.clone(), reader.clone());
            Closure::once_into_js(move || vivo.took(documento, end, reader.result().unwrap_or_default()))
        };
        reader.set_onloadend(Some(read.unchecked_ref()));
        if reader.read_as_array_buffer(&slice).is_err() {
            self.unread(&path);
        }
    }

    fn took(self: Rc<Self>, mut documento: Documento, end: i32, piece: JsValue) {
        if chosen(&documento.input).as_ref() != Some(&documento.file) {
            // another was chosen meanwhile, and is read by itself
            return self.reading.set(self.reading.get() - 1);
        }
        // a file that went away, or may not be read
        let Ok(piece) = piece.dyn_into::<js_sys::ArrayBuffer>() else {
            return self.unread(&documento.path);
        };
        let piece = js_sys::Uint8Array::new(&piece).to_vec();
        if piece.is_empty() {
            let impronta = documento.lettura.end().hex();
            self.left.borrow_mut().push(documento.path.clone());
            self.digested(&documento.path, &impronta, Frase::ImprontaPronta);
            self.reading.set(self.reading.get() - 1);
            if self.reading.get() == 0 && self.sent.take() {
                // refused only by a form that is not in the page any more
                let _ = self.form.request_submit();
            }
            return;
        }
        documento.lettura.take(&piece);
        documento.at = end;
        self.read_slice(documento);
    }

    /// What is in the field of the digest now, and what is said under it.
    fn digested(self: &Rc<Self>, path: &str, impronta: &str, said: Frase) {
        let (Some(control), Some(place)) = (by_id(path), by_id(&format!("{path}-errore"))) else { return };
        if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
            input.set_value(impronta);
        }
        self.tell(&control, &place, None, Some(self.frasi.say(said)));
        if !impronta.is_empty() {
            self.refresh(None);
            self.total_soon();
        }
    }

    fn unread(&self, path: &str) {
        self.reading.set(self.reading.get() - 1);
        self.sent.set(false);
        if let (Some(control), Some(place)) = (by_id(path), by_id(&format!("{path}-errore"))) {
            self.tell(&control, &place, Some(self.frasi.say(Frase::FileNonLetto)), None);
        }
    }

    fn total_soon(self: &Rc<Self>) {
        let now = self.typed.get().wrapping_add(1);
        self.typed.set(now);
        let vivo = self.clone();
        set_timeout(
            move || {
                if vivo.typed.get() == now {
                    vivo.total();
                }
            },
            AFTER_A_WORD,
        );
    }

    fn total(&self) {
        let esame = self.look();
        if let Some(place) = find(&self.form, "[data-importo]") {
            let text = match &esame.importo {
                Ok(importo) => numeri::euro(self.frasi.lingua(), *importo),
                Err(_) => place.get_attribute("data-manca").unwrap_or_default(),
            };
            if place.text_content().as_deref() != Some(text.as_str()) {
                place.set_text_content(Some(&text));
            }
        }
        let causale = esame.causale.ok().flatten();
        if let (Some(line), Some(place)) = (find(&self.form, "[data-causale-riga]"), find(&self.form, "[data-causale]")) {
            hide(&line, causale.is_none());
            place.set_text_content(causale.as_deref());
        }
    }
}

fn chosen(input: &HtmlInputElement) -> Option<File> {
    input.files()?.get(0)
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Later, unless the page is gone by then.
fn set_timeout(work: impl FnOnce() + 'static, after: i32) {
    if let Some(window) = web_sys::window() {
        let work = Closure::once_into_js(work);
        // refused only with a broken window
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(work.unchecked_ref(), after);
    }
}

fn find(within: &Element, selector: &str) -> Option<Element> {
    within.query_selector(selector).ok().flatten()
}

fn row_number(row: &Element) -> Option<u16> {
    row.get_attribute("data-riga")?.parse().ok()
}

fn elements(list: &NodeList) -> Vec<Element> {
    let nodes = js_sys::Array::from(list);
    nodes.iter().filter_map(|node: JsValue| node.dyn_into().ok()).collect()
}

fn elements_of(list: &web_sys::HtmlCollection) -> Vec<Element> {
    (0..list.length()).filter_map(|i| list.item(i)).collect()
}

fn set(element: &Element, attribute: &str, on: bool) {
    // refused only for a name that is none
    let _ = element.toggle_attribute_with_force(attribute, on);
}

fn hide(element: &Element, hidden: bool) {
    set(element, "hidden", hidden);
}

fn set_class(element: &Element, class: &str, on: bool) {
    let _ = element.class_list().toggle_with_force(class, on);
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}
