//! What is said about a field while it is filled in and after it was sent: by the server and by the islands, with the same words.
//!
//! The server knows every language; a browser knows none. So a page with islands carries these few sentences in its own language, in
//! a `<template>` that costs a kilobyte, and the islands read them there ([`Frasi::of_page`]).

use super::numeri::{euro, giorno, numero};
use domain::modulo::{Impedimento, Motivo};
use domain::{Importo, Lingua, Reason};
use std::sync::Arc;

/// The element of the page that holds them: `data-testi` a JSON array in the order of [`Frase`], `lang` the language.
pub const ID: &str = "frasi";

macro_rules! frasi {
    ($($name:ident = $it:literal,)+) => {
        /// Which sentence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Frase {
            $($name,)+
        }

        /// In Italian, in the order of [`Frase`]. A browser reads its own in the page.
        #[cfg(not(browser))]
        const ITALIANE: &[&str] = &[$($it,)+];
    };
}

frasi! {
    Copia = "Copia",
    Copiato = "Copiato",
    CopiaAMano = "Copia non riuscita: seleziona il codice e copialo a mano",
    AvvisoCompleto = "Il codice avviso è completo.",
    CodiceFiscaleCorretto = "Il codice fiscale è scritto correttamente.",
    SiAggiornaDaSola = "Questa pagina si aggiorna da sola.",
    AggiornaTu = "Abbiamo smesso di controllare: aggiorna la pagina per vedere l’esito.",
    Controllo = "Controllo in corso: di solito dura pochi secondi, poi la pagina va avanti da sola.",
    Inquadra = "Inquadra il codice QR con la fotocamera",
    Chiudi = "Chiudi la fotocamera",
    InquadraIlQr = "Inquadra il codice QR dell’avviso: lo leggiamo appena è nitido.",
    AltroCodice = "Questo codice non è di un avviso pagoPA: cerca il quadrato vicino all’importo.",
    CodiceLetto = "Codice letto: cerchiamo l’avviso.",
    CameraNegata = "La fotocamera non si è aperta: carica una foto dell’avviso, oppure scrivi il codice.",
    ImportoLetto = "Importo: {importo}",
    Errore = "Errore: ",
    Missing = "Compila questo campo.",
    TooLong = "Scrivi al massimo {max} caratteri.",
    TooShort = "Scrivi almeno {min} caratteri.",
    BadCharacters = "Ci sono caratteri che qui non si possono usare: scrivi solo lettere, cifre e punteggiatura comune.",
    NotDigits = "Scrivi solo cifre, senza lettere o simboli.",
    LengthOfAvviso = "Il codice avviso ha 18 cifre, non {found}.",
    LengthOfCodiceFiscale = "Il codice fiscale ha 16 caratteri (11 cifre per società e associazioni), non {found}.",
    LengthOfElevenDigits = "Servono 11 cifre, non {found}.",
    WrongLength = "Servono {expected} caratteri, non {found}.",
    WrongCheck = "C’è un carattere sbagliato: ricontrolla il codice, uno alla volta.",
    UnknownAuxDigit = "Il codice avviso comincia con 0, 1, 2 o 3: ricontrolla la prima cifra.",
    NotCodiceFiscale = "Non sembra un codice fiscale: ricontrolla lettere e cifre (oppure scrivi una partita IVA di 11 cifre).",
    NotIban = "Non sembra un IBAN: in Italia comincia con IT e ha 27 caratteri.",
    NotEmail = "Non sembra un indirizzo e-mail: scrivilo nella forma nome@esempio.it.",
    NotAmount = "Scrivi l’importo in euro con la virgola per i centesimi, per esempio 52,50.",
    AmbiguousAmount = "Non è chiaro se il punto separi le migliaia: scrivi anche i centesimi, per esempio 1.234,00.",
    TooPrecise = "Scrivi al massimo due cifre dopo la virgola.",
    Negative = "L’importo non può essere negativo.",
    AmountTooSmall = "L’importo minimo è {min}.",
    AmountTooLarge = "L’importo massimo è {max}.",
    QuantityOutOfRange = "Scrivi un numero intero da {min} a {max}.",
    NotAChoice = "Scegli una delle voci dell’elenco.",
    // one answer for every kind of miss: which one it was is nobody's business
    NotFound = "Non troviamo un avviso con questo codice. Ricontrolla le cifre; se sono giuste, chiedi all’ufficio che lo ha emesso.",
    PersonalData = "Togli il codice fiscale da questo testo: lo vede anche chi esegue il pagamento, e per i codici c’è il campo apposito.",
    Reserved = "Questo nome è riservato: scegline un altro.",
    BadFormat = "Il testo non è nella forma prevista: ricontrollalo.",
    // the form of a service says these too
    NonNumero = "Scrivi un numero in cifre, con la virgola per i decimali.",
    NonIntero = "Scrivi un numero intero, senza decimali.",
    TroppiDecimali = "Scrivi al massimo {max} cifre dopo la virgola di questo numero.",
    NumeroPiccolo = "Il numero più piccolo che puoi scrivere è {min}.",
    NumeroGrande = "Il numero più grande che puoi scrivere è {max}.",
    NonData = "Scrivi una data che esiste: giorno, mese e anno, per esempio 31/03/2026.",
    DataPrima = "La data non può essere prima del {min}.",
    DataDopo = "La data non può essere dopo il {max}.",
    PocheScelte = "Scegli almeno {min} voci.",
    TroppeScelte = "Scegli al massimo {max} voci.",
    TroppeRighe = "Puoi aggiungerne al massimo {max}.",
    NonTarga = "Non sembra una targa: scrivi lettere e cifre, per esempio AB123CD.",
    NonTelefono = "Non sembra un numero di telefono: scrivi solo cifre, con un + davanti al prefisso di un altro Paese.",
    NonImpronta = "Non sembra un’impronta SHA-256: sono 64 cifre esadecimali, oppure 44 caratteri in base64.",
    DocumentoVuoto = "Il documento è vuoto: scegli il file da presentare.",
    NonProvincia = "Scrivi la sigla della provincia: due lettere, per esempio BL.",
    ImprontaPronta = "L’impronta del documento è pronta.",
    ImprontaInCorso = "Calcoliamo l’impronta del documento: il file resta sul tuo dispositivo.",
    FileNonLetto = "Il file non si è aperto: sceglilo di nuovo, oppure scrivi la sua impronta.",
    Troppo = "Il risultato è troppo grande: ricontrolla i numeri che hai scritto.",
    PerZero = "Con questi numeri il calcolo non è possibile: ricontrolla quelli uguali a zero.",
    FuoriTabella = "Per questi dati non è prevista una tariffa: ricontrollali, o chiedi all’ufficio.",
    NonUnaData = "Da questi dati risulta un giorno che non esiste: ricontrolla le date.",
    Zero = "Con questi dati non c’è niente da pagare: ricontrollali.",
    Quote = "L’importo non si può dividere tra i beneficiari: chiedi all’ufficio.",
    Bollo = "La marca da bollo non risulta dell’importo previsto dalla legge: chiedi all’ufficio.",
    Interno = "L’importo non si può calcolare: chiedi all’ufficio.",
}

/// The sentences in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frasi {
    lingua: Lingua,
    testi: Arc<[String]>,
}

impl Frasi {
    /// In the language of the page that is being made.
    #[cfg(feature = "ssr")]
    pub fn of_page() -> Self {
        Self { lingua: super::lingue::lingua(), testi: ITALIANE.iter().map(|it| super::lingue::t(it).to_owned()).collect() }
    }

    /// Those the page carries; a page without them, or with others, speaks Italian only as far as names of sentences go: empty.
    #[cfg(browser)]
    pub fn of_page() -> Self {
        thread_local! {
            static HERE: Frasi = Frasi::read().unwrap_or_else(|| Frasi { lingua: Lingua::It, testi: Arc::new([]) });
        }
        HERE.with(Clone::clone)
    }

    #[cfg(browser)]
    fn read() -> Option<Self> {
        let element = super::carried(ID)?;
        // the browser's own parser costs nothing
        let testi = js_sys::Array::from(&js_sys::JSON::parse(&element.get_attribute("data-testi")?).ok()?);
        let testi = testi.iter().filter_map(|testo| testo.as_string()).collect();
        Some(Self { lingua: Lingua::of_code(&element.get_attribute("lang")?)?, testi })
    }

    /// Neither server nor browser: nothing is shown.
    #[cfg(not(any(feature = "ssr", browser)))]
    pub fn of_page() -> Self {
        Self { lingua: Lingua::It, testi: ITALIANE.iter().map(|it| (*it).to_owned()).collect() }
    }

    pub fn lingua(&self) -> Lingua {
        self.lingua
    }

    /// For `data-testi`.
    #[cfg(feature = "ssr")]
    pub fn testi(&self) -> &[String] {
        &self.testi
    }

    pub fn say(&self, frase: Frase) -> String {
        self.testi.get(frase as usize).cloned().unwrap_or_default()
    }

    fn with(&self, frase: Frase, values: &[(&str, String)]) -> String {
        values.iter().fold(self.say(frase), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    fn euro(&self, importo: Importo) -> String {
        euro(self.lingua, importo)
    }

    /// An amount that was understood.
    pub fn importo_letto(&self, importo: Importo) -> String {
        self.with(Frase::ImportoLetto, &[("importo", self.euro(importo))])
    }

    /// What is wrong with a field, and what to do.
    pub fn reason(&self, reason: &Reason) -> String {
        let numbers = |frase, min: String, max: String| self.with(frase, &[("min", min), ("max", max)]);
        self.say(match reason {
            Reason::TooLong { max } => return numbers(Frase::TooLong, String::new(), max.to_string()),
            Reason::TooShort { min } => return numbers(Frase::TooShort, min.to_string(), String::new()),
            Reason::AmountTooSmall { min } => return numbers(Frase::AmountTooSmall, self.euro(*min), String::new()),
            Reason::AmountTooLarge { max } => return numbers(Frase::AmountTooLarge, String::new(), self.euro(*max)),
            Reason::QuantityOutOfRange { min, max } => {
                return numbers(Frase::QuantityOutOfRange, min.to_string(), max.to_string());
            }
            Reason::WrongLength { expected, found } => return self.wrong_length(*expected, *found),
            Reason::Missing => Frase::Missing,
            Reason::BadCharacters => Frase::BadCharacters,
            Reason::NotDigits => Frase::NotDigits,
            Reason::WrongCheck => Frase::WrongCheck,
            Reason::UnknownAuxDigit => Frase::UnknownAuxDigit,
            Reason::NotCodiceFiscale => Frase::NotCodiceFiscale,
            Reason::NotIban => Frase::NotIban,
            Reason::NotEmail => Frase::NotEmail,
            Reason::NotAmount => Frase::NotAmount,
            Reason::AmbiguousAmount => Frase::AmbiguousAmount,
            Reason::TooPrecise => Frase::TooPrecise,
            Reason::Negative => Frase::Negative,
            Reason::NotAChoice => Frase::NotAChoice,
            Reason::NotFound => Frase::NotFound,
            Reason::PersonalData => Frase::PersonalData,
            Reason::Reserved => Frase::Reserved,
            Reason::BadFormat => Frase::BadFormat,
        })
    }

    /// What is wrong with a field of the form of a service, or with the form as a whole.
    pub fn motivo(&self, motivo: &Motivo) -> String {
        let min = |frase, min: String| self.with(frase, &[("min", min)]);
        let max = |frase, max: String| self.with(frase, &[("max", max)]);
        match motivo {
            Motivo::Reason(reason) => self.reason(reason),
            Motivo::Detto(detto) => detto.testo.clone(),
            Motivo::NonNumero => self.say(Frase::NonNumero),
            Motivo::TroppiDecimali { max: 0 } => self.say(Frase::NonIntero),
            Motivo::TroppiDecimali { max: decimali } => max(Frase::TroppiDecimali, decimali.to_string()),
            Motivo::NumeroPiccolo { min: least } => min(Frase::NumeroPiccolo, numero(self.lingua, *least)),
            Motivo::NumeroGrande { max: most } => max(Frase::NumeroGrande, numero(self.lingua, *most)),
            Motivo::NonData => self.say(Frase::NonData),
            Motivo::DataPrima { min: first } => min(Frase::DataPrima, giorno(self.lingua, *first)),
            Motivo::DataDopo { max: last } => max(Frase::DataDopo, giorno(self.lingua, *last)),
            Motivo::PocheScelte { min: least } => min(Frase::PocheScelte, least.to_string()),
            Motivo::TroppeScelte { max: most } => max(Frase::TroppeScelte, most.to_string()),
            Motivo::TroppeRighe { max: most } => max(Frase::TroppeRighe, most.to_string()),
            Motivo::NonTarga => self.say(Frase::NonTarga),
            Motivo::NonTelefono => self.say(Frase::NonTelefono),
            Motivo::NonImpronta => self.say(Frase::NonImpronta),
            Motivo::DocumentoVuoto => self.say(Frase::DocumentoVuoto),
            Motivo::NonProvincia => self.say(Frase::NonProvincia),
            Motivo::Calcolo(impedimento) => self.say(match impedimento {
                // told at the field it waits for
                Impedimento::Attesa { .. } | Impedimento::Vuoto { .. } => Frase::Missing,
                Impedimento::Troppo => Frase::Troppo,
                Impedimento::PerZero => Frase::PerZero,
                Impedimento::FuoriTabella => Frase::FuoriTabella,
                Impedimento::NonUnaData => Frase::NonUnaData,
                Impedimento::Zero => Frase::Zero,
                Impedimento::Quote => Frase::Quote,
                Impedimento::Bollo => Frase::Bollo,
                Impedimento::DatoPersonale => Frase::PersonalData,
                Impedimento::Interno => Frase::Interno,
            }),
        }
    }

    /// The codes of fixed length differ in it: the length alone tells which one was meant.
    fn wrong_length(&self, expected: u8, found: u16) -> String {
        let frase = match expected {
            18 => Frase::LengthOfAvviso,
            16 => Frase::LengthOfCodiceFiscale,
            11 => Frase::LengthOfElevenDigits,
            _ => Frase::WrongLength,
        };
        self.with(frase, &[("expected", expected.to_string()), ("found", found.to_string())])
    }
}

/// What is wrong with a field, in the language of the page.
#[cfg(feature = "ssr")]
pub fn reason(reason: &Reason) -> String {
    Frasi::of_page().reason(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::modulo::Numero;
    use std::collections::HashSet;

    fn every_reason() -> Vec<Reason> {
        let importo = Importo::of_cents(500);
        vec![
            Reason::Missing,
            Reason::TooLong { max: 70 },
            Reason::TooShort { min: 2 },
            Reason::BadCharacters,
            Reason::NotDigits,
            Reason::WrongLength { expected: 18, found: 17 },
            Reason::WrongLength { expected: 16, found: 17 },
            Reason::WrongLength { expected: 11, found: 17 },
            Reason::WrongLength { expected: 27, found: 17 },
            Reason::WrongCheck,
            Reason::UnknownAuxDigit,
            Reason::NotCodiceFiscale,
            Reason::NotIban,
            Reason::NotEmail,
            Reason::NotAmount,
            Reason::AmbiguousAmount,
            Reason::TooPrecise,
            Reason::Negative,
            Reason::AmountTooSmall { min: importo },
            Reason::AmountTooLarge { max: importo },
            Reason::QuantityOutOfRange { min: 1, max: 60 },
            Reason::NotAChoice,
            Reason::NotFound,
            Reason::PersonalData,
            Reason::Reserved,
            Reason::BadFormat,
        ]
    }

    fn every_motivo() -> Vec<Motivo> {
        let (day, two) = ("2026-03-31".parse().unwrap(), Numero::of_int(2).unwrap());
        let of_form = [
            Motivo::NonNumero,
            Motivo::TroppiDecimali { max: 0 },
            Motivo::TroppiDecimali { max: 2 },
            Motivo::NumeroPiccolo { min: two },
            Motivo::NumeroGrande { max: two },
            Motivo::NonData,
            Motivo::DataPrima { min: day },
            Motivo::DataDopo { max: day },
            Motivo::PocheScelte { min: 2 },
            Motivo::TroppeScelte { max: 2 },
            Motivo::TroppeRighe { max: 6 },
            Motivo::NonTarga,
            Motivo::NonTelefono,
            Motivo::NonImpronta,
            Motivo::DocumentoVuoto,
            Motivo::NonProvincia,
        ];
        let of_amount = [
            Impedimento::Troppo,
            Impedimento::PerZero,
            Impedimento::FuoriTabella,
            Impedimento::NonUnaData,
            Impedimento::Zero,
            Impedimento::Quote,
            Impedimento::Bollo,
            Impedimento::Interno,
        ];
        let reasons = every_reason().into_iter().map(Motivo::Reason);
        reasons.chain(of_form).chain(of_amount.map(Motivo::Calcolo)).collect()
    }

    #[test]
    fn a_form_says_its_limits_as_its_reader_writes_them() {
        let day = "2026-03-31".parse().unwrap();
        let motivi = [
            Motivo::NumeroGrande { max: Numero::of_millionths(2_500_000) },
            Motivo::DataPrima { min: day },
            Motivo::Calcolo(Impedimento::DatoPersonale),
            Motivo::Calcolo(Impedimento::Vuoto { campo: "al".into() }),
        ];
        let said = motivi.map(|motivo| Frasi::of_page().motivo(&motivo));
        assert_eq!(said[0], "Il numero più grande che puoi scrivere è 2,5.");
        assert_eq!(said[1], "La data non può essere prima del 31/03/2026.");
        assert_eq!(said[2..], [Reason::PersonalData, Reason::Missing].map(|reason| Frasi::of_page().reason(&reason)));
        let detto = Motivo::Detto(domain::modulo::Testi::it("Per esempio 3B.").say(Lingua::De));
        assert_eq!(Frasi::of_page().motivo(&detto), "Per esempio 3B.");
    }

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        let frasi = Frasi::of_page();
        let texts: Vec<_> = every_motivo().iter().map(|motivo| frasi.motivo(motivo)).collect();
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
        for text in texts {
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains(['\'', '"', '{']), "typographic apostrophes, no places left open: {text}");
        }
    }

    #[test]
    fn values_stand_where_they_belong() {
        let frasi = Frasi::of_page();
        let text = |expected, found| frasi.reason(&Reason::WrongLength { expected, found });
        assert_eq!(text(18, 17), "Il codice avviso ha 18 cifre, non 17.");
        assert_eq!(text(16, 15), "Il codice fiscale ha 16 caratteri (11 cifre per società e associazioni), non 15.");
        assert_eq!(frasi.reason(&Reason::AmountTooSmall { min: Importo::of_cents(500) }), "L’importo minimo è 5,00\u{a0}€.");
        assert_eq!(frasi.importo_letto(Importo::of_cents(500)), "Importo: 5,00\u{a0}€");
    }
}
