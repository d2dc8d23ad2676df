//! Expressions: read and typed in one pass, so that what was read can be reckoned. There is no loop but through the rows of a group and
//! no name that is not defined before: every expression ends, and after how many steps at the most is known when it is read.

mod tipi;

use super::ambito::Ambito;
use super::funzioni::{DI_GRUPPO, FUNZIONI, Funzione, Op, of_letter};
use super::lessico::{Lessico, Segno};
use super::limiti;
use super::rilievo::Difetto;
use super::valore::{Numero, Tipo, Valore};
use tipi::{binary, check_choice, judge};

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Nodo {
    Costante(Valore),
    Campo(usize),
    Op(Op, Vec<Nodo>),
    /// A table, and what is looked up.
    Listino(usize, Box<Nodo>),
    /// Of a group: the same for each row.
    Righe(Op, usize, Vec<Nodo>),
}

/// An expression that was read.
#[derive(Clone, Debug)]
pub(super) struct Letta {
    pub nodo: Nodo,
    pub tipo: Tipo,
    /// Steps at the most.
    pub passi: u32,
    pub usi: Usi,
    fondo: u16,
    col: usize,
}

/// What an expression speaks of.
#[derive(Clone, Debug, Default)]
pub(super) struct Usi {
    pub campi: Vec<usize>,
    pub tabelle: Vec<usize>,
    pub oggi: bool,
}

/// What is wrong, and at which character, counted from 1.
pub(super) type Errore = (usize, Difetto);

/// Reads an expression that gives one of the types; inside a group, of the row it stands in.
pub(super) fn parse(ambito: &Ambito, text: &str, tipi: &[Tipo], gruppo: Option<usize>) -> Result<Letta, Errore> {
    if text.chars().count() > limiti::FORMULA_MAX {
        return Err((limiti::FORMULA_MAX, Difetto::FormulaLunga));
    }
    let mut lettore = Lettore {
        ambito,
        lessico: Lessico::new(text),
        segno: Segno::Fine,
        col: 1,
        gruppi: gruppo.into_iter().collect(),
        aperte: 0,
        usi: Usi::default(),
    };
    lettore.advance()?;
    if lettore.segno == Segno::Fine {
        return Err((1, Difetto::Vuota));
    }
    let mut letta = lettore.expression(0)?;
    if lettore.segno != Segno::Fine {
        return Err(lettore.here(Difetto::AllaFine(lettore.segno.to_string())));
    }
    letta.expect(tipi)?;
    letta.usi = lettore.usi;
    Ok(letta)
}

struct Lettore<'a> {
    ambito: &'a Ambito,
    lessico: Lessico,
    segno: Segno,
    col: usize,
    /// Whose rows we are in.
    gruppi: Vec<usize>,
    aperte: u16,
    usi: Usi,
}

impl Letta {
    fn of(nodo: Nodo, tipo: Tipo, col: usize, parts: &[&Self]) -> Self {
        let passi = parts.iter().fold(1_u32, |sum, part| sum.saturating_add(part.passi));
        let fondo = parts.iter().map(|part| part.fondo).max().unwrap_or(0) + 1;
        Self { nodo, tipo, passi, fondo, col, usi: Usi::default() }
    }

    fn expect(&self, tipi: &[Tipo]) -> Result<(), Errore> {
        let fault = || (self.col, Difetto::Atteso { cosa: tipi.to_vec(), trovato: self.tipo });
        if tipi.contains(&self.tipo) { Ok(()) } else { Err(fault()) }
    }

    fn text(&self) -> Option<&str> {
        if let Nodo::Costante(Valore::Testo(testo)) = &self.nodo { Some(testo) } else { None }
    }

    fn is_zero(&self) -> bool {
        matches!(self.nodo, Nodo::Costante(Valore::Importo(0) | Valore::Numero(Numero::ZERO)))
    }
}

/// Binary operators and how tightly they bind.
const OPERATORI: [(&str, Op, u8); 13] = [
    ("o", Op::O, 1),
    ("e", Op::E, 2),
    ("=", Op::Uguale, 4),
    ("<>", Op::Diverso, 4),
    ("<", Op::Minore, 4),
    ("<=", Op::MinoreUguale, 4),
    (">", Op::Maggiore, 4),
    (">=", Op::MaggioreUguale, 4),
    ("&", Op::Unito, 5),
    ("+", Op::Piu, 6),
    ("-", Op::Meno, 6),
    ("*", Op::Per, 7),
    ("/", Op::Diviso, 7),
];

impl Lettore<'_> {
    fn here(&self, difetto: Difetto) -> Errore {
        (self.col, difetto)
    }

    fn advance(&mut self) -> Result<Segno, Errore> {
        let next = self.lessico.next().map_err(|difetto| (self.lessico.col, difetto))?;
        self.col = self.lessico.col;
        Ok(std::mem::replace(&mut self.segno, next))
    }

    fn is(&self, simbolo: &str) -> bool {
        matches!(&self.segno, Segno::Simbolo(s) if *s == simbolo)
    }

    fn take(&mut self, simbolo: &str) -> Result<bool, Errore> {
        let found = self.is(simbolo);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn close(&mut self) -> Result<(), Errore> {
        if self.take(")")? { Ok(()) } else { Err(self.here(Difetto::MancaParentesi)) }
    }

    fn expression(&mut self, least: u8) -> Result<Letta, Errore> {
        self.aperte += 1;
        if self.aperte > limiti::FONDO_MAX {
            return Err(self.here(Difetto::TroppoAnnidata));
        }
        let mut left = self.prefix()?;
        loop {
            let found = match &self.segno {
                Segno::Nome(word) => OPERATORI.iter().find(|(name, _, _)| name == word),
                Segno::Simbolo(sign) => OPERATORI.iter().find(|(name, _, _)| name == sign),
                _ => None,
            };
            let Some((name, op, binds)) = found.filter(|(_, _, binds)| *binds >= least) else { break };
            let col = self.col;
            self.advance()?;
            let right = self.expression(binds + 1)?;
            left = binary(self.ambito, name, *op, left, right, col)?;
            if left.fondo > limiti::FONDO_MAX {
                return Err((col, Difetto::TroppoAnnidata));
            }
        }
        self.aperte -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Letta, Errore> {
        let col = self.col;
        if matches!(&self.segno, Segno::Nome(word) if word == "non") {
            self.advance()?;
            let part = self.expression(4)?;
            part.expect(&[Tipo::Booleano])?;
            return Ok(self.op(Op::Non, Tipo::Booleano, col, vec![part]));
        }
        if self.take("-")? {
            let part = self.expression(8)?;
            part.expect(of_letter(b'q'))?;
            let tipo = part.tipo;
            return Ok(self.op(Op::Negato, tipo, col, vec![part]));
        }
        self.atom()
    }

    #[allow(clippy::unused_self, reason = "reads as the rest")]
    fn op(&self, op: Op, tipo: Tipo, col: usize, parts: Vec<Letta>) -> Letta {
        let mut whole = Letta::of(Nodo::Costante(Valore::Booleano(false)), tipo, col, &parts.iter().collect::<Vec<_>>());
        whole.nodo = Nodo::Op(op, parts.into_iter().map(|part| part.nodo).collect());
        whole
    }

    fn atom(&mut self) -> Result<Letta, Errore> {
        let col = self.col;
        let constant = |valore: Valore| Ok(Letta::of(Nodo::Costante(valore.clone()), valore.tipo(), col, &[]));
        match self.advance()? {
            Segno::Numero(numero) => {
                if self.take("€")? {
                    let cents = numero.millionths() / 10_000;
                    let exact = !numero.has_decimals_beyond(2);
                    return if exact { constant(Valore::Importo(cents)) } else { Err((col, Difetto::NumeroGrande)) };
                }
                if self.take("%")? {
                    let share = Numero::of_millionths(numero.millionths() / 100);
                    let exact = numero.millionths() % 100 == 0;
                    return if exact { constant(Valore::Numero(share)) } else { Err((col, Difetto::NumeroGrande)) };
                }
                constant(Valore::Numero(numero))
            }
            Segno::Testo(testo) => constant(Valore::Testo(testo)),
            Segno::Nome(nome) if matches!(&nome[..], "vero" | "falso") => constant(Valore::Booleano(nome == "vero")),
            Segno::Nome(nome) if self.is("(") => self.call(&nome, col),
            Segno::Nome(nome) => {
                let campo = self.campo(nome, col)?;
                let posto = &self.ambito.campi[campo];
                let tipo = posto.tipo.ok_or_else(|| (col, Difetto::NonUnValore(posto.nome.clone())))?;
                Ok(Letta::of(Nodo::Campo(campo), tipo, col, &[]))
            }
            Segno::Simbolo("(") => {
                let inside = self.expression(0)?;
                self.close()?;
                Ok(inside)
            }
            other => Err((col, Difetto::Inatteso(other.to_string()))),
        }
    }

    /// A field by its name; of a group only where we are in one of its rows.
    fn campo(&mut self, nome: String, col: usize) -> Result<usize, Errore> {
        let mut gruppo = None;
        let mut intero = nome.clone();
        let mut campo = nome;
        if self.take(".")? {
            let of = self.ambito.gruppo(&campo).ok_or_else(|| (col, Difetto::NonUnGruppo(campo.clone())))?;
            let Segno::Nome(inner) = self.advance()? else { return Err((col, Difetto::NomeSconosciuto(campo))) };
            intero = format!("{campo}.{inner}");
            (gruppo, campo) = (Some(of), inner);
        }
        let found = self.ambito.campo(gruppo, &campo).ok_or_else(|| (col, Difetto::NomeSconosciuto(intero.clone())))?;
        if gruppo.is_some_and(|gruppo| !self.gruppi.contains(&gruppo)) {
            return Err((col, Difetto::FuoriDalGruppo(intero)));
        }
        self.usi.campi.push(found);
        Ok(found)
    }

    fn call(&mut self, nome: &str, col: usize) -> Result<Letta, Errore> {
        self.advance()?;
        if let Segno::Nome(first) = &self.segno
            && let Some(gruppo) = self.ambito.gruppo(first)
            && let Some(funzione) = DI_GRUPPO.iter().find(|f| f.nome == nome)
        {
            return self.of_group(funzione, gruppo, col);
        }
        match nome {
            "scegli" => return self.choose(col),
            "presente" | "etichetta" => return self.of_field(nome, col),
            _ => {}
        }
        let table = self.ambito.tabelle.iter().position(|listino| listino.nome == nome);
        let funzione = FUNZIONI.iter().find(|f| f.nome == nome);
        if table.is_none() && funzione.is_none() {
            let of_groups = DI_GRUPPO.iter().any(|f| f.nome == nome);
            let unknown = (col, Difetto::FunzioneSconosciuta(nome.to_owned()));
            return Err(if of_groups { self.here(Difetto::NonUnGruppo(self.segno.to_string())) } else { unknown });
        }
        let mut parts = Vec::new();
        if !self.take(")")? {
            loop {
                parts.push(self.expression(0)?);
                if !self.take(";")? {
                    break;
                }
            }
            self.close()?;
        }
        if let Some(at) = table {
            return self.look_up(at, parts, col);
        }
        let funzione = funzione.ok_or_else(|| (col, Difetto::FunzioneSconosciuta(nome.to_owned())))?;
        let tipo = judge(funzione, &parts, col)?;
        match (funzione.op, &parts[..]) {
            (Op::Oggi, _) => self.usi.oggi = true,
            (Op::Contiene, [list, item]) => check_choice(self.ambito, list, item)?,
            _ => {}
        }
        Ok(self.op(funzione.op, tipo, col, parts))
    }

    /// `somma(figli; …)`: the rest is reckoned for each row.
    fn of_group(&mut self, funzione: &Funzione, gruppo: usize, col: usize) -> Result<Letta, Errore> {
        let of = &self.ambito.gruppi[gruppo];
        let first = self.col;
        self.advance()?;
        let inside = self.gruppi.contains(&gruppo);
        if funzione.op == Op::Riga {
            self.close()?;
            let fault = || (first, Difetto::FuoriDalGruppo(of.nome.clone()));
            let whole = Letta::of(Nodo::Righe(Op::Riga, gruppo, Vec::new()), Tipo::Numero, col, &[]);
            return if inside { Ok(whole) } else { Err(fault()) };
        }
        if !of.chiuso {
            return Err((first, Difetto::GruppoAperto(of.nome.clone())));
        }
        self.gruppi.push(gruppo);
        let mut parts = Vec::new();
        while self.take(";")? {
            parts.push(self.expression(0)?);
        }
        self.close()?;
        self.gruppi.pop();
        let tipo = judge(funzione, &parts, col)?;
        let mut whole = Letta::of(Nodo::Costante(Valore::Booleano(false)), tipo, col, &parts.iter().collect::<Vec<_>>());
        whole.passi = whole.passi.saturating_mul(u32::from(of.massimo)).saturating_add(1);
        // what of an amount or a number nothing has is told by its type
        let zero = match tipo {
            Tipo::Importo => Valore::Importo(0),
            _ => Valore::Numero(Numero::ZERO),
        };
        let mut nodi: Vec<Nodo> = parts.into_iter().map(|part| part.nodo).collect();
        if funzione.op == Op::Somma {
            nodi.push(Nodo::Costante(zero));
        }
        whole.nodo = Nodo::Righe(funzione.op, gruppo, nodi);
        Ok(whole)
    }

    /// `scegli(mese; 'gen'; 1; 'feb'; 2; 0)`: pairs, and what else.
    fn choose(&mut self, col: usize) -> Result<Letta, Errore> {
        let mut parts = Vec::new();
        loop {
            parts.push(self.expression(0)?);
            if !self.take(";")? {
                break;
            }
        }
        self.close()?;
        if parts.len() < 4 || parts.len() % 2 != 0 {
            let (funzione, trovati) = ("scegli".to_owned(), parts.len());
            return Err((
                col,
                Difetto::Argomenti { funzione, attesi: "un valore, coppie e un altrimenti: 4, 6, 8…".into(), trovati },
            ));
        }
        let (key, tipo) = (parts[0].tipo, parts[2].tipo);
        let last = parts.len() - 1;
        for (i, part) in parts.iter().enumerate().skip(1) {
            let is_key = i % 2 == 1 && i != last;
            part.expect(&[if is_key { key } else { tipo }])?;
            if is_key {
                check_choice(self.ambito, &parts[0], part)?;
            }
        }
        Ok(self.op(Op::Scegli, tipo, col, parts))
    }

    /// `presente(fine)`, `etichetta(servizio)`: about a field, not its value.
    fn of_field(&mut self, nome: &str, col: usize) -> Result<Letta, Errore> {
        let presente = nome == "presente";
        let need = || Difetto::ServeUnCampo(if presente { "presente" } else { "etichetta" });
        let first = self.col;
        let Segno::Nome(campo) = self.advance()? else { return Err((first, need())) };
        let campo = self.campo(campo, first)?;
        let posto = &self.ambito.campi[campo];
        if posto.tipo.is_none() || (!presente && posto.scelte.is_empty()) {
            return Err((first, need()));
        }
        self.close()?;
        let (op, tipo) = if presente { (Op::Presente, Tipo::Booleano) } else { (Op::Etichetta, Tipo::Testo) };
        Ok(Letta::of(Nodo::Op(op, vec![Nodo::Campo(campo)]), tipo, col, &[]))
    }

    fn look_up(&mut self, at: usize, parts: Vec<Letta>, col: usize) -> Result<Letta, Errore> {
        let listino = &self.ambito.tabelle[at];
        let trovati = parts.len();
        let Ok([key]) = <[Letta; 1]>::try_from(parts) else {
            let attesi = "un solo".to_owned();
            return Err((col, Difetto::Argomenti { funzione: listino.nome.clone(), attesi, trovati }));
        };
        // keys are texts, and a number is found by how it is written
        let tipi = if listino.chiave == Tipo::Testo { &[Tipo::Testo, Tipo::Numero][..] } else { &[listino.chiave] };
        key.expect(tipi)?;
        if let (Nodo::Campo(campo), None, false) = (&key.nodo, &listino.altrimenti, listino.chiavi.is_empty()) {
            let missing =
                self.ambito.campi[*campo].scelte.iter().find(|(valore, _)| !listino.chiavi.iter().any(|(k, _)| k == valore));
            if let Some((valore, _)) = missing {
                return Err((key.col, Difetto::SceltaMancante(valore.clone())));
            }
        }
        self.usi.tabelle.push(at);
        let mut whole = Letta::of(Nodo::Costante(Valore::Booleano(false)), listino.valore, col, &[&key]);
        whole.passi = whole.passi.saturating_add(listino.passi());
        whole.nodo = Nodo::Listino(at, Box::new(key.nodo));
        Ok(whole)
    }
}
