//! Which types go together, and what comes of them.

use super::{Errore, Letta, Nodo};
use crate::modulo::ambito::Ambito;
use crate::modulo::funzioni::{Funzione, Op, of_letter};
use crate::modulo::rilievo::Difetto;
use crate::modulo::valore::{Tipo, Valore};

pub(super) fn binary(
    ambito: &Ambito,
    operatore: &'static str,
    op: Op,
    left: Letta,
    right: Letta,
    col: usize,
) -> Result<Letta, Errore> {
    use Tipo::{Booleano, Data, Elenco, Importo, Numero, Testo};
    let tipo = match (op, left.tipo, right.tipo) {
        (Op::Piu | Op::Meno, Importo, Importo) | (Op::Per, Importo, Numero) | (Op::Per, Numero, Importo) => Some(Importo),
        (Op::Diviso, Importo, Numero) => Some(Importo),
        (Op::Piu | Op::Meno | Op::Per | Op::Diviso, Numero, Numero) | (Op::Diviso, Importo, Importo) => Some(Numero),
        (Op::E | Op::O, Booleano, Booleano) => Some(Booleano),
        (Op::Unito, Booleano | Elenco, _) | (Op::Unito, _, Booleano | Elenco) => None,
        (Op::Unito, _, _) => Some(Testo),
        (Op::Uguale | Op::Diverso, a, b) if a == b && a != Elenco => Some(Booleano),
        (Op::Minore | Op::MinoreUguale | Op::Maggiore | Op::MaggioreUguale, a, b) => {
            (a == b && matches!(a, Importo | Numero | Data)).then_some(Booleano)
        }
        _ => None,
    };
    let tipo = tipo.ok_or((col, Difetto::Tipi { operatore, sinistra: left.tipo, destra: right.tipo }))?;
    if op == Op::Diviso && right.is_zero() {
        return Err((right.col, Difetto::DivisoZero));
    }
    if matches!(op, Op::Uguale | Op::Diverso) {
        check_choice(ambito, &left, &right)?;
        check_choice(ambito, &right, &left)?;
    }
    let mut whole = Letta::of(Nodo::Costante(Valore::Booleano(false)), tipo, left.col, &[&left, &right]);
    whole.nodo = Nodo::Op(op, vec![left.nodo, right.nodo]);
    Ok(whole)
}

/// A text that a choice is compared with has to be one of them; nothing chosen is the empty text.
pub(super) fn check_choice(ambito: &Ambito, campo: &Letta, testo: &Letta) -> Result<(), Errore> {
    if let (Nodo::Campo(campo), Some(text)) = (&campo.nodo, testo.text()) {
        let posto = &ambito.campi[*campo];
        if !posto.scelte.is_empty() && !text.is_empty() && !posto.scelte.iter().any(|(valore, _)| valore == text) {
            return Err((testo.col, Difetto::NonUnaScelta(text.to_owned())));
        }
    }
    Ok(())
}

/// Whether the arguments fit the signature; what comes of them.
pub(super) fn judge(funzione: &Funzione, parts: &[Letta], col: usize) -> Result<Tipo, Errore> {
    let (wanted, result) = funzione.firma.split_once('>').unwrap_or((funzione.firma, "b"));
    let letters: Vec<u8> = wanted.bytes().filter(u8::is_ascii_lowercase).collect();
    let (optional, repeated) = (wanted.ends_with('?'), wanted.ends_with('*'));
    let least = letters.len() - usize::from(optional);
    if parts.len() < least || (parts.len() > letters.len() && !repeated) {
        let attesi = match (optional, repeated) {
            (_, true) => format!("almeno {least}"),
            (true, _) => format!("{least} o {}", letters.len()),
            _ => least.to_string(),
        };
        return Err((col, Difetto::Argomenti { funzione: funzione.nome.to_owned(), attesi, trovati: parts.len() }));
    }
    let mut same: Option<Tipo> = None;
    for (i, part) in parts.iter().enumerate() {
        let letter = letters.get(i).or(letters.last()).copied().unwrap_or(b'x');
        match same.filter(|_| matches!(letter, b'q' | b'x')) {
            Some(tipo) => part.expect(&[tipo])?,
            None => part.expect(of_letter(letter))?,
        }
        if matches!(letter, b'q' | b'x') {
            same = Some(part.tipo);
        }
    }
    let result = result.bytes().next().unwrap_or(b'b');
    Ok(match (result, same) {
        (b'q' | b'x', Some(tipo)) => tipo,
        _ => of_letter(result)[0],
    })
}
