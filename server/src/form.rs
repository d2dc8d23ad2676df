//! `sportello form`: looks at the form of a service before anybody fills it in, and translates those of other systems. It touches no
//! installation.

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use domain::Modulo;
use domain::modulo::{Rilievo, limiti};
use moduli::Sorgente;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// About forms, in files.
#[derive(Debug, Subcommand)]
pub enum FormCommand {
    /// Say what is wrong with a form, and where: one line each. Ends with 1 when it cannot be used.
    Check {
        /// File in JSON.
        file: PathBuf,
        /// One JSON array instead of lines.
        #[arg(long)]
        json: bool,
    },
    /// Translate the form of another system: ours on the standard output; on the other, a line for each thing that could not be
    /// translated, and for each thing that `check` would say of the result.
    Import {
        /// Whose form it is.
        #[arg(long)]
        from: Da,
        /// File in JSON.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Da {
    /// `FieldBean`, of MyPay and of Piattaforma Unitaria.
    Mypay,
    /// JSON schema with its layouts.
    Govpay,
    Surveyjs,
}

/// # Errors
/// With a sentence for whoever typed the command.
pub fn run(command: FormCommand) -> anyhow::Result<()> {
    match command {
        FormCommand::Check { file, json } => {
            let text = read(&file)?;
            let rilievi = check(&text);
            let wrong = rilievi.iter().filter(|rilievo| rilievo.errore).count();
            if json {
                say(&format!("{:#}\n", Value::Array(rilievi.iter().map(Detto::to_json).collect())))?;
            } else {
                say(&lines(&file, &rilievi))?;
            }
            anyhow::ensure!(wrong == 0, "{} cannot be used: {wrong} things are wrong", file.display());
            Ok(())
        }
        FormCommand::Import { from, file } => {
            let source: Value = serde_json::from_str(&read(&file)?).with_context(|| format!("reading {}", file.display()))?;
            let sorgente = match from {
                Da::Mypay => Sorgente::Mypay,
                Da::Govpay => Sorgente::Govpay,
                Da::Surveyjs => Sorgente::Surveyjs,
            };
            let importato = moduli::import(sorgente, &source);
            say(&format!("{}\n", serde_json::to_string_pretty(&importato.modulo)?))?;
            for nota in &importato.note {
                eprintln!("{}: {nota}", file.display());
            }
            for rilievo in importato.modulo.check() {
                eprintln!("{rilievo}");
            }
            Ok(())
        }
    }
}

/// Whoever reads the output may have seen enough: that is no crash.
fn say(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("writing to the standard output")
}

fn read(file: &Path) -> anyhow::Result<String> {
    let opened = std::fs::File::open(file).with_context(|| format!("opening {}", file.display()))?;
    let mut text = String::new();
    // what a form of ours may be; larger ones of others are refused for it too
    let most = limiti::MODULO_BYTES_MAX;
    // one more than may be, to know that there is more
    let mut limited = opened.take(u64::try_from(most)?.saturating_add(1));
    let found = limited.read_to_string(&mut text).with_context(|| format!("reading {}", file.display()))?;
    anyhow::ensure!(found <= most, "{} is larger than {most} bytes", file.display());
    Ok(text)
}

/// Something that is said of a file.
struct Detto {
    errore: bool,
    dove: String,
    colonna: Option<usize>,
    frase: String,
    suggerimento: Option<String>,
}

impl Detto {
    fn to_json(&self) -> Value {
        let gravita = if self.errore { "errore" } else { "avviso" };
        json!({"gravita": gravita, "dove": self.dove, "colonna": self.colonna, "frase": self.frase, "suggerimento": self.suggerimento})
    }
}

impl From<&Rilievo> for Detto {
    fn from(rilievo: &Rilievo) -> Self {
        Self {
            errore: rilievo.is_error(),
            dove: rilievo.dove.clone(),
            colonna: rilievo.colonna,
            frase: rilievo.difetto.to_string(),
            suggerimento: rilievo.suggestion(),
        }
    }
}

fn check(text: &str) -> Vec<Detto> {
    let read: Result<Modulo, _> = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
    match read {
        Ok(modulo) => modulo.check().iter().map(Detto::from).collect(),
        Err(error) => {
            let dove = error.path().to_string();
            let dove = if dove == "." { String::new() } else { dove };
            // the line and the column of the file are in the sentence
            vec![Detto { errore: true, dove, colonna: None, frase: error.into_inner().to_string(), suggerimento: None }]
        }
    }
}

fn lines(file: &Path, rilievi: &[Detto]) -> String {
    let mut lines = String::new();
    for Detto { errore, dove, colonna, frase, suggerimento } in rilievi {
        let dove = if dove.is_empty() { "modulo" } else { dove };
        let colonna = colonna.map(|colonna| format!(", colonna {colonna}")).unwrap_or_default();
        let avviso = if *errore { "" } else { "avviso: " };
        let suggerimento = suggerimento.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
        let _ = writeln!(lines, "{}: {dove}{colonna}: {avviso}{frase}{suggerimento}", file.display());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_told_with_file_place_and_column() {
        let text = r#"{"versione": 1, "importo": "quanto * 2", "sezioni": [{"titolo": "Dati", "campi": [
            {"nome": "quanti", "tipo": "numero", "etichetta": "Quanti", "massimo": "10 €"}]}],
            "tabelle": [{"nome": "t", "fasce": [{"valore": "1 €"}]}]}"#;
        let rilievi = check(text);
        assert_eq!(
            lines(Path::new("mensa.json"), &rilievi),
            "mensa.json: sezioni[0].campi[0].massimo, colonna 1: serve un numero, e questo è un importo\n\
             mensa.json: importo, colonna 1: non c’è nessun campo `quanto` (intendevi `quanti`?)\n\
             mensa.json: tabelle[0]: avviso: la tabella `t` non serve a nessuno\n"
        );
        assert_eq!(rilievi[1].to_json()["suggerimento"], "intendevi `quanti`?");
    }

    #[test]
    fn what_is_no_form_is_told_with_its_place_and_line() {
        let rilievi =
            check("{\"versione\": 1,\n\"sezioni\": [{\"titolo\": \"x\", \"campi\": [{\"nome\": \"n\", \"tipo\": \"file\"}]}]}");
        let told = lines(Path::new("f.json"), &rilievi);
        assert!(told.starts_with("f.json: sezioni[0].campi[0].tipo: unknown variant `file`"), "{told}");
        assert!(told.contains("at line 2 column"), "{told}");
    }
}
