//! What [`super::Modulo::check`] finds, and the words for it.

use super::limiti;
use super::valore::Tipo;
use std::fmt;

/// Something to say about a form, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rilievo {
    pub gravita: Gravita,
    /// `sezioni[1].campi[3].visibile`, as in the JSON.
    pub dove: String,
    /// Of the expression, or of the pattern, counted from 1.
    pub colonna: Option<usize>,
    pub difetto: Difetto,
    /// A name of the form that was perhaps meant.
    pub simile: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravita {
    /// Something that works, and is perhaps not what was meant.
    Avviso,
    /// The form cannot be used.
    Errore,
}

/// What is wrong. [`fmt::Display`] has the sentence; a browser, which never shows one, need not download it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difetto {
    // reading an expression
    Vuota,
    FormulaLunga,
    TroppoAnnidata,
    Carattere(char),
    TestoAperto,
    NumeroIllegibile,
    /// `1.234`: thousands or decimals?
    PuntoAmbiguo,
    NumeroGrande,
    Inatteso(String),
    MancaParentesi,
    AllaFine(String),
    // names
    NomeSconosciuto(String),
    FunzioneSconosciuta(String),
    /// A field that stands later on the page.
    VieneDopo(String),
    FuoriDalGruppo(String),
    GruppoAperto(String),
    NonUnGruppo(String),
    NonUnValore(String),
    // types
    Tipi {
        operatore: &'static str,
        sinistra: Tipo,
        destra: Tipo,
    },
    Atteso {
        cosa: Vec<Tipo>,
        trovato: Tipo,
    },
    Argomenti {
        funzione: String,
        attesi: String,
        trovati: usize,
    },
    ServeUnCampo(&'static str),
    NonUnaScelta(String),
    DivisoZero,
    SceltaMancante(String),
    NonCostante,
    // the form
    Versione(u16),
    Troppi {
        cosa: &'static str,
        massimo: usize,
    },
    Nome(String),
    NomeRiservato(String),
    NomeDoppio(String),
    Manca(&'static str),
    NonQui {
        membro: &'static str,
        tipo: &'static str,
    },
    EtichettaVuota,
    TestoLungo,
    SceltaDoppia(String),
    SceltaVuota,
    MinimoOltreMassimo,
    /// Of what is counted: characters, rows, choices.
    Intervallo {
        min: u16,
        max: u16,
    },
    Modello {
        troppo_lungo: bool,
    },
    GruppoNelGruppo,
    FasceNonCrescenti,
    FasciaAperta,
    TabellaMista,
    ChiaveDoppia(String),
    CampoDellaRegola(String),
    DatoPersonale,
    ServeCodiceFiscale,
    ServeUnDato,
    PiuResti,
    NienteResto,
    Quote,
    ImportoDelBollo,
    BolloConConto,
    PiuBolli,
    ServeDocumento(String),
    ServeProvincia(String),
    ServeTesto(String),
    ServeData(String),
    Indirizzo,
    EsternoNonSolo,
    Passi(u32),
    // warnings
    TabellaInutile(String),
    CampoInutile(String),
    FasciaFinale,
}

impl Rilievo {
    pub fn is_error(&self) -> bool {
        self.gravita == Gravita::Errore
    }

    /// What could be done about it.
    pub fn suggestion(&self) -> Option<String> {
        if let Some(simile) = &self.simile {
            return Some(format!("intendevi `{simile}`?"));
        }
        let fixed = match &self.difetto {
            Difetto::PuntoAmbiguo => "i decimali dopo la virgola, le migliaia senza punto: `1234` o `1,234`",
            Difetto::Carattere('≤') => "scrivi `<=`",
            Difetto::Carattere('≥') => "scrivi `>=`",
            Difetto::Carattere('≠' | '!') => "scrivi `<>`, e `non` per negare",
            Difetto::Carattere('×') => "scrivi `*`",
            Difetto::Carattere('÷' | ':') => "scrivi `/`",
            Difetto::Carattere(',') | Difetto::Inatteso(_) => {
                "gli argomenti si separano con `;`, i testi stanno tra apici: `'mensa'`"
            }
            Difetto::Carattere('?') => "scrivi `se(condizione; questo; altrimenti questo)`",
            Difetto::Carattere('{' | '}' | '$' | '[' | ']') => "un campo si scrive col suo nome e basta",
            Difetto::TestoAperto => "un apice dentro un testo si scrive doppio: `'l''alunno'`",
            Difetto::Tipi { operatore: "+" | "-", sinistra: Tipo::Importo, destra: Tipo::Numero } => {
                "un importo si scrive col simbolo: `5 €`"
            }
            Difetto::Tipi { operatore: "+", sinistra: Tipo::Testo, .. } => "i testi si uniscono con `&`",
            Difetto::Tipi { operatore: "+" | "-", sinistra: Tipo::Data, .. } => {
                "usa `piu_giorni(data; giorni)` o `giorni(dal; al)`"
            }
            Difetto::Atteso { cosa, trovato: Tipo::Numero } if cosa.contains(&Tipo::Importo) => {
                "un importo si scrive col simbolo: `5 €`"
            }
            Difetto::FuoriDalGruppo(_) => "usalo dentro `somma(gruppo; …)`, `conta(gruppo; …)` e simili",
            Difetto::VieneDopo(_) => "metti prima il campo che serve: così nessun giro di formule può mordersi la coda",
            Difetto::FormulaLunga | Difetto::TroppoAnnidata => "dai un nome alle parti, con campi `calcolato`",
            Difetto::NienteResto => "metti `resto` in una delle quote",
            Difetto::FasciaFinale => "togli `fino_a` all’ultima fascia",
            _ => return None,
        };
        Some(fixed.to_owned())
    }
}

/// `sezioni[0].campi[2].massimo, colonna 7: …`
impl fmt::Display for Rilievo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.dove.is_empty() { "modulo" } else { &self.dove })?;
        if let Some(colonna) = self.colonna {
            write!(f, ", colonna {colonna}")?;
        }
        write!(f, ": {}{}", if self.is_error() { "" } else { "avviso: " }, self.difetto)?;
        self.suggestion().map_or(Ok(()), |suggestion| write!(f, " ({suggestion})"))
    }
}

impl fmt::Display for Tipo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Importo => "un importo",
            Self::Numero => "un numero",
            Self::Testo => "un testo",
            Self::Data => "una data",
            Self::Booleano => "un sì o no",
            Self::Elenco => "un elenco di scelte",
        })
    }
}

impl fmt::Display for Difetto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vuota => f.write_str("l’espressione è vuota"),
            Self::FormulaLunga => write!(f, "l’espressione supera i {} caratteri", limiti::FORMULA_MAX),
            Self::TroppoAnnidata => f.write_str("l’espressione ha troppe parti una dentro l’altra"),
            Self::Carattere(c) => write!(f, "il carattere `{}` qui non significa niente", c.escape_debug()),
            Self::TestoAperto => f.write_str("un testo comincia qui e non finisce"),
            Self::NumeroIllegibile => f.write_str("questo numero non si legge"),
            Self::PuntoAmbiguo => f.write_str("il punto si può leggere in due modi"),
            Self::NumeroGrande => f.write_str("numero troppo grande, o con più di sei decimali (due, se è un importo)"),
            Self::Inatteso(trovato) => write!(f, "qui non può stare `{trovato}`"),
            Self::MancaParentesi => f.write_str("manca una parentesi chiusa, o `;` tra due argomenti"),
            Self::AllaFine(trovato) => write!(f, "l’espressione era finita, e poi c’è `{trovato}`"),
            Self::NomeSconosciuto(nome) => write!(f, "non c’è nessun campo `{nome}`"),
            Self::FunzioneSconosciuta(nome) => write!(f, "non c’è nessuna funzione né tabella `{nome}`"),
            Self::VieneDopo(nome) => write!(f, "`{nome}` viene dopo, e qui non c’è ancora"),
            Self::FuoriDalGruppo(nome) => write!(f, "`{nome}` è di un gruppo: ce n’è uno per riga"),
            Self::GruppoAperto(nome) => write!(f, "il gruppo `{nome}` qui non è ancora finito"),
            Self::NonUnGruppo(nome) => write!(f, "`{nome}` non è un gruppo"),
            Self::NonUnValore(nome) => write!(f, "`{nome}` non ha un valore"),
            Self::Tipi { operatore, sinistra, destra } => write!(f, "`{operatore}` non si può fare tra {sinistra} e {destra}"),
            Self::Atteso { cosa, trovato } => {
                let cosa: Vec<_> = cosa.iter().map(Tipo::to_string).collect();
                write!(f, "serve {}, e questo è {trovato}", cosa.join(" o "))
            }
            Self::Argomenti { funzione, attesi, trovati } => {
                write!(f, "`{funzione}` vuole {attesi} argomenti, e ne ha {trovati}")
            }
            Self::ServeUnCampo(funzione) => write!(f, "`{funzione}` vuole il nome di un campo"),
            Self::NonUnaScelta(testo) => write!(f, "`{testo}` non è tra le scelte del campo: non sarebbe mai vero"),
            Self::DivisoZero => f.write_str("divisione per zero"),
            Self::SceltaMancante(testo) => write!(f, "la tabella non dice niente per `{testo}`, e non ha `altrimenti`"),
            Self::NonCostante => f.write_str("qui va scritto un valore, non un calcolo"),
            Self::Versione(versione) => write!(f, "la versione {versione} di questo linguaggio non c’è: è la 1"),
            Self::Troppi { cosa, massimo } => write!(f, "troppi {cosa}: al massimo {massimo}"),
            Self::Nome(nome) => write!(
                f,
                "`{nome}` non può essere un nome: minuscole, cifre e `_`, prima una lettera, al massimo {} caratteri",
                limiti::NOME_MAX
            ),
            Self::NomeRiservato(nome) => write!(f, "`{nome}` è una parola del linguaggio"),
            Self::NomeDoppio(nome) => write!(f, "`{nome}` c’è già"),
            Self::Manca(membro) => write!(f, "manca `{membro}`"),
            Self::NonQui { membro, tipo } => write!(f, "`{membro}` non significa niente in un campo `{tipo}`"),
            Self::EtichettaVuota => f.write_str("senza etichetta nessuno sa che cosa scriverci"),
            Self::TestoLungo => write!(f, "testo più lungo di {} caratteri", limiti::TESTO_MAX),
            Self::SceltaDoppia(valore) => write!(f, "la scelta `{valore}` c’è due volte"),
            Self::SceltaVuota => f.write_str("una scelta ha un valore di una riga, da 1 a 60 caratteri, senza spazi intorno"),
            Self::MinimoOltreMassimo => f.write_str("il minimo è più del massimo"),
            Self::Intervallo { min, max } => write!(f, "serve un numero intero da {min} a {max}"),
            Self::Modello { troppo_lungo: true } => f.write_str("il modello è troppo lungo"),
            Self::Modello { troppo_lungo: false } => f.write_str("il modello da qui non si legge"),
            Self::GruppoNelGruppo => f.write_str("un gruppo non può stare in un altro"),
            Self::FasceNonCrescenti => f.write_str("le fasce vanno in ordine crescente"),
            Self::FasciaAperta => f.write_str("solo l’ultima fascia può essere senza `fino_a`"),
            Self::TabellaMista => f.write_str("una tabella ha `fasce`, oppure `chiavi`"),
            Self::ChiaveDoppia(chiave) => write!(f, "la chiave `{chiave}` c’è due volte"),
            Self::CampoDellaRegola(nome) => write!(f, "`{nome}` non è un campo a cui si possa dire qualcosa"),
            Self::DatoPersonale => {
                f.write_str("un codice fiscale non può stare nella causale: la vede chiunque esegua il pagamento")
            }
            Self::ServeCodiceFiscale => f.write_str("serve un campo `codice_fiscale`"),
            Self::ServeUnDato => f.write_str("serve almeno un campo di chi compila"),
            Self::PiuResti => f.write_str("`resto` c’è due volte"),
            Self::NienteResto => f.write_str("le quote non fanno il tutto in ogni caso"),
            Self::Quote => f.write_str("le quote percentuali superano il 100%"),
            Self::ImportoDelBollo => write!(f, "una marca da bollo è di {} €, né più né meno", crate::bollo::IMPORTO),
            Self::BolloConConto => f.write_str("una marca da bollo non va su un conto, né a un altro beneficiario"),
            Self::PiuBolli => f.write_str("un avviso ha una sola marca da bollo"),
            Self::ServeDocumento(nome) => write!(f, "`{nome}` non è un campo `documento` fuori dai gruppi"),
            Self::ServeProvincia(nome) => write!(
                f,
                "`{nome}` non è un campo `testo`, né una `scelta` tra sigle di provincia (due maiuscole), fuori dai gruppi"
            ),
            Self::ServeTesto(nome) => write!(f, "`{nome}` non è un campo `testo` fuori dai gruppi"),
            Self::ServeData(nome) => write!(f, "`{nome}` non è un campo `data` fuori dai gruppi"),
            Self::Indirizzo => f.write_str("serve un indirizzo https:// completo, senza spazi né nome utente"),
            Self::EsternoNonSolo => f.write_str("chi paga altrove qui non compila niente: con `esterno` il resto va tolto"),
            Self::Passi(passi) => write!(f, "{passi} passi nel caso peggiore: al massimo {}", limiti::PASSI_MAX),
            Self::TabellaInutile(nome) => write!(f, "la tabella `{nome}` non serve a nessuno"),
            Self::CampoInutile(nome) => write!(f, "`{nome}` è calcolato, non si vede e non serve a nessuno"),
            Self::FasciaFinale => f.write_str("oltre l’ultima fascia non c’è un valore: chi ci arriva non può pagare"),
        }
    }
}
