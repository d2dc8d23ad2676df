//! What every notice says, in Italian and in the second languages of Italian papers.
//!
//! Italian: word for word as pagoPA prints it (Avviso di pagamento 3.3, fixed texts). The others say the same in our words, and go where
//! the Italian is. No text is longer than a drawn one may be ([`crate::pdf::text::TEXT_MAX`]): a test sees to it.

/// A language that stands beside the Italian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lingua {
    De,
    En,
    Fr,
    Sl,
}

impl Lingua {
    pub const ALL: [Self; 4] = [Self::De, Self::En, Self::Fr, Self::Sl];

    /// Beside the Italian for who reads that language; `None`: Italian is enough.
    pub const fn of(lingua: domain::Lingua) -> Option<Self> {
        match lingua {
            domain::Lingua::It => None,
            domain::Lingua::De => Some(Self::De),
            domain::Lingua::En => Some(Self::En),
            domain::Lingua::Fr => Some(Self::Fr),
            domain::Lingua::Sl => Some(Self::Sl),
        }
    }

    /// The tag of BCP 47: screen readers change their voice by it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::De => "de-IT",
            Self::En => "en",
            Self::Fr => "fr-IT",
            Self::Sl => "sl-IT",
        }
    }

    pub(super) const fn testi(self) -> &'static Testi {
        match self {
            Self::De => &DE,
            Self::En => &EN,
            Self::Fr => &FR,
            Self::Sl => &SL,
        }
    }
}

/// `{n}` and `{m}` are numbers.
pub(super) struct Testi {
    pub(super) avviso: &'static str,
    pub(super) ente_creditore: &'static str,
    pub(super) destinatario: &'static str,
    pub(super) quanto_e_quando: &'static str,
    pub(super) quanto: &'static str,
    pub(super) dove: &'static str,
    pub(super) importo: &'static str,
    pub(super) entro_il: &'static str,
    pub(super) intero_o_rate: &'static str,
    pub(super) solo_rate: &'static str,
    pub(super) aggiornato: &'static str,
    pub(super) io_titolo: &'static str,
    pub(super) io: &'static str,
    pub(super) territorio_titolo: &'static str,
    pub(super) territorio: &'static str,
    pub(super) dati: &'static str,
    pub(super) rata_unica: &'static str,
    pub(super) rata: &'static str,
    pub(super) oggetto: &'static str,
    pub(super) cbill: &'static str,
    pub(super) codice: &'static str,
    pub(super) codice_fiscale: &'static str,
    pub(super) inquadra_accanto: &'static str,
    pub(super) inquadra_sopra: &'static str,
    /// Where three stand in a row.
    pub(super) inquadra_breve: &'static str,
    pub(super) scontato: &'static str,
    pub(super) ridotto: &'static str,
    pub(super) intero: &'static str,
    pub(super) entro_giorni: &'static str,
    pub(super) dal_al_giorno: &'static str,
    pub(super) dalla_notifica: &'static str,
    pub(super) scegli: &'static str,
    pub(super) scadenze_titolo: &'static str,
    pub(super) scadenze: &'static str,
    pub(super) giacenza_titolo: &'static str,
    pub(super) giacenza: &'static str,
    pub(super) giacenza_oltre: &'static str,
    pub(super) senza_nome: &'static str,
}

pub(super) static IT: Testi = Testi {
    avviso: "AVVISO DI PAGAMENTO",
    ente_creditore: "Ente creditore",
    destinatario: "Destinatario",
    quanto_e_quando: "QUANTO E QUANDO PAGARE?",
    quanto: "QUANTO PAGARE?",
    dove: "DOVE PAGARE?",
    importo: "Importo",
    entro_il: "entro il",
    intero_o_rate: "Puoi pagare per intero oppure in {n} rate",
    solo_rate: "Puoi pagare in {n} rate",
    aggiornato: "In fase di pagamento, se previsto dall’ente, l'importo potrebbe essere aggiornato automaticamente e subire \
                 variazioni in diminuzione (per sgravi, note di credito) o in aumento (per sanzioni, interessi, ecc.).",
    io_titolo: "PAGA CON L'APP IO",
    io: "oppure sul sito dell'ente, dal tuo Home Banking, con la tua app di pagamento o con gli altri canali abilitati.",
    territorio_titolo: "PAGA SUL TERRITORIO",
    territorio: "presso Banche e Sportelli ATM, negli Uffici Postali e Punti Postali, nei Bar, Edicole, Ricevitorie, Supermercati, \
                 Tabaccherie e altri Esercenti Convenzionati.",
    dati: "DATI PER IL PAGAMENTO",
    rata_unica: "Rata unica",
    rata: "Rata {n}",
    oggetto: "Oggetto del pagamento",
    cbill: "Cod. CBILL",
    codice: "Cod. Avviso",
    codice_fiscale: "Cod. Fiscale Ente",
    inquadra_accanto: "Inquadra il codice QR con la tua app di pagamento o usa i dati accanto.",
    inquadra_sopra: "Inquadra il codice QR con la tua app di pagamento o usa i dati sopra",
    inquadra_breve: "Inquadra il codice QR con la tua app o usa i dati sopra",
    scontato: "Importo scontato del {n}%",
    ridotto: "Importo ridotto",
    intero: "Importo intero",
    entro_giorni: "entro {n} giorni",
    dal_al_giorno: "dal {n}º al {m}º giorno",
    dalla_notifica: "dalla notifica del verbale",
    scegli: "Scegli l'importo corretto per i termini previsti, altrimenti riceverai altre richieste di pagamento per le somme \
             residue ed eventuali somme aggiuntive",
    scadenze_titolo: "Come si calcolano le scadenze?",
    scadenze: "Il giorno della notifica non si conta. Se la scadenza è di domenica (o festivo), puoi pagare anche il primo giorno \
               feriale successivo.",
    giacenza_titolo: "Cosa succede in caso di giacenza?",
    giacenza: "La notifica corrisponde al giorno del ritiro, se questo avviene entro 10 giorni dalla data di deposito (la data più \
               vecchia sull’avviso di giacenza).",
    giacenza_oltre: "Se non ritiri il verbale entro i 10 giorni, calcola le scadenze iniziando a contare dall’undicesimo giorno.",
    senza_nome: "Il nome non compare: questo avviso è stato chiesto con il solo codice, e chi lo chiede può non essere il \
                 destinatario.",
};

static DE: Testi = Testi {
    avviso: "ZAHLUNGSMITTEILUNG",
    ente_creditore: "Gläubigerkörperschaft",
    destinatario: "Empfänger",
    quanto_e_quando: "WIE VIEL UND WANN ZAHLEN?",
    quanto: "WIE VIEL ZAHLEN?",
    dove: "WO ZAHLEN?",
    importo: "Betrag",
    entro_il: "fällig am",
    intero_o_rate: "Sie können den ganzen Betrag oder in {n} Raten zahlen",
    solo_rate: "Sie können in {n} Raten zahlen",
    aggiornato: "Sieht die Körperschaft es vor, kann der Betrag bei der Zahlung automatisch angepasst werden: er sinkt (Abzüge, \
                 Gutschriften) oder steigt (Strafen, Zinsen usw.).",
    io_titolo: "MIT DER APP IO ZAHLEN",
    io: "oder auf der Website der Körperschaft, mit Home Banking, mit Ihrer Zahlungs-App oder über die anderen zugelassenen Wege.",
    territorio_titolo: "VOR ORT ZAHLEN",
    territorio: "in Banken und an Bankautomaten, in Postämtern und Poststellen, in Bars, Zeitungskiosken, Annahmestellen, \
                 Supermärkten, Tabaktrafiken und anderen beteiligten Geschäften.",
    dati: "ZAHLUNGSDATEN",
    rata_unica: "Einmalzahlung",
    rata: "{n}. Rate",
    oggetto: "Zahlungsgrund",
    cbill: "CBILL-Kodex",
    codice: "Kodex der Mitteilung",
    codice_fiscale: "Steuernummer der Körperschaft",
    inquadra_accanto: "QR-Code mit der Zahlungs-App scannen oder die Daten daneben verwenden.",
    inquadra_sopra: "QR-Code mit der Zahlungs-App scannen oder die Daten oben verwenden",
    inquadra_breve: "QR-Code scannen oder die Daten oben verwenden",
    scontato: "Um {n}% ermäßigter Betrag",
    ridotto: "Herabgesetzter Betrag",
    intero: "Voller Betrag",
    entro_giorni: "innerhalb von {n} Tagen",
    dal_al_giorno: "vom {n}. bis zum {m}. Tag",
    dalla_notifica: "ab Zustellung des Protokolls",
    scegli: "Wählen Sie den Betrag, der Ihrer Frist entspricht: sonst werden der Rest und allfällige weitere Beträge nachgefordert",
    scadenze_titolo: "Wie werden die Fristen berechnet?",
    scadenze: "Der Tag der Zustellung zählt nicht. Fällt das Ende der Frist auf einen Sonn- oder Feiertag, kann man auch am \
               nächsten Werktag zahlen.",
    giacenza_titolo: "Was gilt, wenn die Sendung bei der Post liegt?",
    giacenza: "Als Zustellung gilt der Tag der Abholung, wenn man sie innerhalb von 10 Tagen ab der Hinterlegung abholt (das \
               älteste Datum auf der Abholbenachrichtigung).",
    giacenza_oltre: "Holt man das Protokoll nicht innerhalb der 10 Tage ab, werden die Fristen vom elften Tag an gezählt.",
    senza_nome: "Der Name fehlt: diese Mitteilung wurde allein mit dem Kodex abgerufen, vielleicht nicht vom Empfänger.",
};

static EN: Testi = Testi {
    avviso: "PAYMENT NOTICE",
    ente_creditore: "Payee",
    destinatario: "Recipient",
    quanto_e_quando: "HOW MUCH AND WHEN TO PAY?",
    quanto: "HOW MUCH TO PAY?",
    dove: "WHERE TO PAY?",
    importo: "Amount",
    entro_il: "by",
    intero_o_rate: "You can pay the whole amount, or pay in {n} instalments",
    solo_rate: "You can pay in {n} instalments",
    aggiornato: "If the payee provides for it, the amount may be updated when you pay: it may go down (relief, credit notes) or up \
                 (penalties, interest, etc.).",
    io_titolo: "PAY WITH THE IO APP",
    io: "or on the payee’s website, with your home banking, with your payment app or through the other enabled channels.",
    territorio_titolo: "PAY NEAR YOU",
    territorio: "at banks and cash machines, at post offices and postal points, in cafés, newsstands, betting shops, supermarkets, \
                 tobacconists and other participating shops.",
    dati: "PAYMENT DETAILS",
    rata_unica: "Single payment",
    rata: "Instalment {n}",
    oggetto: "Subject of the payment",
    cbill: "CBILL code",
    codice: "Notice code",
    codice_fiscale: "Payee tax code",
    inquadra_accanto: "Scan the QR code with your payment app or use the details beside it.",
    inquadra_sopra: "Scan the QR code with your payment app or use the details above",
    inquadra_breve: "Scan the QR code or use the details above",
    scontato: "Amount with {n}% off",
    ridotto: "Reduced amount",
    intero: "Full amount",
    entro_giorni: "within {n} days",
    dal_al_giorno: "from day {n} to day {m}",
    dalla_notifica: "after the report is served",
    scegli: "Choose the amount that fits your deadline: otherwise you will be asked for the rest, and for any extra charges",
    scadenze_titolo: "How are the deadlines counted?",
    scadenze: "The day of service does not count. If the deadline is a Sunday (or a public holiday), you can still pay on the next \
               working day.",
    giacenza_titolo: "What if the letter waits at the post office?",
    giacenza: "It counts as served on the day you collect it, if that is within 10 days of its deposit (the earliest date on the \
               collection slip).",
    giacenza_oltre: "If you do not collect it within those 10 days, count the deadlines from the eleventh day.",
    senza_nome: "No name is shown: this notice was asked for with its code alone, perhaps not by the recipient.",
};

static FR: Testi = Testi {
    avviso: "AVIS DE PAIEMENT",
    ente_creditore: "Organisme créancier",
    destinatario: "Destinataire",
    quanto_e_quando: "COMBIEN ET QUAND PAYER ?",
    quanto: "COMBIEN PAYER ?",
    dove: "OÙ PAYER ?",
    importo: "Montant",
    entro_il: "au plus tard le",
    intero_o_rate: "Vous pouvez payer en totalité ou en {n} versements",
    solo_rate: "Vous pouvez payer en {n} versements",
    aggiornato: "Si l’organisme le prévoit, le montant peut être mis à jour au moment du paiement : à la baisse (dégrèvements, avoirs) \
                 ou à la hausse (sanctions, intérêts, etc.).",
    io_titolo: "PAYEZ AVEC L’APPLI IO",
    io: "ou sur le site de l’organisme, depuis votre banque en ligne, avec votre appli de paiement ou par les autres canaux habilités.",
    territorio_titolo: "PAYEZ PRÈS DE CHEZ VOUS",
    territorio: "dans les banques et aux distributeurs, dans les bureaux de poste et points postaux, les bars, kiosques, points de jeux, \
                 supermarchés, bureaux de tabac et autres commerces conventionnés.",
    dati: "DONNÉES DU PAIEMENT",
    rata_unica: "Versement unique",
    rata: "Versement {n}",
    oggetto: "Objet du paiement",
    cbill: "Code CBILL",
    codice: "Code de l’avis",
    codice_fiscale: "Code fiscal de l’organisme",
    inquadra_accanto: "Scannez le code QR avec votre appli de paiement ou utilisez les données ci-contre.",
    inquadra_sopra: "Scannez le code QR avec votre appli de paiement ou utilisez les données ci-dessus",
    inquadra_breve: "Scannez le code QR ou utilisez les données ci-dessus",
    scontato: "Montant réduit de {n} %",
    ridotto: "Montant minoré",
    intero: "Montant entier",
    entro_giorni: "dans les {n} jours",
    dal_al_giorno: "du {n}e au {m}e jour",
    dalla_notifica: "après notification du procès-verbal",
    scegli: "Choisissez le montant qui correspond à votre délai, sinon le solde et d’éventuels frais vous seront demandés",
    scadenze_titolo: "Comment calcule-t-on les délais ?",
    scadenze: "Le jour de la notification ne compte pas. Si le délai expire un dimanche (ou un jour férié), vous pouvez encore payer le \
               premier jour ouvrable qui suit.",
    giacenza_titolo: "Et si le pli reste en dépôt à la poste ?",
    giacenza: "La notification a lieu le jour du retrait, si celui-ci intervient dans les 10 jours qui suivent le dépôt (la date la plus \
               ancienne de l’avis de passage).",
    giacenza_oltre: "Sans retrait dans ces 10 jours, comptez les délais à partir du onzième jour.",
    senza_nome: "Le nom ne figure pas : cet avis a été demandé par son seul code, peut-être pas par le destinataire.",
};

static SL: Testi = Testi {
    avviso: "OBVESTILO O PLAČILU",
    ente_creditore: "Upnik",
    destinatario: "Prejemnik",
    quanto_e_quando: "KOLIKO IN KDAJ PLAČATI?",
    quanto: "KOLIKO PLAČATI?",
    dove: "KJE PLAČATI?",
    importo: "Znesek",
    entro_il: "do",
    intero_o_rate: "Plačate lahko v celoti ali v {n} obrokih",
    solo_rate: "Plačate lahko v {n} obrokih",
    aggiornato: "Če upnik tako določa, se lahko znesek ob plačilu samodejno spremeni: zniža se (odpisi, dobropisi) ali zviša (kazni, \
                 obresti itd.).",
    io_titolo: "PLAČAJTE Z APLIKACIJO IO",
    io: "ali na spletni strani upnika, prek spletne banke, s svojo plačilno aplikacijo ali po drugih omogočenih poteh.",
    territorio_titolo: "PLAČAJTE V SVOJI BLIŽINI",
    territorio: "v bankah in na bankomatih, na poštah in poštnih točkah, v barih, kioskih, stavnicah, supermarketih, trafikah in \
                 drugih sodelujočih prodajalnah.",
    dati: "PODATKI ZA PLAČILO",
    rata_unica: "Enkratno plačilo",
    rata: "{n}. obrok",
    oggetto: "Namen plačila",
    cbill: "Koda CBILL",
    codice: "Koda obvestila",
    codice_fiscale: "Davčna številka upnika",
    inquadra_accanto: "Kodo QR skenirajte s plačilno aplikacijo ali uporabite podatke ob njej.",
    inquadra_sopra: "Kodo QR skenirajte s plačilno aplikacijo ali uporabite zgornje podatke",
    inquadra_breve: "Kodo QR skenirajte ali uporabite zgornje podatke",
    scontato: "Znesek s {n}-odstotnim popustom",
    ridotto: "Znižani znesek",
    intero: "Celoten znesek",
    entro_giorni: "v {n} dneh",
    dal_al_giorno: "od {n}. do {m}. dne",
    dalla_notifica: "od vročitve zapisnika",
    scegli: "Izberite znesek, ki ustreza vašemu roku, sicer bomo od vas zahtevali razliko in morebitne dodatne zneske",
    scadenze_titolo: "Kako se štejejo roki?",
    scadenze: "Dan vročitve se ne šteje. Če se rok izteče v nedeljo (ali na praznik), lahko plačate še prvi naslednji delovni dan.",
    giacenza_titolo: "Kaj pa, če pošiljka čaka na pošti?",
    giacenza: "Za vročitev velja dan prevzema, če pošiljko prevzamete v 10 dneh od hrambe (najstarejši datum na obvestilu o prispeli \
               pošiljki).",
    giacenza_oltre: "Če zapisnika v 10 dneh ne prevzamete, se roki štejejo od enajstega dne.",
    senza_nome: "Ime ni navedeno: obvestilo je bilo zahtevano samo s kodo, morda ne od prejemnika.",
};

/// The number in its place.
pub(super) fn con(testo: &str, n: usize) -> String {
    testo.replace("{n}", &n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::fonts::{Face, Fonts};
    use crate::pdf::text::drawable;

    impl Testi {
        fn all(&self) -> Vec<&'static str> {
            let Self { avviso, ente_creditore, destinatario, quanto_e_quando, quanto, dove, importo, entro_il, .. } = *self;
            let Self { intero_o_rate, solo_rate, aggiornato, io_titolo, io, territorio_titolo, territorio, dati, .. } = *self;
            let Self {
                rata_unica,
                rata,
                oggetto,
                cbill,
                codice,
                codice_fiscale,
                inquadra_accanto,
                inquadra_sopra,
                inquadra_breve,
                ..
            } = *self;
            let Self { scontato, ridotto, intero, entro_giorni, dal_al_giorno, dalla_notifica, scegli, scadenze_titolo, .. } =
                *self;
            let Self { scadenze, giacenza_titolo, giacenza, giacenza_oltre, senza_nome, .. } = *self;
            vec![
                avviso,
                ente_creditore,
                destinatario,
                quanto_e_quando,
                quanto,
                dove,
                importo,
                entro_il,
                intero_o_rate,
                solo_rate,
                aggiornato,
                io_titolo,
                io,
                territorio_titolo,
                territorio,
                dati,
                rata_unica,
                rata,
                oggetto,
                cbill,
                codice,
                codice_fiscale,
                inquadra_accanto,
                inquadra_sopra,
                inquadra_breve,
                scontato,
                ridotto,
                intero,
                entro_giorni,
                dal_al_giorno,
                dalla_notifica,
                scegli,
                scadenze_titolo,
                scadenze,
                giacenza_titolo,
                giacenza,
                giacenza_oltre,
                senza_nome,
            ]
        }
    }

    #[test]
    fn every_text_can_be_drawn_whole_in_every_face() {
        let fonts = Fonts::load().unwrap();
        for testi in [&IT, &DE, &EN, &FR, &SL] {
            for text in testi.all() {
                for face in [Face::Regular, Face::Bold] {
                    // a narrow no-break space would be drawn as a no-break space: there is none
                    assert_eq!(drawable(fonts, face, text), text);
                }
            }
        }
    }

    #[test]
    fn every_language_has_the_numbers_of_the_italian() {
        for lingua in Lingua::ALL {
            for (it, text) in IT.all().into_iter().zip(lingua.testi().all()) {
                assert_eq!(it.contains("{n}"), text.contains("{n}"), "{text}");
                assert_eq!(it.contains("{m}"), text.contains("{m}"), "{text}");
                assert!(!text.is_empty());
            }
        }
    }
}
