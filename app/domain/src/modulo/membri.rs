//! Which members mean something in which kind of field.

use super::dati::{Campo, TipoCampo};
use super::valore::Tipo;

/// As it is written in JSON.
pub(super) const fn code(tipo: TipoCampo) -> &'static str {
    match tipo {
        TipoCampo::Testo => "testo",
        TipoCampo::Area => "area",
        TipoCampo::Numero => "numero",
        TipoCampo::Importo => "importo",
        TipoCampo::Data => "data",
        TipoCampo::Scelta => "scelta",
        TipoCampo::Scelte => "scelte",
        TipoCampo::Casella => "casella",
        TipoCampo::CodiceFiscale => "codice_fiscale",
        TipoCampo::Iban => "iban",
        TipoCampo::Targa => "targa",
        TipoCampo::Email => "email",
        TipoCampo::Telefono => "telefono",
        TipoCampo::Documento => "documento",
        TipoCampo::Gruppo => "gruppo",
        TipoCampo::Calcolato => "calcolato",
        TipoCampo::Nota => "nota",
    }
}

/// What an expression sees of it; `None`: nothing, or whatever its formula gives.
pub(super) const fn value_type(tipo: TipoCampo) -> Option<Tipo> {
    match tipo {
        TipoCampo::Numero => Some(Tipo::Numero),
        TipoCampo::Importo => Some(Tipo::Importo),
        TipoCampo::Data => Some(Tipo::Data),
        TipoCampo::Casella => Some(Tipo::Booleano),
        TipoCampo::Scelte => Some(Tipo::Elenco),
        TipoCampo::Gruppo | TipoCampo::Calcolato | TipoCampo::Nota => None,
        _ => Some(Tipo::Testo),
    }
}

const fn members(tipo: TipoCampo) -> &'static [&'static str] {
    match tipo {
        TipoCampo::Testo => &["obbligatorio", "attivo", "predefinito", "minimo", "massimo", "modello", "maiuscolo", "errore"],
        TipoCampo::Area => &["obbligatorio", "attivo", "predefinito", "minimo", "massimo", "maiuscolo"],
        TipoCampo::Numero => &["obbligatorio", "attivo", "predefinito", "minimo", "massimo", "decimali"],
        TipoCampo::Importo | TipoCampo::Data => &["obbligatorio", "attivo", "predefinito", "minimo", "massimo"],
        TipoCampo::Scelta => &["obbligatorio", "attivo", "predefinito", "opzioni"],
        TipoCampo::Scelte => &["obbligatorio", "attivo", "minimo", "massimo", "opzioni"],
        TipoCampo::CodiceFiscale => &["obbligatorio", "attivo", "predefinito", "di"],
        TipoCampo::Casella | TipoCampo::Iban | TipoCampo::Targa | TipoCampo::Email | TipoCampo::Telefono => {
            &["obbligatorio", "attivo", "predefinito"]
        }
        // nobody knows the digest of a file beforehand
        TipoCampo::Documento => &["obbligatorio", "attivo"],
        TipoCampo::Gruppo => &["minimo", "massimo", "campi"],
        TipoCampo::Calcolato => &["formula"],
        TipoCampo::Nota => &[],
    }
}

/// The members that are there and mean nothing.
pub(super) fn misplaced(campo: &Campo) -> impl Iterator<Item = &'static str> {
    let there = [
        ("obbligatorio", campo.obbligatorio.is_some()),
        ("attivo", campo.attivo.is_some()),
        ("predefinito", campo.predefinito.is_some()),
        ("minimo", campo.minimo.is_some()),
        ("massimo", campo.massimo.is_some()),
        ("decimali", campo.decimali.is_some()),
        ("modello", campo.modello.is_some()),
        ("maiuscolo", campo.maiuscolo),
        ("di", campo.di.is_some()),
        ("opzioni", !campo.opzioni.is_empty()),
        ("formula", campo.formula.is_some()),
        ("campi", !campo.campi.is_empty()),
        ("errore", campo.errore.is_some()),
    ];
    let tipo = campo.tipo;
    there.into_iter().filter(move |(membro, is_there)| *is_there && !members(tipo).contains(membro)).map(|(membro, _)| membro)
}
