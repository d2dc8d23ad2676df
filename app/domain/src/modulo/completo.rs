//! Who pays, where a form does not ask it itself: the same two questions on every page, with the words of the portal.
//!
//! They become sections like any other, so that page, island and server look at one form and not at a form and something beside it.

use super::dati::{Campo, Intestazione, Modulo, Sezione, TipoCampo};
use super::formula::Formula;
use super::testi::Testi;
use crate::Lingua;
use crate::testo;

impl Modulo {
    /// The form with everything that has to be asked: one that says who the debtor is, and one that is paid elsewhere, stays as it is.
    ///
    /// The fields are called `codice_fiscale`, `nome`, `email`, `altro_versante`, `versante_codice_fiscale`, `versante_nome`; with a
    /// number behind it where the form has a field of that name.
    #[must_use]
    pub fn complete(mut self) -> Self {
        if self.debitore.is_some() || self.esterno.is_some() {
            return self;
        }
        let taken: Vec<String> = self.sezioni.iter().flat_map(|sezione| &sezione.campi).map(|campo| campo.nome.clone()).collect();
        let free = |nome: &str| {
            let mut free = nome.to_owned();
            for n in 2..=taken.len() + 2 {
                if !taken.contains(&free) {
                    break;
                }
                free = format!("{nome}_{n}");
            }
            free
        };
        let [cf, nome, email] = ["codice_fiscale", "nome", "email"].map(free);
        self.sezioni.push(Sezione {
            titolo: texts("Intestatario", ["Who the payment is for", "Zahlungspflichtiger", "Titulaire", "Zavezanec"]),
            aiuto: Some(texts(
                "La persona, la società o l’associazione per cui si paga: la ricevuta porta il suo nome.",
                [
                    "The person, company or association the payment is for: the receipt carries their name.",
                    "Die Person, die Gesellschaft oder der Verein, für die bezahlt wird: Die Zahlungsbestätigung lautet auf diesen Namen.",
                    "La personne, la société ou l’association pour laquelle on paie : le reçu porte son nom.",
                    "Oseba, podjetje ali društvo, za katero se plačuje: na to ime je izdano potrdilo.",
                ],
            )),
            visibile: None,
            campi: vec![
                codice_fiscale(&cf, texts("Codice fiscale", ["Tax code (codice fiscale)", "Steuernummer (codice fiscale)", "Code fiscal", "Davčna številka"])),
                called(&nome, texts(
                    "Nome e cognome, o denominazione",
                    ["Full name, or company or association name", "Vor- und Nachname oder Bezeichnung", "Nom et prénom, ou dénomination", "Ime in priimek ali naziv"],
                )),
                Campo {
                    nome: email.clone(),
                    tipo: TipoCampo::Email,
                    etichetta: texts("E-mail", ["Email", "E-Mail", "E-mail", "E-pošta"]),
                    aiuto: Some(texts(
                        "Facoltativa: pagoPA la usa per mandarti l’esito del pagamento",
                        [
                            "Optional: pagoPA uses it to send you the result of the payment",
                            "Freiwillig: pagoPA verwendet sie, um Ihnen das Ergebnis der Zahlung zu senden",
                            "Facultatif : pagoPA s’en sert pour vous envoyer le résultat du paiement",
                            "Neobvezno: pagoPA vam na ta naslov pošlje izid plačila",
                        ],
                    )),
                    obbligatorio: Some(Formula::new("falso")),
                    ..Campo::default()
                },
            ],
        });
        self.debitore = Some(who(&cf, &nome, Some(&email)));
        if self.versante.is_none() {
            let [altro, cf, nome] = ["altro_versante", "versante_codice_fiscale", "versante_nome"].map(free);
            let only_then = |campo: Campo| Campo { visibile: Some(Formula::new(&altro)), ..campo };
            self.sezioni.push(Sezione {
                titolo: texts("Chi paga", ["Who is paying", "Einzahler", "Payeur", "Plačnik"]),
                aiuto: None,
                visibile: None,
                campi: vec![
                    Campo {
                        nome: altro.clone(),
                        tipo: TipoCampo::Casella,
                        etichetta: texts(
                            "Paga un’altra persona",
                            [
                                "Someone else is paying",
                                "Eine andere Person bezahlt",
                                "Une autre personne paie",
                                "Plača druga oseba",
                            ],
                        ),
                        aiuto: Some(texts(
                            "Solo se chi paga non è l’intestatario",
                            [
                                "Only if the person paying is not the one the payment is for",
                                "Nur wenn nicht der Zahlungspflichtige selbst bezahlt",
                                "Seulement si la personne qui paie n’est pas le titulaire",
                                "Samo če ne plača zavezanec sam",
                            ],
                        )),
                        ..Campo::default()
                    },
                    only_then(codice_fiscale(
                        &cf,
                        texts(
                            "Codice fiscale di chi paga",
                            [
                                "Tax code of the person paying",
                                "Steuernummer des Einzahlers",
                                "Code fiscal du payeur",
                                "Davčna številka plačnika",
                            ],
                        ),
                    )),
                    only_then(called(
                        &nome,
                        texts(
                            "Nome e cognome, o denominazione, di chi paga",
                            [
                                "Full name, or company or association name, of the person paying",
                                "Vor- und Nachname oder Bezeichnung des Einzahlers",
                                "Nom et prénom, ou dénomination, du payeur",
                                "Ime in priimek ali naziv plačnika",
                            ],
                        ),
                    )),
                ],
            });
            self.versante = Some(who(&cf, &nome, None));
        }
        self
    }
}

fn texts(it: &str, altre: [&str; 4]) -> Testi {
    let altre = [Lingua::En, Lingua::De, Lingua::Fr, Lingua::Sl].into_iter().zip(altre);
    altre.fold(Testi::it(it), |testi, (lingua, testo)| testi.with(lingua, testo))
}

fn codice_fiscale(nome: &str, etichetta: Testi) -> Campo {
    let aiuto = texts(
        "16 caratteri, oppure 11 cifre per società e associazioni",
        [
            "16 characters, or 11 digits for companies and associations",
            "16 Zeichen oder 11 Ziffern für Gesellschaften und Vereine",
            "16 caractères, ou 11 chiffres pour les sociétés et les associations",
            "16 znakov ali 11 števk za podjetja in društva",
        ],
    );
    Campo { nome: nome.to_owned(), tipo: TipoCampo::CodiceFiscale, etichetta, aiuto: Some(aiuto), ..Campo::default() }
}

fn called(nome: &str, etichetta: Testi) -> Campo {
    let massimo = Some(Formula::new(testo::NOME_MAX.to_string()));
    Campo {
        nome: nome.to_owned(),
        tipo: TipoCampo::Testo,
        etichetta,
        minimo: Some(Formula::new("2")),
        massimo,
        ..Campo::default()
    }
}

fn who(codice_fiscale: &str, nome: &str, email: Option<&String>) -> Intestazione {
    Intestazione { codice_fiscale: Formula::new(codice_fiscale), nome: Formula::new(nome), email: email.map(Formula::new) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulo::{Motivo, Valori};
    use jiff::civil::date;

    fn modulo(campi: &str) -> Modulo {
        serde_json::from_str(&format!(
            r#"{{"versione": 1, "importo": "1 €", "sezioni": [{{"titolo": "Dati", "campi": [{campi}]}}]}}"#
        ))
        .unwrap()
    }

    fn valori(pairs: &[(&str, &str)]) -> Valori {
        Valori::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    const ROSSI: [(&str, &str); 2] = [("codice_fiscale", "rssmra85t10a562s"), ("nome", "Mario Rossi")];

    #[test]
    fn a_form_that_does_not_ask_who_pays_asks_it_as_every_form_does() {
        let form = modulo("").complete();
        assert_eq!(form.check(), []);
        let form = form.verify().unwrap();
        let look = |pairs: &[(&str, &str)]| form.evaluate(&valori(pairs), date(2026, 3, 30), Lingua::It);
        let esame = look(&ROSSI);
        let debitore = esame.debitore.as_ref().unwrap();
        assert!(esame.is_complete() && esame.versante.is_none(), "{:?}", esame.errori);
        assert_eq!(
            (debitore.codice_fiscale.as_str(), &debitore.nome[..], &debitore.email),
            ("RSSMRA85T10A562S", "Mario Rossi", &None)
        );

        let altro = [("altro_versante", "si"), ("versante_codice_fiscale", "00743110157"), ("versante_nome", "Nonni S.n.c.")];
        let esame = look(&[&ROSSI[..], &altro].concat());
        assert_eq!(esame.versante.as_ref().map(|chi| chi.nome.as_str()), Some("Nonni S.n.c."));
        assert!(look(&[&ROSSI[..], &altro[1..]].concat()).versante.is_none(), "what is hidden counts for nothing");

        let told: Vec<_> = look(&altro[..1]).errori.into_iter().map(|errore| errore.campo).collect();
        assert_eq!(told, ["codice_fiscale", "nome", "versante_codice_fiscale", "versante_nome"]);
        let refused = look(&[("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "12 34")]).errori;
        assert!(
            matches!(&refused[..], [errore] if errore.campo == "nome" && matches!(errore.motivo, Motivo::Reason(_))),
            "{refused:?}"
        );
    }

    #[test]
    fn names_that_are_taken_are_left_to_the_form() {
        let form = modulo(
            r#"{"nome": "nome", "tipo": "testo", "etichetta": "Nome dell’alunno"}, {"nome": "nome_2", "tipo": "casella", "etichetta": "x"}"#,
        );
        let form = form.complete().verify().unwrap();
        let sent = valori(&[("nome", "Ada"), ("codice_fiscale", "RSSMRA85T10A562S"), ("nome_3", "Mario Rossi")]);
        let esame = form.evaluate(&sent, date(2026, 3, 30), Lingua::It);
        assert_eq!(esame.debitore.map(|chi| chi.nome).as_deref(), Some("Mario Rossi"), "{:?}", esame.errori);
    }

    #[test]
    fn a_form_that_asks_it_itself_stays_as_it_is() {
        let mut form = modulo("");
        form = form.complete();
        assert_eq!(form.clone().complete(), form);
        let esterno: Modulo =
            serde_json::from_str(r#"{"versione": 1, "esterno": {"indirizzo": "https://altrove.example.it", "testo": "x"}}"#)
                .unwrap();
        assert_eq!(esterno.clone().complete(), esterno);
    }
}
