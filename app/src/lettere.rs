//! What letters say (e-mail), in the language of who reads them. One list of blocks becomes the plain text and the HTML, so that the two
//! cannot say different things.
//!
//! The HTML has no pictures, no style sheet and no script: nothing is fetched by who opens it. Its few styles stand in the tags, where
//! programs for mail look for them.
//!
//! **To add a letter**: a [`Corpo`] in `portal::lettere`, its blocks here, its texts in `lingue/*.po`.

use crate::texts::date;
use crate::texts::lingue::{t, tn};
use crate::texts::numeri::soldi;
use crate::tr;
use domain::Lingua;
use leptos::prelude::{Owner, provide_context};
use portal::lettere::{Contenuto, Corpo, Scritta};
use std::fmt::Write as _;
use url::Url;

/// A piece of a letter.
enum Blocco {
    /// First, and so that nobody can miss it.
    Avvertenza(String),
    Testo(String),
    /// Names and values.
    Fatti(Vec<(&'static str, String)>),
    /// What there is to do.
    Azione {
        nome: &'static str,
        url: Url,
    },
    /// What is only to be known.
    Nota(String),
    /// A way out, in the notes.
    Uscita {
        nome: &'static str,
        url: Url,
    },
}

use Blocco::{Avvertenza, Azione, Fatti, Nota, Testo, Uscita};

/// Puts a letter into words.
pub fn scrivi(lingua: Lingua, contenuto: &Contenuto) -> Scritta {
    Owner::new().with(|| {
        provide_context(lingua);
        let (oggetto, mut blocchi) = corpo(contenuto);
        if contenuto.di_prova {
            blocchi.insert(
                0,
                Avvertenza(t("AMBIENTE DI PROVA: questo messaggio non vale, nessun pagamento è avvenuto.").to_owned()),
            );
        }
        blocchi.push(Nota(tr!(
            "{ente} – messaggio automatico: non rispondere, nessuno legge le risposte. Il portale dei pagamenti è {portale}",
            ente = contenuto.ente.nome,
            portale = contenuto.portale
        )));
        Scritta { testo: plain(&blocchi), html: html(lingua, &oggetto, &blocchi), oggetto }
    })
}

fn corpo(contenuto: &Contenuto) -> (String, Vec<Blocco>) {
    let ente = &contenuto.ente.nome;
    match &contenuto.corpo {
        Corpo::Ricevuta { importo, causale, servizio, pagata_il, psp, iuv, link, fino_a } => {
            let mut fatti = vec![(t("Importo pagato"), soldi(*importo)), (t("Causale"), causale.clone())];
            fatti.extend(servizio.clone().map(|servizio| (t("Servizio"), servizio)));
            fatti.push((t("Ente creditore"), ente.clone()));
            fatti.extend(pagata_il.map(|at| (t("Pagato il"), date::prosa_con_ora(at))));
            fatti.extend([(t("Gestore (PSP)"), psp.clone()), (t("Codice IUV"), format!("…{iuv}"))]);
            let blocchi = vec![
                Testo(tr!("{ente} ha ricevuto il tuo pagamento. Non devi fare altro.", ente)),
                Fatti(fatti),
                Azione { nome: t("Apri la ricevuta"), url: link.clone() },
                Nota(tr!(
                    "Il collegamento è personale e vale fino al {giorno}: chi lo conosce vede la ricevuta. Salva il PDF. Dopo, la ritrovi \
                     sul portale con il codice dell’avviso e il codice fiscale dell’intestatario.",
                    giorno = date::prosa(fino_a.date())
                )),
            ];
            (tr!("Pagamento ricevuto: {importo} – {ente}", importo = soldi(*importo), ente), blocchi)
        }
        Corpo::Conferma { scadenza, giorno, link } => {
            let blocchi = vec![
                Testo(tr!(
                    "Qualcuno ha scritto questo indirizzo sul portale dei pagamenti di {ente}, per ricevere un promemoria il {giorno} di \
                     un avviso che scade il {scadenza}.",
                    ente,
                    giorno = date::prosa(*giorno),
                    scadenza = date::prosa(*scadenza)
                )),
                Testo(t("Se sei tu, conferma entro due giorni.").to_owned()),
                Azione { nome: t("Conferma il promemoria"), url: link.clone() },
                Nota(t("Se non sei tu, non fare nulla: non ti scriveremo più e l’indirizzo viene cancellato.").to_owned()),
            ];
            (tr!("Conferma il promemoria – {ente}", ente), blocchi)
        }
        Corpo::Promemoria { importo, causale, scadenza, link, disdetta } => {
            let blocchi = vec![
                Testo(tr!(
                    "Ci hai chiesto di ricordarti un avviso di {ente} che scade il {scadenza}.",
                    ente,
                    scadenza = date::prosa(*scadenza)
                )),
                Fatti(vec![
                    (t("Importo"), soldi(*importo)),
                    (t("Causale"), causale.clone()),
                    (t("Scadenza"), date::prosa(*scadenza)),
                ]),
                Azione { nome: t("Vedi l’avviso e paga"), url: link.clone() },
                Nota(
                    t("Se l’hai appena pagato altrove, la conferma può non esserci ancora arrivata: non pagare due volte.")
                        .to_owned(),
                ),
                Uscita { nome: t("Non ricordarmelo più"), url: disdetta.clone() },
            ];
            (tr!("Promemoria: scade il {scadenza} – {ente}", scadenza = date::prosa(*scadenza), ente), blocchi)
        }
    }
}

fn plain(blocchi: &[Blocco]) -> String {
    let mut text = String::new();
    for blocco in blocchi {
        match blocco {
            Avvertenza(parole) => {
                let _ = writeln!(text, "*** {} ***", one_line(parole));
            }
            Testo(parole) | Nota(parole) => {
                let _ = writeln!(text, "{}", one_line(parole));
            }
            Fatti(fatti) => {
                for (nome, valore) in fatti {
                    let _ = writeln!(text, "{nome}: {}", one_line(valore));
                }
            }
            Azione { nome, url } | Uscita { nome, url } => {
                let _ = writeln!(text, "{nome}:\n{url}");
            }
        }
        text.push('\n');
    }
    text
}

/// What others wrote begins no line of its own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const CORPO: &str = "margin:0;padding:24px 16px;background:#ffffff;color:#17324d;font-family:'Titillium Web',Arial,sans-serif;font-size:16px;\
                     line-height:1.5";
const RIGA: &str = "padding:8px 12px 8px 0;border-bottom:1px solid #d9dadb;text-align:left;vertical-align:top;font-weight:normal";
const BOTTONE: &str = "display:inline-block;padding:12px 24px;background:#0066cc;color:#ffffff;border-radius:4px;text-decoration:none;\
                       font-weight:bold";

fn html(lingua: Lingua, oggetto: &str, blocchi: &[Blocco]) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{lingua}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title></head>\n<body style=\"{CORPO}\"><div style=\"max-width:560px;margin:0 auto\">\n<h1 \
         style=\"font-size:22px;line-height:1.3;margin:0 0 16px\">{title}</h1>\n",
        title = escape(oggetto)
    );
    for blocco in blocchi {
        let _ = match blocco {
            Avvertenza(parole) => {
                writeln!(html, "<p style=\"padding:12px;background:#fff3cd\"><strong>{}</strong></p>", escape(parole))
            }
            Testo(parole) => writeln!(html, "<p>{}</p>", escape(parole)),
            Nota(parole) => writeln!(html, "<p style=\"font-size:14px;color:#455b71\">{}</p>", escape(parole)),
            Fatti(fatti) => {
                html.push_str("<table style=\"border-collapse:collapse;width:100%;margin:16px 0\">\n");
                for (nome, valore) in fatti {
                    let (nome, valore) = (escape(nome), escape(valore));
                    let _ = writeln!(
                        html,
                        "<tr><th scope=\"row\" style=\"{RIGA}\">{nome}</th><td style=\"{RIGA}\"><strong>{valore}</strong></td></tr>"
                    );
                }
                writeln!(html, "</table>")
            }
            Azione { nome, url } => writeln!(
                html,
                "<p style=\"margin:24px 0\"><a href=\"{}\" style=\"{BOTTONE}\">{}</a></p>",
                escape(url.as_str()),
                escape(nome)
            ),
            Uscita { nome, url } => {
                writeln!(html, "<p style=\"font-size:14px\"><a href=\"{}\">{}</a></p>", escape(url.as_str()), escape(nome))
            }
        };
    }
    html.push_str("</div></body></html>\n");
    html
}

/// Text as HTML, in elements and in quoted attributes.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}

/// So many days before it is due, on a choice and in its sentence.
pub(crate) fn giorni_prima(giorni: u8) -> String {
    tn("Il giorno prima", "{n} giorni prima", usize::from(giorni))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::prova;
    use domain::Importo;

    fn ricevuta(causale: &str, nome: &str) -> Contenuto {
        let mut ente = prova::ente();
        ente.nome = nome.to_owned();
        Contenuto {
            ente,
            di_prova: false,
            portale: Url::parse("https://pagamenti.example/valdoria").unwrap(),
            corpo: Corpo::Ricevuta {
                importo: Importo::of_cents(4_800),
                causale: causale.to_owned(),
                servizio: Some("Mensa scolastica".to_owned()),
                pagata_il: Some("2026-11-23T10:05:00".parse().unwrap()),
                psp: "Banca".to_owned(),
                iuv: "0184".to_owned(),
                link: Url::parse("https://pagamenti.example/valdoria/ricevuta/TOKEN").unwrap(),
                fino_a: "2027-02-21T10:05:00".parse().unwrap(),
            },
        }
    }

    #[test]
    fn text_and_html_say_the_same_in_every_language() {
        for lingua in Lingua::ALL {
            let Scritta { oggetto, testo, html } = scrivi(lingua, &ricevuta("Buoni pasto", "Comune di Valdoria"));
            assert!(oggetto.contains("48") && oggetto.contains("Comune di Valdoria"), "{oggetto}");
            assert!(html.contains(&format!("<html lang=\"{lingua}\">")), "{html}");
            for what in ["Buoni pasto", "Mensa scolastica", "0184", "https://pagamenti.example/valdoria/ricevuta/TOKEN", "Banca"]
            {
                assert!(testo.contains(what) && html.contains(what), "{lingua} {what}\n{testo}\n{html}");
            }
        }
    }

    #[test]
    fn what_others_wrote_is_neither_markup_nor_a_line_of_its_own() {
        for hostile in
            ["<script>alert(1)</script>", "a\" onclick=\"x", "Causale\r\n\r\nPaga qui:\nhttps://evil.example", "</td></table>"]
        {
            let Scritta { testo, html, .. } = scrivi(Lingua::It, &ricevuta(hostile, hostile));
            assert!(!html.contains("<script") && !html.contains("\" onclick") && !html.contains("</td></table>\n<tr"), "{html}");
            assert!(testo.lines().all(|line| !line.starts_with("https://evil") && !line.starts_with("Paga qui")), "{testo}");
        }
    }

    #[test]
    fn nothing_is_fetched_by_who_opens_it() {
        let Scritta { html, .. } = scrivi(Lingua::It, &ricevuta("Buoni pasto", "Comune di Valdoria"));
        for what in ["<img", "<link", "src=", "url(", "<script", "@import", "background="] {
            assert!(!html.contains(what), "{what}\n{html}");
        }
    }
}
