//! A plan as a text, for the page that an island stands in: numbers and lengths in digits, each ended by a comma, texts behind their
//! length. Written by hand because a browser has to download what reads it.

use super::ambito::{Ambito, Gruppo, Listino, Posto};
use super::dati::{Di, TipoCampo};
use super::espressione::Nodo;
use super::funzioni::Op;
use super::giorni;
use super::limiti;
use super::modello::{Modello, Passo};
use super::piano::{Piano, PianoBollo, PianoCampo, PianoIntestazione, PianoQuota, PianoRegola};
use super::testi::Testi;
use super::valore::{Numero, Tipo, Valore};
use crate::Lingua;

impl Piano {
    /// For [`Piano::decode`] of the same version.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// `None` when it cannot be what [`Piano::encode`] wrote. It is for what a page of ours holds: the steps of a plan that somebody
    /// else wrote are not known beforehand.
    pub fn decode(text: &str) -> Option<Self> {
        let mut lettore = Lettore { text, fondo: 0 };
        let piano = Self::read(&mut lettore)?;
        (lettore.text.is_empty() && piano.is_sound()).then_some(piano)
    }

    /// Whether everything that is named is there: then nothing can be looked for in vain.
    fn is_sound(&self) -> bool {
        let (campi, gruppi, tabelle) = (self.ambito.campi.len(), self.ambito.gruppi.len(), self.ambito.tabelle.len());
        let known = |nodo: &Nodo| {
            nodo.all(&|nodo| match nodo {
                Nodo::Campo(at) => *at < campi,
                Nodo::Listino(at, _) => *at < tabelle,
                Nodo::Righe(_, at, _) => *at < gruppi,
                _ => true,
            })
        };
        let maybe = |nodo: &Option<Nodo>| nodo.as_ref().is_none_or(known);
        let who = |chi: &Option<PianoIntestazione>| {
            chi.as_ref().is_none_or(|chi| {
                let parts = [Some(&chi.codice_fiscale), Some(&chi.nome), chi.email.as_ref()];
                parts.into_iter().flatten().all(|(nodo, at)| known(nodo) && *at < campi)
            })
        };
        let field = |(at, campo): (usize, &PianoCampo)| {
            let posto = &self.ambito.campi[at];
            let formulas = [
                &campo.visibile,
                &campo.obbligatorio,
                &campo.attivo,
                &campo.predefinito,
                &campo.minimo,
                &campo.massimo,
                &campo.formula,
            ];
            formulas.into_iter().all(maybe)
                && campo.quando.iter().all(maybe)
                && campo.quando.len() == posto.scelte.len()
                && campo.sezione < self.sezioni.len()
                && posto.gruppo.is_none_or(|gruppo| gruppo < gruppi)
                && campo.modello.as_ref().is_none_or(Modello::is_sound)
                // those of a group follow it
                && campo.interni < campi - at
        };
        self.campi.len() == campi
            && self.campi.iter().enumerate().all(field)
            && self.sezioni.iter().all(maybe)
            && self.regole.iter().all(|regola| known(&regola.vale) && regola.campo < campi)
            && maybe(&self.importo)
            && maybe(&self.causale)
            && self.quote.iter().all(|quota| {
                maybe(&quota.parte) && quota.bollo.is_none_or(|bollo| bollo.documento < campi && bollo.provincia < campi)
            })
            && who(&self.debitore)
            && who(&self.versante)
    }
}

impl Modello {
    /// No step leads out of it, and it ends.
    fn is_sound(&self) -> bool {
        let last = self.passi.len().wrapping_sub(1);
        self.passi.iter().enumerate().all(|(at, passo)| match passo {
            Passo::Uno(_) => at < last,
            Passo::Bivio(a, b) => *a <= last && *b <= last,
            Passo::Fine => at == last,
        }) && !self.passi.is_empty()
    }
}

impl Nodo {
    /// Whether it looks at that field.
    pub(super) fn names(&self, campo: usize) -> bool {
        !self.all(&|nodo| !matches!(nodo, Self::Campo(at) if *at == campo))
    }

    fn all(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        let below = match self {
            Self::Costante(_) | Self::Campo(_) => true,
            Self::Listino(_, part) => part.all(is),
            Self::Op(_, parts) | Self::Righe(_, _, parts) => parts.iter().all(|part| part.all(is)),
        };
        below && is(self)
    }
}

/// What is left to read.
struct Lettore<'a> {
    text: &'a str,
    /// Nodes within nodes.
    fondo: u16,
}

impl Lettore<'_> {
    fn number(&mut self) -> Option<i64> {
        let (number, rest) = self.text.split_once(',')?;
        self.text = rest;
        number.parse().ok()
    }

    fn index(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }
}

trait Scritto: Sized {
    fn write(&self, text: &mut String);
    fn read(from: &mut Lettore<'_>) -> Option<Self>;
}

fn number(number: i64, text: &mut String) {
    text.push_str(&number.to_string());
    text.push(',');
}

/// A whole number of some width.
macro_rules! whole {
    ($($type:ty),*) => { $(
        impl Scritto for $type {
            fn write(&self, text: &mut String) {
                number(i64::try_from(*self).unwrap_or(i64::MAX), text);
            }
            fn read(from: &mut Lettore<'_>) -> Option<Self> {
                Self::try_from(from.number()?).ok()
            }
        }
    )* };
}
whole!(usize, u32, u16, u8, i64);

impl Scritto for bool {
    fn write(&self, text: &mut String) {
        number((*self).into(), text);
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        Some(from.number()? != 0)
    }
}

impl Scritto for String {
    fn write(&self, text: &mut Self) {
        self.len().write(text);
        text.push_str(self);
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        let length = from.index()?;
        let (read, rest) = from.text.split_at_checked(length)?;
        from.text = rest;
        Some(read.to_owned())
    }
}

impl<T: Scritto> Scritto for Option<T> {
    fn write(&self, text: &mut String) {
        self.is_some().write(text);
        self.iter().for_each(|it| it.write(text));
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        if bool::read(from)? { T::read(from).map(Some) } else { Some(None) }
    }
}

impl<T: Scritto> Scritto for Vec<T> {
    fn write(&self, text: &mut String) {
        self.len().write(text);
        self.iter().for_each(|it| it.write(text));
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        let length = from.index()?;
        let mut read = Self::new();
        // grows as it is read: a length that is a lie makes no room
        for _ in 0..length {
            read.push(T::read(from)?);
        }
        Some(read)
    }
}

impl<A: Scritto, B: Scritto> Scritto for (A, B) {
    fn write(&self, text: &mut String) {
        self.0.write(text);
        self.1.write(text);
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl Scritto for char {
    fn write(&self, text: &mut String) {
        u32::from(*self).write(text);
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        Self::from_u32(u32::read(from)?)
    }
}

/// One of a list, by its place in it.
macro_rules! one_of {
    ($($type:ty: $all:expr),* $(,)?) => { $(
        impl Scritto for $type {
            fn write(&self, text: &mut String) {
                $all.iter().position(|one| one == self).unwrap_or(usize::MAX).write(text);
            }
            fn read(from: &mut Lettore<'_>) -> Option<Self> {
                $all.get(from.index()?).copied()
            }
        }
    )* };
}
one_of! {
    Op: Op::TUTTE,
    Tipo: Tipo::TUTTI,
    TipoCampo: TipoCampo::TUTTI,
    Lingua: Lingua::ALL,
    Di: [Di::Persona, Di::Ente],
}

/// All members of a struct, in this order.
macro_rules! members {
    ($($type:ident { $($member:ident),* $(,)? })*) => { $(
        impl Scritto for $type {
            fn write(&self, text: &mut String) {
                $(self.$member.write(text);)*
            }
            fn read(from: &mut Lettore<'_>) -> Option<Self> {
                $(let $member = Scritto::read(from)?;)*
                Some(Self { $($member),* })
            }
        }
    )* };
}
members! {
    Piano { ambito, sezioni, campi, regole, importo, causale, quote, debitore, versante, passi }
    Ambito { campi, gruppi, tabelle }
    Posto { nome, gruppo, campo, tipo, scelte }
    Gruppo { nome, massimo, chiuso }
    Listino { nome, chiave, valore, fasce, chiavi, altrimenti }
    PianoCampo {
        sezione, campo, interno, visibile, obbligatorio, attivo, predefinito, minimo, massimo, formula, decimali, modello, errore,
        maiuscolo, di, quando, interni,
    }
    PianoRegola { vale, campo, messaggio }
    PianoQuota { parte, bollo }
    PianoBollo { documento, provincia }
    PianoIntestazione { codice_fiscale, nome, email }
    Modello { passi }
    Testi { it, altre }
}

impl Scritto for Passo {
    fn write(&self, text: &mut String) {
        match self {
            Self::Uno(ranges) => {
                number(0, text);
                ranges.write(text);
            }
            Self::Bivio(a, b) => {
                number(1, text);
                (*a, *b).write(text);
            }
            Self::Fine => number(2, text),
        }
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        Some(match from.number()? {
            0 => Self::Uno(Scritto::read(from)?),
            1 => {
                let (a, b) = <(usize, usize)>::read(from)?;
                Self::Bivio(a, b)
            }
            2 => Self::Fine,
            _ => return None,
        })
    }
}

impl Scritto for Valore {
    fn write(&self, text: &mut String) {
        self.tipo().write(text);
        match self {
            Self::Importo(cents) => number(*cents, text),
            Self::Numero(numero) => number(numero.millionths(), text),
            Self::Testo(testo) => testo.write(text),
            Self::Data(data) => number(giorni::number(*data), text),
            Self::Booleano(si) => si.write(text),
            Self::Elenco(voci) => voci.write(text),
        }
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        Some(match Tipo::read(from)? {
            Tipo::Importo => Self::Importo(from.number()?),
            Tipo::Numero => Self::Numero(Numero::of_millionths(from.number()?)),
            Tipo::Testo => Self::Testo(Scritto::read(from)?),
            Tipo::Data => Self::Data(giorni::of_number(from.number()?)?),
            Tipo::Booleano => Self::Booleano(bool::read(from)?),
            Tipo::Elenco => Self::Elenco(Scritto::read(from)?),
        })
    }
}

impl Scritto for Nodo {
    fn write(&self, text: &mut String) {
        match self {
            Self::Costante(valore) => {
                number(0, text);
                valore.write(text);
            }
            Self::Campo(at) => {
                number(1, text);
                at.write(text);
            }
            Self::Op(op, parts) => {
                number(2, text);
                op.write(text);
                parts.write(text);
            }
            Self::Listino(at, part) => {
                number(3, text);
                at.write(text);
                part.as_ref().write(text);
            }
            Self::Righe(op, at, parts) => {
                number(4, text);
                (*op, *at).write(text);
                parts.write(text);
            }
        }
    }
    fn read(from: &mut Lettore<'_>) -> Option<Self> {
        from.fondo += 1;
        // as deep as two expressions: one that was read is never deeper than one
        if from.fondo > 2 * limiti::FONDO_MAX {
            return None;
        }
        let nodo = match from.number()? {
            0 => Self::Costante(Scritto::read(from)?),
            1 => Self::Campo(from.index()?),
            2 => {
                let op = Scritto::read(from)?;
                Self::Op(op, Scritto::read(from)?)
            }
            3 => {
                let at = from.index()?;
                Self::Listino(at, Box::new(Scritto::read(from)?))
            }
            4 => {
                let (op, at) = Scritto::read(from)?;
                Self::Righe(op, at, Scritto::read(from)?)
            }
            _ => return None,
        };
        from.fondo -= 1;
        Some(nodo)
    }
}
