//! What the demo's services say in other languages. Two of them are left in Italian: so one sees what an ente that has not
//! translated everything looks like.

use domain::Lingua;
use domain::modulo::Testi;
use domain::servizio::Insegna;
use std::collections::BTreeMap;

/// The languages of a row, after the Italian.
const LINGUE: [Lingua; 4] = [Lingua::En, Lingua::De, Lingua::Fr, Lingua::Sl];

/// A text with the translations there are.
pub(super) fn testi(it: &str) -> Testi {
    let row = TESTI.iter().find(|row| row[0] == it);
    row.into_iter()
        .flat_map(|row| LINGUE.into_iter().zip(&row[1..]))
        .fold(Testi::it(it), |testi, (lingua, testo)| testi.with(lingua, *testo))
}

/// In each language in which name, description and topic are there.
pub(super) fn insegne(nome: &str, descrizione: &str, argomento: &str) -> BTreeMap<Lingua, Insegna> {
    let [nome, descrizione, argomento] = [nome, descrizione, argomento].map(testi);
    let said = |testi: &Testi, lingua| Some(testi.say(lingua)).filter(|detto| detto.lingua == lingua).map(|detto| detto.testo);
    let insegna = |lingua| {
        let insegna = Insegna {
            nome: said(&nome, lingua)?,
            descrizione: said(&descrizione, lingua)?,
            argomento: said(&argomento, lingua)?,
        };
        Some((lingua, insegna))
    };
    LINGUE.into_iter().filter_map(insegna).collect()
}

/// Italian, English, German, French, Slovene.
const TESTI: &[[&str; 5]] = &[
    // what all of them say
    [
        super::servizi::SENZA_AVVISO,
        "Fill in the form, check the summary and pay online by card, account or app. You get the receipt straight away.",
        "Füllen Sie das Formular aus, prüfen Sie die Zusammenfassung und bezahlen Sie online mit Karte, Konto oder App. Die Quittung erhalten Sie sofort.",
        "Remplissez le formulaire, vérifiez le récapitulatif et payez en ligne par carte, compte ou application. Vous recevez la quittance immédiatement.",
        "Izpolnite obrazec, preverite povzetek in plačajte na spletu s kartico, računom ali aplikacijo. Potrdilo prejmete takoj.",
    ],
    [
        super::servizi::CON_AVVISO,
        "Enter the 18-digit notice code from the municipality's letter and pay online; or pay with the same notice at a bank, post office, tobacconist or in your app.",
        "Geben Sie den 18-stelligen Code der Zahlungsmitteilung aus dem Schreiben der Gemeinde ein und bezahlen Sie online; oder bezahlen Sie mit derselben Mitteilung in der Bank, bei der Post, im Tabakladen oder in Ihrer App.",
        "Saisissez le code à 18 chiffres de l’avis qui figure sur la lettre de la commune et payez en ligne ; ou payez avec le même avis à la banque, à la poste, au bureau de tabac ou dans votre application.",
        "Vnesite 18-mestno kodo obvestila iz dopisa občine in plačajte na spletu; ali pa z istim obvestilom plačajte v banki, na pošti, v trafiki ali v svoji aplikaciji.",
    ],
    [
        "Il codice fiscale della persona a cui è intestato il pagamento",
        "The Italian tax code (codice fiscale) of the person the payment is for",
        "Die Steuernummer (codice fiscale) der Person, auf die die Zahlung lautet",
        "Le code fiscal (codice fiscale) de la personne au nom de laquelle le paiement est fait",
        "Davčna številka (codice fiscale) osebe, na katero se plačilo glasi",
    ],
    [
        "Una carta, un conto online o un'app per pagare",
        "A card, an online account or an app to pay with",
        "Eine Karte, ein Onlinekonto oder eine App zum Bezahlen",
        "Une carte, un compte en ligne ou une application pour payer",
        "Kartico, spletni račun ali aplikacijo za plačilo",
    ],
    [
        "L'avviso di pagamento ricevuto dal Comune",
        "The payment notice from the municipality",
        "Die Zahlungsmitteilung der Gemeinde",
        "L’avis de paiement reçu de la commune",
        "Plačilno obvestilo občine",
    ],
    [
        "La ricevuta del pagamento, da stampare o conservare: vale come quietanza.",
        "The receipt of the payment, to print or keep: it is a full proof of payment.",
        "Die Quittung der Zahlung, zum Drucken oder Aufbewahren: Sie gilt als Zahlungsnachweis.",
        "La quittance du paiement, à imprimer ou à conserver : elle vaut preuve de paiement.",
        "Potrdilo o plačilu, ki ga natisnete ali shranite: velja kot dokazilo o plačilu.",
    ],
    [
        "Il Comune non chiede altro. La banca o il servizio che scegli per pagare può applicare una commissione, che vedi prima di confermare.",
        "The municipality charges nothing else. The bank or service you choose to pay with may charge a fee, which you see before you confirm.",
        "Die Gemeinde verlangt nichts weiter. Die Bank oder der Dienst, den Sie zum Bezahlen wählen, kann eine Gebühr erheben, die Sie vor der Bestätigung sehen.",
        "La commune ne demande rien d’autre. La banque ou le service que vous choisissez pour payer peut appliquer des frais, que vous voyez avant de confirmer.",
        "Občina ne zahteva ničesar drugega. Banka ali storitev, ki jo izberete za plačilo, lahko zaračuna provizijo, ki jo vidite pred potrditvijo.",
    ],
    [
        "Ufficio relazioni con il pubblico, da lunedì a venerdì dalle 9 alle 12.30",
        "Public relations office (URP), Monday to Friday, 9:00 to 12:30",
        "Bürgerbüro (URP), Montag bis Freitag von 9 bis 12.30 Uhr",
        "Bureau des relations avec le public (URP), du lundi au vendredi de 9 h à 12 h 30",
        "Urad za stike z javnostmi (URP), od ponedeljka do petka od 9. do 12.30 ure",
    ],
    // topics
    ["Scuola e istruzione", "School and education", "Schule und Bildung", "École et éducation", "Šola in izobraževanje"],
    ["Tributi", "Local taxes", "Gemeindesteuern", "Impôts locaux", "Občinski davki"],
    ["Polizia locale", "Local police", "Ortspolizei", "Police locale", "Občinska policija"],
    [
        "Anagrafe e certificati",
        "Registry and certificates",
        "Meldeamt und Bescheinigungen",
        "État civil et certificats",
        "Register prebivalstva in potrdila",
    ],
    ["Partecipazione", "Taking part", "Bürgerbeteiligung", "Participation", "Sodelovanje občanov"],
    // the services, one after the other
    ["Mensa scolastica", "School meals", "Schulmensa", "Cantine scolaire", "Šolska prehrana"],
    [
        "Ricarica i pasti o paga la quota mensile della mensa.",
        "Top up meals or pay the monthly fee for the canteen.",
        "Laden Sie Mahlzeiten auf oder bezahlen Sie die Monatsgebühr der Mensa.",
        "Rechargez les repas ou payez la cotisation mensuelle de la cantine.",
        "Doplačajte obroke ali plačajte mesečni prispevek za prehrano.",
    ],
    [
        "Alle famiglie degli alunni iscritti alla mensa delle scuole dell'infanzia e primarie.",
        "Families of pupils enrolled in the canteen of nursery and primary schools.",
        "Familien von Kindern, die an der Mensa der Kindergärten und Grundschulen angemeldet sind.",
        "Aux familles des élèves inscrits à la cantine des écoles maternelles et primaires.",
        "Družinam otrok, prijavljenih na prehrano v vrtcih in osnovnih šolah.",
    ],
    [
        "La ricarica è visibile il giorno dopo il pagamento. La quota mensile si paga entro il giorno 10.",
        "The top-up shows the day after the payment. The monthly fee is due by the 10th.",
        "Die Aufladung ist am Tag nach der Zahlung sichtbar. Die Monatsgebühr ist bis zum 10. zu bezahlen.",
        "La recharge est visible le lendemain du paiement. La cotisation mensuelle est à payer avant le 10.",
        "Doplačilo je vidno dan po plačilu. Mesečni prispevek se plača do 10. v mesecu.",
    ],
    ["Trasporto scolastico", "School bus", "Schülerbeförderung", "Transport scolaire", "Šolski prevoz"],
    [
        "Paga l'abbonamento allo scuolabus.",
        "Pay for a school bus pass.",
        "Bezahlen Sie das Abonnement für den Schulbus.",
        "Payez l’abonnement au car scolaire.",
        "Plačajte vozovnico za šolski avtobus.",
    ],
    [
        "Alle famiglie degli alunni iscritti allo scuolabus.",
        "Families of pupils enrolled for the school bus.",
        "Familien von Kindern, die für den Schulbus angemeldet sind.",
        "Aux familles des élèves inscrits au car scolaire.",
        "Družinam otrok, prijavljenih na šolski avtobus.",
    ],
    [
        "L'abbonamento annuale si paga entro il 15 settembre.",
        "The annual pass is due by 15 September.",
        "Das Jahresabonnement ist bis zum 15. September zu bezahlen.",
        "L’abonnement annuel est à payer avant le 15 septembre.",
        "Letna vozovnica se plača do 15. septembra.",
    ],
    [
        "TARI - Tassa sui rifiuti",
        "TARI - Waste tax",
        "TARI - Müllgebühr",
        "TARI - Taxe sur les déchets",
        "TARI - Davek na odpadke",
    ],
    [
        "Paga la tassa sui rifiuti, tutta insieme o a rate.",
        "Pay the waste tax, all at once or in instalments.",
        "Bezahlen Sie die Müllgebühr auf einmal oder in Raten.",
        "Payez la taxe sur les déchets, en une fois ou par versements.",
        "Plačajte davek na odpadke v celoti ali po obrokih.",
    ],
    [
        "A chi possiede o occupa locali che producono rifiuti.",
        "Whoever owns or uses premises that produce waste.",
        "Alle, die Räume besitzen oder nutzen, in denen Müll anfällt.",
        "À qui possède ou occupe des locaux qui produisent des déchets.",
        "Vsem, ki imajo ali uporabljajo prostore, v katerih nastajajo odpadki.",
    ],
    [
        "Le scadenze sono scritte sull'avviso. Puoi pagare la rata unica oppure le singole rate.",
        "The due dates are on the notice. You can pay the whole amount or each instalment.",
        "Die Fälligkeiten stehen auf der Zahlungsmitteilung. Sie können den ganzen Betrag oder die einzelnen Raten bezahlen.",
        "Les échéances figurent sur l’avis. Vous pouvez payer le montant unique ou chaque versement.",
        "Roki so navedeni na obvestilu. Plačate lahko celoten znesek ali posamezne obroke.",
    ],
    ["Multe e contravvenzioni", "Fines", "Strafzettel und Bußgelder", "Amendes et contraventions", "Kazni in prekrški"],
    [
        "Paga un verbale della Polizia locale.",
        "Pay a fine from the local police.",
        "Bezahlen Sie ein Protokoll der Ortspolizei.",
        "Payez un procès-verbal de la police locale.",
        "Plačajte kazen občinske policije.",
    ],
    [
        "A chi ha ricevuto un verbale o un preavviso di contravvenzione.",
        "Whoever received a fine or a note of one on the windscreen.",
        "Alle, die ein Protokoll oder einen Strafzettel erhalten haben.",
        "À qui a reçu un procès-verbal ou un avis de contravention.",
        "Vsem, ki so prejeli zapisnik ali obvestilo o prekršku.",
    ],
    [
        "L'avviso allegato al verbale",
        "The notice that came with the fine",
        "Die Zahlungsmitteilung, die dem Protokoll beiliegt",
        "L’avis joint au procès-verbal",
        "Obvestilo, priloženo zapisniku",
    ],
    [
        "Entro 5 giorni dalla notifica la somma è ridotta del 30 per cento, dove previsto; entro 60 giorni si paga la somma intera.",
        "Within 5 days of notification the amount is reduced by 30 per cent, where the law allows it; within 60 days the whole amount is due.",
        "Innerhalb von 5 Tagen ab Zustellung ist der Betrag um 30 Prozent ermäßigt, wo vorgesehen; innerhalb von 60 Tagen ist der volle Betrag zu bezahlen.",
        "Dans les 5 jours de la notification, le montant est réduit de 30 pour cent, si la loi le prévoit ; dans les 60 jours, on paie le montant entier.",
        "V 5 dneh od vročitve je znesek znižan za 30 odstotkov, kjer je to predvideno; v 60 dneh se plača celoten znesek.",
    ],
    ["Marca da bollo digitale", "Digital revenue stamp", "Digitale Stempelmarke", "Timbre fiscal numérique", "Digitalni kolek"],
    [
        "Compra la marca da bollo per un’istanza o un atto da presentare online al Comune.",
        "Buy the revenue stamp (marca da bollo) for an application or a deed that you submit online to the municipality.",
        "Kaufen Sie die Stempelmarke für einen Antrag oder einen Akt, den Sie online bei der Gemeinde einreichen.",
        "Achetez le timbre fiscal d’une demande ou d’un acte à présenter en ligne à la commune.",
        "Kupite kolek za vlogo ali listino, ki jo občini oddate prek spleta.",
    ],
    [
        "La marca da bollo costa 16,00 €, come quella di carta.",
        "The revenue stamp costs €16.00, like the one on paper.",
        "Die Stempelmarke kostet 16,00 €, wie jene auf Papier.",
        "Le timbre fiscal coûte 16,00 €, comme celui en papier.",
        "Kolek stane 16,00 €, tako kot papirnati.",
    ],
    [
        "A chi presenta al Comune, in formato digitale, un’istanza o un atto soggetto a bollo.",
        "To whoever submits to the municipality, in digital form, an application or a deed that is liable to stamp duty.",
        "An alle, die bei der Gemeinde digital einen stempelpflichtigen Antrag oder Akt einreichen.",
        "À qui présente à la commune, sous forme numérique, une demande ou un acte soumis au timbre.",
        "Vsem, ki občini v digitalni obliki oddajo vlogo ali listino, za katero je predpisan kolek.",
    ],
    [
        "Scegli il file da presentare e la provincia di residenza, controlla il riepilogo e paga online. Con la ricevuta arriva la marca: è un file che consegni insieme al documento.",
        "Choose the file you are going to submit and your province of residence, check the summary and pay online. The stamp comes with the receipt: it is a file that you hand in together with the document.",
        "Wählen Sie die Datei, die Sie einreichen, und die Wohnsitzprovinz, prüfen Sie die Zusammenfassung und bezahlen Sie online. Mit der Zahlungsbestätigung kommt die Marke: Sie ist eine Datei, die Sie zusammen mit dem Dokument einreichen.",
        "Choisissez le fichier à présenter et la province de résidence, vérifiez le récapitulatif et payez en ligne. Le timbre arrive avec le reçu : c’est un fichier que vous remettez avec le document.",
        "Izberite datoteko, ki jo boste oddali, in pokrajino prebivališča, preverite povzetek in plačajte na spletu. S potrdilom prejmete kolek: to je datoteka, ki jo oddate skupaj z dokumentom.",
    ],
    [
        "Il file definitivo del documento",
        "The final file of the document",
        "Die endgültige Datei des Dokuments",
        "Le fichier définitif du document",
        "Končna datoteka dokumenta",
    ],
    [
        "Compra la marca prima di presentare il documento, quando il file è definitivo.",
        "Buy the stamp before you submit the document, once the file is final.",
        "Kaufen Sie die Marke, bevor Sie das Dokument einreichen, sobald die Datei endgültig ist.",
        "Achetez le timbre avant de présenter le document, quand le fichier est définitif.",
        "Kolek kupite pred oddajo dokumenta, ko je datoteka končna.",
    ],
    ["Diritti di segreteria", "Office fees", "Sekretariatsgebühren", "Droits de secrétariat", "Upravne takse"],
    [
        "Paga certificati, accesso agli atti e pratiche edilizie.",
        "Pay for certificates, access to records and building permits.",
        "Bezahlen Sie Bescheinigungen, Akteneinsicht und Bauakten.",
        "Payez les certificats, l’accès aux documents et les dossiers d’urbanisme.",
        "Plačajte potrdila, vpogled v dokumente in gradbene postopke.",
    ],
    [
        "A chi chiede un documento o avvia una pratica.",
        "Whoever asks for a document or starts a procedure.",
        "Alle, die ein Dokument beantragen oder ein Verfahren einleiten.",
        "À qui demande un document ou engage une démarche.",
        "Vsem, ki zaprosijo za dokument ali začnejo postopek.",
    ],
    [
        "Paga prima di presentare la domanda e allega la ricevuta.",
        "Pay before you hand in the application and attach the receipt.",
        "Bezahlen Sie vor der Antragstellung und legen Sie die Quittung bei.",
        "Payez avant de déposer la demande et joignez la quittance.",
        "Plačajte pred oddajo vloge in priložite potrdilo.",
    ],
    ["Donazione al Comune", "Donation to the municipality", "Spende an die Gemeinde", "Don à la commune", "Donacija občini"],
    [
        "Sostieni un progetto del Comune con l'importo che vuoi.",
        "Support a project of the municipality with any amount you like.",
        "Unterstützen Sie ein Projekt der Gemeinde mit einem Betrag Ihrer Wahl.",
        "Soutenez un projet de la commune avec le montant de votre choix.",
        "Podprite projekt občine s poljubnim zneskom.",
    ],
    [
        "A chiunque voglia dare una mano.",
        "Anybody who would like to help.",
        "Alle, die mithelfen möchten.",
        "À qui veut donner un coup de main.",
        "Vsem, ki želijo pomagati.",
    ],
    [
        "Quando vuoi. La ricevuta serve per la detrazione fiscale.",
        "Whenever you like. The receipt is needed for the tax deduction.",
        "Wann Sie möchten. Die Quittung dient für den Steuerabzug.",
        "Quand vous voulez. La quittance sert pour la déduction fiscale.",
        "Kadar koli. Potrdilo velja za davčno olajšavo.",
    ],
    // what the forms of services are about
    [
        "Un buono pasto costa 4,80 €, la quota fissa 30,00 € al mese.",
        "A meal voucher costs €4.80, the fixed fee €30.00 a month.",
        "Ein Essensgutschein kostet 4,80 €, der feste Beitrag 30,00 € im Monat.",
        "Un ticket repas coûte 4,80 €, la part fixe 30,00 € par mois.",
        "Bon za kosilo stane 4,80 €, stalni prispevek 30,00 € na mesec.",
    ],
    [
        "L’abbonamento annuale costa 180,00 €, quello mensile 20,00 €.",
        "The yearly pass costs €180.00, the monthly one €20.00.",
        "Das Jahresabonnement kostet 180,00 €, das Monatsabonnement 20,00 €.",
        "L’abonnement annuel coûte 180,00 €, l’abonnement mensuel 20,00 €.",
        "Letna vozovnica stane 180,00 €, mesečna 20,00 €.",
    ],
    [
        "Carta d’identità elettronica 22,21 €, accesso agli atti 25,00 €, certificato di destinazione urbanistica 51,65 €.",
        "Electronic identity card €22.21, access to records €25.00, zoning certificate €51.65.",
        "Elektronischer Personalausweis 22,21 €, Akteneinsicht 25,00 €, Flächenwidmungsbescheinigung 51,65 €.",
        "Carte d’identité électronique 22,21 €, accès aux actes 25,00 €, certificat d’urbanisme 51,65 €.",
        "Elektronska osebna izkaznica 22,21 €, vpogled v spise 25,00 €, potrdilo o namembnosti zemljišča 51,65 €.",
    ],
    [
        "25,00 € l’ora, 80,00 € per mezza giornata, 140,00 € per la giornata intera.",
        "€25.00 an hour, €80.00 for half a day, €140.00 for a whole day.",
        "25,00 € pro Stunde, 80,00 € für einen halben Tag, 140,00 € für den ganzen Tag.",
        "25,00 € l’heure, 80,00 € la demi-journée, 140,00 € la journée entière.",
        "25,00 € na uro, 80,00 € za pol dneva, 140,00 € za ves dan.",
    ],
    [
        "18,30 € all’anno per lampada.",
        "€18.30 a year for each lamp.",
        "18,30 € im Jahr je Lampe.",
        "18,30 € par an et par lampe.",
        "18,30 € na leto za svetilko.",
    ],
    ["Pasti a consumo", "Meals as eaten", "Mahlzeiten nach Verbrauch", "Repas à la consommation", "Obroki po porabi"],
    [
        "Paga i pasti del mese, con il prezzo che dipende dall’ISEE.",
        "Pay for the month’s meals, at a price that depends on your ISEE.",
        "Bezahlen Sie die Mahlzeiten des Monats; der Preis hängt von Ihrem ISEE ab.",
        "Payez les repas du mois, au prix qui dépend de votre ISEE.",
        "Plačajte mesečne obroke po ceni, ki je odvisna od ISEE.",
    ],
    [
        "Da 1,20 € a 5,20 € per pasto, secondo l’ISEE. Dal secondo figlio il 20 per cento in meno.",
        "From €1.20 to €5.20 a meal, by ISEE. From the second child on 20 per cent less.",
        "Von 1,20 € bis 5,20 € pro Mahlzeit, je nach ISEE. Ab dem zweiten Kind 20 Prozent weniger.",
        "De 1,20 € à 5,20 € par repas, selon l’ISEE. À partir du deuxième enfant, 20 pour cent de moins.",
        "Od 1,20 € do 5,20 € na obrok, glede na ISEE. Od drugega otroka 20 odstotkov manj.",
    ],
    [
        "Alle famiglie con figli a mensa nelle scuole che pagano a consumo.",
        "Families with children at schools where meals are paid as eaten.",
        "Familien mit Kindern in Schulen, in denen nach Verbrauch bezahlt wird.",
        "Aux familles dont les enfants mangent dans les écoles payantes à la consommation.",
        "Družinam z otroki v šolah, kjer se plačuje po porabi.",
    ],
    [
        "Si paga entro il 10 del mese dopo.",
        "Pay by the 10th of the following month.",
        "Zu bezahlen bis zum 10. des Folgemonats.",
        "À payer avant le 10 du mois suivant.",
        "Plačati je treba do 10. v naslednjem mesecu.",
    ],
    ["Centro estivo", "Summer camp", "Sommerlager", "Centre d’été", "Poletni center"],
    [
        "Iscrivi uno o più bambini e paga le settimane.",
        "Enrol one or more children and pay for the weeks.",
        "Melden Sie ein oder mehrere Kinder an und bezahlen Sie die Wochen.",
        "Inscrivez un ou plusieurs enfants et payez les semaines.",
        "Prijavite enega ali več otrok in plačajte tedne.",
    ],
    [
        "Da 55,00 € a 70,00 € a settimana secondo la sede, con uno sconto del 20 per cento per fratelli e sorelle.",
        "From €55.00 to €70.00 a week by place, with a 20 per cent discount for brothers and sisters.",
        "Von 55,00 € bis 70,00 € pro Woche je nach Ort, mit 20 Prozent Ermäßigung für Geschwister.",
        "De 55,00 € à 70,00 € par semaine selon le lieu, avec une réduction de 20 pour cent pour les frères et sœurs.",
        "Od 55,00 € do 70,00 € na teden glede na kraj, z 20-odstotnim popustom za brate in sestre.",
    ],
    [
        "Alle famiglie di bambini e ragazzi dai 3 ai 15 anni.",
        "Families of children from 3 to 15.",
        "Familien von Kindern und Jugendlichen von 3 bis 15 Jahren.",
        "Aux familles d’enfants de 3 à 15 ans.",
        "Družinam otrok od 3 do 15 let.",
    ],
    [
        "Le iscrizioni si chiudono una settimana prima di ogni turno.",
        "Enrolment closes a week before each session.",
        "Die Anmeldung endet eine Woche vor jedem Turnus.",
        "Les inscriptions se terminent une semaine avant chaque session.",
        "Prijave se zaključijo teden pred vsako izmeno.",
    ],
    [
        "Occupazione di suolo pubblico",
        "Use of public ground",
        "Besetzung öffentlichen Grundes",
        "Occupation du domaine public",
        "Zasedba javne površine",
    ],
    [
        "Calcola e paga il canone per tavolini, ponteggi e banchi.",
        "Work out and pay the fee for tables, scaffolding and stalls.",
        "Berechnen und bezahlen Sie die Gebühr für Tische, Gerüste und Stände.",
        "Calculez et payez la redevance pour tables, échafaudages et étals.",
        "Izračunajte in plačajte pristojbino za mize, odre in stojnice.",
    ],
    [
        "Da 0,52 € a 1,45 € al giorno per metro quadrato, secondo la zona; almeno 5,00 €.",
        "From €0.52 to €1.45 a day per square metre, by area; at least €5.00.",
        "Von 0,52 € bis 1,45 € pro Tag und Quadratmeter, je nach Zone; mindestens 5,00 €.",
        "De 0,52 € à 1,45 € par jour et par mètre carré, selon la zone ; au moins 5,00 €.",
        "Od 0,52 € do 1,45 € na dan za kvadratni meter, glede na območje; najmanj 5,00 €.",
    ],
    [
        "A chi occupa per un tempo una parte di strada, piazza o marciapiede.",
        "Anybody who uses part of a street, square or pavement for a time.",
        "Alle, die zeitweise einen Teil einer Straße, eines Platzes oder Gehsteigs besetzen.",
        "À qui occupe pour un temps une partie de rue, de place ou de trottoir.",
        "Vsem, ki za določen čas zasedejo del ceste, trga ali pločnika.",
    ],
    [
        "Paga prima di occupare il suolo.",
        "Pay before you use the ground.",
        "Bezahlen Sie, bevor Sie den Grund besetzen.",
        "Payez avant d’occuper le sol.",
        "Plačajte pred zasedbo površine.",
    ],
    ["Impianti sportivi", "Sports facilities", "Sportanlagen", "Installations sportives", "Športni objekti"],
    [
        "Prenota e paga campi e palestre.",
        "Book and pay for pitches and gyms.",
        "Buchen und bezahlen Sie Plätze und Turnhallen.",
        "Réservez et payez terrains et gymnases.",
        "Rezervirajte in plačajte igrišča in telovadnice.",
    ],
    [
        "A chi vuole usare un campo o una palestra del Comune.",
        "Anybody who wants to use a pitch or gym of the municipality.",
        "Alle, die einen Platz oder eine Turnhalle der Gemeinde nutzen möchten.",
        "À qui veut utiliser un terrain ou un gymnase de la commune.",
        "Vsem, ki želijo uporabljati igrišče ali telovadnico občine.",
    ],
    [
        "Prenota e paga sul sito della società che gestisce gli impianti.",
        "Book and pay on the site of the company that runs the facilities.",
        "Buchen und bezahlen Sie auf der Website der Betreibergesellschaft.",
        "Réservez et payez sur le site de la société qui gère les installations.",
        "Rezervirajte in plačajte na spletni strani družbe, ki upravlja objekte.",
    ],
    [
        "Quando vuoi, fino al giorno prima.",
        "Whenever you like, up to the day before.",
        "Wann Sie möchten, bis zum Vortag.",
        "Quand vous voulez, jusqu’à la veille.",
        "Kadar koli, do dneva prej.",
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_whole_and_stands_once() {
        for (i, row) in TESTI.iter().enumerate() {
            assert!(row.iter().all(|text| !text.trim().is_empty()), "{}", row[0]);
            assert!(TESTI[i + 1..].iter().all(|other| other[0] != row[0]), "{}", row[0]);
        }
    }

    #[test]
    fn what_nobody_translated_stays_in_italian() {
        assert_eq!(testi("Tributi").say(Lingua::De).testo, "Gemeindesteuern");
        assert_eq!(testi("Altro").say(Lingua::De).lingua, Lingua::It);
        assert_eq!(insegne("Mensa scolastica", "Altro", "Tributi"), BTreeMap::new());
    }
}
