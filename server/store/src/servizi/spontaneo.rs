//! The forms of before: a price list with one free text. They are read from databases that hold them still, as forms of the language, so
//! that there is one way of paying without a notice and not two.
//!
//! Not by the migration itself: it would have to write expressions in the SQL of two databases, and nobody could test them.

use domain::modulo::{Campo, Formula, Modulo, Scelta, Sezione, Testi, TipoCampo};
use domain::servizio::SuRichiesta;
use domain::{Importo, Lingua, testo};
use serde::Deserialize;
use std::collections::BTreeMap;

/// As it was stored.
#[derive(Deserialize)]
pub(super) struct Spontaneo {
    voci: Vec<Voce>,
    dettaglio: Option<Dettaglio>,
    #[serde(default)]
    su_richiesta: Option<Richiesta>,
}

#[derive(Deserialize)]
struct Richiesta {
    id_servizio: String,
    id_soggetto: String,
    voce: String,
    campi: Campi,
}

#[derive(Deserialize)]
struct Campi {
    codice_fiscale: String,
    nome: String,
    quantita: Option<String>,
    importo: Option<String>,
    dettaglio: Option<String>,
}

#[derive(Deserialize)]
struct Dettaglio {
    etichetta: String,
    suggerimento: String,
    obbligatorio: bool,
}

#[derive(Deserialize)]
struct Voce {
    codice: String,
    nome: String,
    tariffa: Tariffa,
}

#[derive(Deserialize)]
#[serde(tag = "tipo", rename_all = "snake_case")]
enum Tariffa {
    Fissa { importo: Importo },
    Unitaria { prezzo: Importo, unita: String, massimo: u32 },
    Libera { minimo: Importo, massimo: Importo },
}

impl Spontaneo {
    /// Fields have the names that the page had for them: what somebody typed before can still be changed.
    pub(super) fn translate(self) -> (Modulo, Option<SuRichiesta>) {
        let Self { voci, dettaglio, su_richiesta } = self;
        let mut campi = Vec::new();
        if voci.len() > 1 {
            campi.push(Campo {
                opzioni: voci.iter().map(Voce::choice).collect(),
                ..field("voce", TipoCampo::Scelta, label("Che cosa vuoi pagare?"))
            });
        }
        campi.extend(quantita(&voci));
        campi.extend(importo(&voci));
        let causale = match &dettaglio {
            None => each(&voci, |voce| quoted(&voce.nome)),
            Some(_) => format!("{} & se(presente(dettaglio); ' - ' & dettaglio; '')", each(&voci, |voce| quoted(&voce.nome))),
        };
        campi.extend(dettaglio.map(|dettaglio| dettaglio.field(&voci)));
        let formula = each(&voci, |voce| match &voce.tariffa {
            Tariffa::Fissa { importo } => euro(*importo),
            Tariffa::Unitaria { prezzo, .. } => format!("quantita * {}", euro(*prezzo)),
            Tariffa::Libera { .. } => "importo".to_owned(),
        });
        let sezioni = vec![Sezione { titolo: label("Che cosa paghi"), campi, ..Sezione::default() }];
        let modulo = Modulo {
            versione: 1,
            sezioni,
            importo: Some(Formula::new(formula)),
            causale: Some(Formula::new(causale)),
            ..Modulo::default()
        };
        let several = voci.len() > 1;
        (modulo, su_richiesta.map(|richiesta| richiesta.translate(several)))
    }
}

impl Richiesta {
    fn translate(self, several: bool) -> SuRichiesta {
        let Campi { codice_fiscale, nome, quantita, importo, dettaglio } = self.campi;
        let fields = [
            (Some(codice_fiscale), "codice_fiscale"),
            (Some(nome), "nome"),
            (quantita, "quantita"),
            (importo, "importo"),
            (dettaglio, "dettaglio"),
        ];
        let campi = fields.into_iter().filter_map(|(name, field)| Some((name?, field.to_owned()))).collect();
        let fissi: BTreeMap<_, _> = several.then(|| ("voce".to_owned(), self.voce)).into_iter().collect();
        SuRichiesta { id_servizio: self.id_servizio, id_soggetto: self.id_soggetto, fissi, campi }
    }
}

impl Voce {
    fn choice(&self) -> Scelta {
        let price = match &self.tariffa {
            Tariffa::Fissa { importo } => format!(" ({importo} €)"),
            Tariffa::Unitaria { prezzo, .. } => format!(" ({prezzo} € l’uno)"),
            Tariffa::Libera { .. } => String::new(),
        };
        Scelta { valore: self.codice.clone(), etichetta: Testi::it(format!("{}{price}", self.nome)), quando: None }
    }
}

impl Dettaglio {
    /// The causale as a whole has its limit: the text may take what the longest name leaves.
    fn field(self, voci: &[Voce]) -> Campo {
        let longest = voci.iter().map(|voce| voce.nome.chars().count()).max().unwrap_or(0);
        let room = usize::from(testo::CAUSALE_MAX).saturating_sub(longest + 3).max(1);
        Campo {
            aiuto: (!self.suggerimento.is_empty()).then(|| Testi::it(self.suggerimento)),
            obbligatorio: (!self.obbligatorio).then(|| Formula::new("falso")),
            massimo: Some(Formula::new(room.to_string())),
            ..field("dettaglio", TipoCampo::Testo, Testi::it(self.etichetta))
        }
    }
}

fn quantita(voci: &[Voce]) -> Option<Campo> {
    let by_piece = |voce: &Voce| {
        if let Tariffa::Unitaria { unita, massimo, .. } = &voce.tariffa { Some((unita.clone(), *massimo)) } else { None }
    };
    let of: Vec<_> = voci.iter().filter(|voce| by_piece(voce).is_some()).collect();
    let units: Vec<_> =
        of.iter().filter_map(|voce| by_piece(voce)).map(|(unita, massimo)| format!("Da 1 a {massimo} {unita}")).collect();
    (!of.is_empty()).then(|| Campo {
        aiuto: Some(Testi::it(units.join("; "))),
        visibile: shown(voci, &of),
        minimo: Some(Formula::new("1")),
        massimo: Some(Formula::new(each(&of, |voce| by_piece(voce).map_or(1, |(_, massimo)| massimo).to_string()))),
        ..field("quantita", TipoCampo::Numero, label("Quantità"))
    })
}

fn importo(voci: &[Voce]) -> Option<Campo> {
    let limits =
        |voce: &Voce| if let Tariffa::Libera { minimo, massimo } = voce.tariffa { Some((minimo, massimo)) } else { None };
    let of: Vec<_> = voci.iter().filter(|voce| limits(voce).is_some()).collect();
    let told: Vec<_> = of.iter().filter_map(|voce| limits(voce)).map(|(min, max)| format!("Da {min} € a {max} €")).collect();
    let limit = |which: fn((Importo, Importo)) -> Importo| {
        Some(Formula::new(each(&of, |voce| limits(voce).map(which).map_or_else(|| "0 €".to_owned(), euro))))
    };
    (!of.is_empty()).then(|| Campo {
        aiuto: Some(Testi::it(told.join("; "))),
        visibile: shown(voci, &of),
        minimo: limit(|(min, _)| min),
        massimo: limit(|(_, max)| max),
        ..field("importo", TipoCampo::Importo, label("Importo"))
    })
}

/// Only where one of these was chosen; always where there is nothing to choose.
fn shown(voci: &[Voce], of: &[&Voce]) -> Option<Formula> {
    let chosen: Vec<_> = of.iter().map(|voce| format!("voce = {}", quoted(&voce.codice))).collect();
    (voci.len() > 1).then(|| Formula::new(chosen.join(" o ")))
}

/// Something for each voice, by what was chosen.
fn each<V: std::borrow::Borrow<Voce>>(voci: &[V], what: impl Fn(&Voce) -> String) -> String {
    match voci {
        [] => String::new(),
        [only] => what(only.borrow()),
        [first @ .., last] => {
            let arms: Vec<_> =
                first.iter().map(|voce| format!("{}; {}", quoted(&voce.borrow().codice), what(voce.borrow()))).collect();
            format!("scegli(voce; {}; {})", arms.join("; "), what(last.borrow()))
        }
    }
}

fn field(nome: &str, tipo: TipoCampo, etichetta: Testi) -> Campo {
    Campo { nome: nome.to_owned(), tipo, etichetta, ..Campo::default() }
}

fn euro(importo: Importo) -> String {
    // without the points between thousands: an expression has none
    format!("{} €", importo.to_string().replace('.', ""))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What the portal itself said, in its languages.
fn label(it: &str) -> Testi {
    let altre = match it {
        "Quantità" => ["Quantity", "Anzahl", "Quantité", "Količina"],
        "Importo" => ["Amount", "Betrag", "Montant", "Znesek"],
        "Che cosa paghi" => ["What you are paying for", "Was Sie bezahlen", "Ce que vous payez", "Kaj plačujete"],
        _ => ["What do you want to pay?", "Was möchten Sie bezahlen?", "Que voulez-vous payer ?", "Kaj želite plačati?"],
    };
    let altre = [Lingua::En, Lingua::De, Lingua::Fr, Lingua::Sl].into_iter().zip(altre);
    altre.fold(Testi::it(it), |testi, (lingua, testo)| testi.with(lingua, testo))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::modulo::{Valori, Verificato};
    use jiff::civil::date;

    const MENSA: &str = r#"{
        "voci": [
            {"codice": "pasti", "nome": "Buoni pasto", "tariffa": {"tipo": "unitaria", "prezzo": 480, "unita": "pasti", "massimo": 60}},
            {"codice": "quota", "nome": "Quota dell'anno", "tariffa": {"tipo": "fissa", "importo": 300000}},
            {"codice": "offerta", "nome": "Offerta", "tariffa": {"tipo": "libera", "minimo": 500, "massimo": 500000}}
        ],
        "dettaglio": {"etichetta": "Classe", "suggerimento": "3A", "obbligatorio": false},
        "su_richiesta": {"id_servizio": "00101", "id_soggetto": "00001", "voce": "pasti",
            "campi": {"codice_fiscale": "cf", "nome": "chi", "quantita": "quanti"}}
    }"#;

    fn read(json: &str) -> (Verificato, Option<SuRichiesta>) {
        let (modulo, su_richiesta) = serde_json::from_str::<Spontaneo>(json).unwrap().translate();
        let modulo = modulo.complete();
        assert_eq!(modulo.check(), []);
        (modulo.verify().unwrap(), su_richiesta)
    }

    fn paid(modulo: &Verificato, typed: &[(&str, &str)]) -> Result<(i64, Option<String>), Vec<String>> {
        let who = [("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "Mario Rossi")];
        let sent = typed.iter().chain(&who).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let esame = modulo.evaluate(&Valori::from_pairs(sent), date(2026, 11, 23), Lingua::It);
        match (esame.importo, esame.causale) {
            (Ok(importo), Ok(causale)) if esame.errori.is_empty() => Ok((importo.cents(), causale)),
            _ => Err(esame.errori.into_iter().map(|errore| errore.campo).collect()),
        }
    }

    #[test]
    fn each_tariff_comes_to_what_it_came_to() {
        let (mensa, _) = read(MENSA);
        let said = |text: &str| Some(text.to_owned());
        for (typed, expected) in [
            (&[("voce", "pasti"), ("quantita", "10"), ("dettaglio", "3B")][..], Ok((4_800, said("Buoni pasto - 3B")))),
            (&[("voce", "pasti"), ("quantita", "60"), ("importo", "0,01")], Ok((28_800, said("Buoni pasto")))),
            (&[("voce", "quota"), ("quantita", "99")], Ok((300_000, said("Quota dell'anno")))),
            (&[("voce", "offerta"), ("importo", "1.234,5")], Ok((123_450, said("Offerta")))),
            (&[("voce", "pasti"), ("quantita", "61")], Err(vec!["quantita".to_owned()])),
            (&[("voce", "pasti"), ("quantita", "0")], Err(vec!["quantita".to_owned()])),
            (&[("voce", "pasti"), ("quantita", "1,5")], Err(vec!["quantita".to_owned()])),
            (&[("voce", "pasti")], Err(vec!["quantita".to_owned()])),
            (&[("voce", "offerta"), ("importo", "4,99")], Err(vec!["importo".to_owned()])),
            (&[("voce", "offerta"), ("importo", "5000,01")], Err(vec!["importo".to_owned()])),
            (&[("voce", "altro")], Err(vec!["voce".to_owned()])),
            (&[], Err(vec!["voce".to_owned()])),
        ] {
            assert_eq!(paid(&mensa, typed), expected, "{typed:?}");
        }
        let room = "x".repeat(140 - 3 - "Quota dell'anno".len());
        assert!(paid(&mensa, &[("voce", "quota"), ("dettaglio", &room)]).is_ok());
        let beyond = paid(&mensa, &[("voce", "quota"), ("dettaglio", &format!("{room}x"))]);
        assert_eq!(beyond, Err(vec!["dettaglio".to_owned()]), "nothing is cut off silently");
    }

    #[test]
    fn with_one_voice_there_is_nothing_to_choose() {
        let one = |tariffa: &str| {
            let json = format!(r#"{{"voci": [{{"codice": "x", "nome": "Lampade", "tariffa": {tariffa}}}], "dettaglio": null}}"#);
            read(&json).0
        };
        let fissa = one(r#"{"tipo": "fissa", "importo": 1600}"#);
        assert_eq!(paid(&fissa, &[]), Ok((1_600, Some("Lampade".to_owned()))));
        let unitaria = one(r#"{"tipo": "unitaria", "prezzo": 1830, "unita": "lampade", "massimo": 10}"#);
        assert_eq!(paid(&unitaria, &[("quantita", "2")]), Ok((3_660, Some("Lampade".to_owned()))));
        assert!(unitaria.modulo().sezioni[0].campi.iter().all(|campo| campo.nome != "voce"));
    }

    #[test]
    fn what_is_asked_for_at_a_counter_names_the_fields_of_the_form() {
        let (_, su_richiesta) = read(MENSA);
        let su_richiesta = su_richiesta.unwrap();
        assert_eq!(su_richiesta.fissi, BTreeMap::from([("voce".to_owned(), "pasti".to_owned())]));
        let expected = [("cf", "codice_fiscale"), ("chi", "nome"), ("quanti", "quantita")];
        assert_eq!(su_richiesta.campi, expected.map(|(name, field)| (name.to_owned(), field.to_owned())).into());
    }
}
