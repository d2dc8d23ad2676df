//! Finding a service by what a person calls it: accents, capitals, singulars and plurals are no difference.
//!
//! An ente has tens of services: each is looked at, whole, in no time; an index would have to be kept.

use crate::{Lingua, Servizio};

/// Longer than anything one looks for; the rest of a longer text is not looked at.
pub const TESTO_MAX: usize = 100;
/// Words that are looked for.
const PAROLE_MAX: usize = 8;
/// Shorter beginnings of words are in every service.
const INIZIO_MIN: usize = 3;
/// Words that say nothing alone: `pagamento della mensa`.
const VUOTE: &[&str] = &[
    "al",
    "alla",
    "con",
    "da",
    "dal",
    "dalla",
    "dei",
    "del",
    "della",
    "delle",
    "dello",
    "di",
    "e",
    "gli",
    "i",
    "il",
    "in",
    "la",
    "le",
    "lo",
    "l",
    "d",
    "nel",
    "nella",
    "o",
    "paga",
    "pagamenti",
    "pagamento",
    "pagare",
    "per",
    "su",
    "sul",
    "un",
    "una",
    "uno",
];

/// The services that have every word, in Italian or as they are told in a language, the nearest first; those alike as they came. Nothing
/// is looked for: none.
pub fn cerca<'a>(servizi: &'a [Servizio], testo: &str, lingua: Lingua) -> Vec<&'a Servizio> {
    let cut: String = testo.chars().take(TESTO_MAX).collect();
    let mut words = parole(&cut);
    if words.iter().any(|word| !VUOTE.contains(&word.as_str())) {
        words.retain(|word| !VUOTE.contains(&word.as_str()));
    }
    words.truncate(PAROLE_MAX);
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<_> = servizi.iter().filter_map(|servizio| Some((near(servizio, &words, lingua)?, servizio))).collect();
    found.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    found.into_iter().map(|(_, servizio)| servizio).collect()
}

/// How near a service is to what is looked for; `None` when it lacks a word.
fn near(servizio: &Servizio, words: &[String], lingua: Lingua) -> Option<u32> {
    let scheda = &servizio.scheda;
    let sheet = [&scheda.a_chi_e_rivolto, &scheda.come_fare, &scheda.cosa_si_ottiene, &scheda.tempi_e_scadenze];
    let mut places: Vec<(u32, Vec<String>)> = Vec::new();
    let both = if lingua == Lingua::It { vec![lingua] } else { vec![Lingua::It, lingua] };
    for lingua in both {
        let (insegna, _) = servizio.insegna(lingua);
        places.extend([(8, parole(&insegna.nome)), (4, parole(&insegna.argomento)), (3, parole(&insegna.descrizione))]);
        places.extend(sheet.into_iter().chain(&scheda.cosa_serve).map(|testi| (1, parole(&testi.say(lingua).testo))));
    }
    words.iter().try_fold(0_u32, |sum, word| {
        let best = places.iter().flat_map(|(weight, there)| there.iter().map(move |other| weight * like(word, other))).max()?;
        (best > 0).then(|| sum.saturating_add(best))
    })
}

/// 3: the same word; 2: the same but for its ending; 1: it begins so.
fn like(word: &str, other: &str) -> u32 {
    if word == other {
        3
    } else if radice(word) == radice(other) {
        2
    } else {
        u32::from(word.chars().count() >= INIZIO_MIN && other.starts_with(word))
    }
}

/// Letters and digits, small, without accents.
fn parole(testo: &str) -> Vec<String> {
    let folded: String = testo.chars().flat_map(char::to_lowercase).map(senza_accento).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The accents of the portal's languages.
const fn senza_accento(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' | 'č' | 'ć' => 'c',
        'š' => 's',
        'ž' => 'z',
        'đ' => 'd',
        _ => c,
    }
}

/// What an Italian word keeps in the plural: `mensa` and `mense`, `servizio` and `servizi`, `scolastica` and `scolastiche`. Of short
/// words nothing is taken off: `via` is not `vie`, and `tari` no `tara`.
fn radice(word: &str) -> &str {
    if word.chars().count() < 5 {
        return word;
    }
    let root = word.trim_end_matches(['a', 'e', 'i', 'o']);
    let root = root.strip_suffix('h').unwrap_or(root);
    if root.chars().count() < INIZIO_MIN { word } else { root }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulo::Testi;
    use crate::servizio::{Insegna, Scheda};
    use crate::{CodiceFiscaleEnte, Iban, Slug, Tassonomia};

    fn servizio(slug: &str, nome: &str, argomento: &str, descrizione: &str, a_chi: &str) -> Servizio {
        Servizio {
            ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
            slug: Slug::parse(slug).unwrap(),
            nome: nome.to_owned(),
            descrizione: descrizione.to_owned(),
            argomento: argomento.to_owned(),
            scheda: Scheda { a_chi_e_rivolto: Testi::it(a_chi), ..Scheda::default() },
            tassonomia: Tassonomia::parse("0101100IM").unwrap(),
            iban: Iban::parse("IT60X0542811101000000123456").unwrap(),
            iban_postale: None,
            modulo: None,
            su_richiesta: None,
            attivo: true,
        }
    }

    fn catalogo() -> Vec<Servizio> {
        vec![
            servizio("mensa", "Mensa scolastica", "Scuola", "I pasti dei bambini a scuola", "Alle famiglie"),
            servizio(
                "trasporto",
                "Trasporto scolastico",
                "Scuola",
                "Lo scuolabus",
                "Alle famiglie che abitano lontano dalla mensa",
            ),
            servizio("tari", "TARI", "Tributi", "La tassa sui rifiuti", "A chi possiede un’abitazione"),
            servizio("multe", "Contravvenzioni", "Mobilità", "Le multe della polizia locale", "A chi ha ricevuto un verbale"),
        ]
    }

    #[test]
    fn a_service_is_found_by_what_people_call_it() {
        let catalogo = catalogo();
        for (testo, expected) in [
            ("mensa", vec!["mensa", "trasporto"]),
            ("MENSE", vec!["mensa", "trasporto"]),
            ("scolastiche", vec!["mensa", "trasporto"]),
            ("pagare la mensa", vec!["mensa", "trasporto"]),
            ("trasporto scol", vec!["trasporto"]),
            ("tassa rifiuto", vec!["tari"]),
            ("tari", vec!["tari"]),
            ("multa", vec!["multe"]),
            ("mobilita", vec!["multe"]),
            ("l'abitazione", vec!["tari"]),
            ("verbali", vec!["multe"]),
            ("mensa rifiuti", vec![]),
            ("ta", vec![]),
            ("", vec![]),
            ("   ...", vec![]),
            // a word that says nothing is looked for when there is no other
            ("della", vec!["multe"]),
        ] {
            let found: Vec<_> = cerca(&catalogo, testo, Lingua::It).into_iter().map(|servizio| servizio.slug.as_str()).collect();
            assert_eq!(found, expected, "{testo:?}");
        }
    }

    #[test]
    fn a_service_is_found_in_the_language_of_the_page_and_in_italian() {
        let mut catalogo = catalogo();
        let insegna = Insegna { nome: "Schulmensa".into(), descrizione: "Das Essen".into(), argomento: "Schule".into() };
        catalogo[0].scheda.insegne.insert(Lingua::De, insegna);
        let found = |testo, lingua| cerca(&catalogo, testo, lingua).first().map(|servizio| servizio.slug.to_string());
        assert_eq!(found("schulmensa", Lingua::De).as_deref(), Some("mensa"));
        assert_eq!(found("mensa", Lingua::De).as_deref(), Some("mensa"));
        assert_eq!(found("schulmensa", Lingua::It), None);
    }

    #[test]
    fn whatever_is_typed_is_looked_for_in_no_time() {
        let catalogo = catalogo();
        for testo in ["mensa ".repeat(100_000), "é".repeat(100_000), "\u{0}%_'\"<b>".to_owned(), "İİİİ".to_owned()] {
            let _ = cerca(&catalogo, &testo, Lingua::De);
        }
    }
}
