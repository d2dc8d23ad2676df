//! Debts of the demo, in every state. Dates count from today: the demo does not grow old.

use super::enti::{IBAN_POSTALE, IBAN_PROVINCIA, IBAN_TESORERIA, NOME_PROVINCIA, PROVINCIA};
use super::ricevute;
use anyhow::Context as _;
use domain::posizione::EventoPosizione;
use domain::{
    Accredito, Atto, CodiceFiscale, CodiceFiscaleEnte, Ente, Iban, Importo, Opzione, Posizione, Soggetto, Tassonomia, TipoAtto,
    Versamento,
};
use jiff::{ToSpan as _, civil::Date};
use portal::Portal;
use portal::posizione::{NuovaOpzione, NuovaPosizione};
use sandbox::PersonaSandbox;

/// Invented people; the codes only obey the rule.
const DEBITORI: [(&str, &str); 12] = [
    ("RSSMRA80A41F205B", "Maria Rossi"),
    ("BNCLCU75M12H501Q", "Luca Bianchi"),
    ("VRDGLI92D55L219I", "Giulia Verdi"),
    ("FRRPLA68S20D612P", "Paolo Ferri"),
    ("GLLNNA59H46A944Z", "Anna Galli"),
    ("CNTMRC88P03G273M", "Marco Conti"),
    ("ESPSRA95C61F839L", "Sara Esposito"),
    ("RMNGPP71B15C351G", "Giuseppe Romano"),
    ("MRTLNE83E50A662R", "Elena Moretti"),
    ("RZZDVD66L28L736I", "Davide Rizzi"),
    ("BLLFNC78T64G224O", "Francesca Bello"),
    ("01234567897", "Officine Valdoria S.r.l."),
];

/// Who can come in: all of them but the firm.
pub(super) fn persone() -> Vec<PersonaSandbox> {
    let all = DEBITORI.iter().filter(|(codice, _)| codice.len() == 16);
    let named = all.filter_map(|(codice, nome)| nome.split_once(' ').map(|(nome, cognome)| (codice, nome, cognome)));
    named
        .map(|(codice, nome, cognome)| PersonaSandbox {
            codice_fiscale: (*codice).to_owned(),
            nome: nome.to_owned(),
            cognome: cognome.to_owned(),
        })
        .collect()
}

/// What happens to a debt after it was written.
#[derive(Clone, Copy)]
enum Poi {
    Bozza,
    Aperta,
    Annullata,
    Scaduta,
    /// These options are paid, in this order; the same twice is a double payment.
    Pagata(&'static [usize]),
}

pub(super) async fn fill(portal: &Portal) -> anyhow::Result<()> {
    let ente = portal.ente("valdoria").await?.context("the demo's comune")?;
    let scrittore = Scrittore { portal, oggi: portal.clock().today(), ente };
    scrittore.write_all().await
}

struct Scrittore<'a> {
    portal: &'a Portal,
    oggi: Date,
    ente: Ente,
}

impl Scrittore<'_> {
    async fn write_all(&self) -> anyhow::Result<()> {
        let anno = self.oggi.year();
        let fra = |giorni: i64| self.oggi.saturating_add(giorni.days());
        let una =
            |versamenti: Vec<Versamento>, scadenza: Option<Date>| vec![opzione(Opzione::Unica, scadenza, false, versamenti)];

        self.write("tari", format!("TARI {anno}"), 0, self.tari(31_200, 3, 30)?, Poi::Aperta).await?;
        self.write("tari", format!("TARI {anno}"), 1, self.tari(18_450, 4, 30)?, Poi::Aperta).await?;
        self.write("tari", format!("TARI {}", anno - 1), 2, self.tari(22_000, 2, -20)?, Poi::Pagata(&[1])).await?;
        self.write("tari", format!("TARI {}", anno - 1), 11, self.tari(96_380, 2, -200)?, Poi::Pagata(&[0])).await?;

        let multa = |cents| self.conto(cents, "0102100SA", "Verbale di contravvenzione", true).map(|v| vec![v]);
        self.write("contravvenzioni", format!("Verbale n. 1042/{anno}"), 3, una(multa(4_200)?, Some(fra(45))), Poi::Aperta)
            .await?;
        self.write("contravvenzioni", format!("Verbale n. 987/{anno}"), 5, una(multa(8_700)?, Some(fra(12))), Poi::Annullata)
            .await?;
        let tardi = vec![opzione(Opzione::Unica, Some(fra(-10)), true, multa(17_300)?)];
        self.write("contravvenzioni", format!("Verbale n. 655/{anno}"), 9, tardi, Poi::Aperta).await?;
        self.write("contravvenzioni", format!("Verbale n. 901/{anno}"), 7, una(multa(2_940)?, Some(fra(3))), Poi::Pagata(&[0]))
            .await?;

        let mensa = |cents| self.conto(cents, "0107101TS", "Mensa scolastica", true).map(|v| vec![v]);
        self.write(
            "mensa-scolastica",
            "Mensa scolastica, saldo ottobre".into(),
            4,
            una(mensa(5_760)?, Some(fra(-5))),
            Poi::Aperta,
        )
        .await?;
        self.write("mensa-scolastica", "Mensa scolastica, saldo settembre".into(), 6, una(mensa(4_320)?, None), Poi::Aperta)
            .await?;
        self.write(
            "mensa-scolastica",
            "Mensa scolastica, quota di iscrizione".into(),
            8,
            una(mensa(3_000)?, None),
            Poi::Pagata(&[0, 0]),
        )
        .await?;

        let bollo = vec![self.conto(2_500, "0103100TS", "Accesso agli atti", false)?, self.bollo()?];
        self.write(
            "diritti-di-segreteria",
            "Accesso agli atti, pratica edilizia 77".into(),
            10,
            una(bollo, Some(fra(60))),
            Poi::Aperta,
        )
        .await?;
        let sala = |cents| self.conto(cents, "0110100TS", "Affitto sala comunale", false).map(|v| vec![v]);
        self.write(
            "sala-comunale",
            "Sala delle Colonne, giornata intera".into(),
            11,
            una(sala(14_000)?, Some(fra(7))),
            Poi::Pagata(&[0]),
        )
        .await?;
        let scaduta = vec![opzione(Opzione::Unica, Some(fra(-30)), true, sala(8_000)?)];
        self.write("sala-comunale", "Sala Verde, mezza giornata".into(), 5, scaduta, Poi::Scaduta).await?;
        self.write("sala-comunale", "Sala Verde, prova del coro".into(), 4, una(sala(2_500)?, None), Poi::Annullata).await?;
        let bus = vec![self.conto(18_000, "0107102SP", "Trasporto scolastico", false)?];
        self.write(
            "trasporto-scolastico",
            "Trasporto scolastico, abbonamento annuale".into(),
            2,
            una(bus, Some(fra(20))),
            Poi::Bozza,
        )
        .await?;
        // within five days 30 per cent less (art. 202 of the Codice della strada), within sixty the whole
        let ridotto = opzione(Opzione::Unica, Some(fra(5)), true, multa(5_880)?);
        let intero = opzione(Opzione::Unica, Some(fra(60)), true, multa(8_400)?);
        self.write("contravvenzioni", format!("Verbale n. 1107/{anno}"), 9, vec![ridotto, intero], Poi::Aperta).await
    }

    async fn write(
        &self,
        servizio: &str,
        causale: String,
        debitore: usize,
        opzioni: Vec<NuovaOpzione>,
        poi: Poi,
    ) -> anyhow::Result<()> {
        let (codice_fiscale, nome) = DEBITORI[debitore];
        let debitore = Soggetto { codice_fiscale: CodiceFiscale::parse(codice_fiscale)?, nome: nome.to_owned(), email: None };
        let numero = causale.strip_prefix("Verbale n. ");
        let atto = numero.map(|numero| Atto { tipo: TipoAtto::Verbale, numero: numero.to_owned(), data: None });
        let nuova = NuovaPosizione { servizio: Some(servizio.to_owned()), causale, debitore, atto, opzioni };
        let posizione = self.portal.create_posizione(&self.ente, nuova).await?;
        if matches!(poi, Poi::Bozza) {
            return Ok(());
        }
        self.step(&posizione, EventoPosizione::Pubblica).await?;
        match poi {
            Poi::Bozza | Poi::Aperta => Ok(()),
            Poi::Annullata => self.step(&posizione, EventoPosizione::Annulla).await,
            Poi::Scaduta => self.step(&posizione, EventoPosizione::Scade).await,
            Poi::Pagata(opzioni) => {
                for &indice in opzioni {
                    ricevute::pay(self.portal, &self.ente, &posizione, &posizione.rate[indice]).await?;
                }
                Ok(())
            }
        }
    }

    async fn step(&self, posizione: &Posizione, evento: EventoPosizione) -> anyhow::Result<()> {
        self.portal.move_posizione(&posizione.ente, &posizione.id, evento, "demo").await?;
        Ok(())
    }

    /// The whole at once, or in instalments; each with the province's 5 % on top of the comune's part.
    fn tari(&self, cents: i64, rate: u8, prima_fra: i64) -> anyhow::Result<Vec<NuovaOpzione>> {
        let whole = Importo::of_cents(cents);
        let first = self.oggi.saturating_add(prima_fra.days());
        let mut opzioni = vec![opzione(Opzione::Unica, Some(first), false, self.tari_e_tefa(whole)?)];
        for (i, importo) in (0..).zip(whole.split(rate.into())) {
            let scadenza = first.saturating_add((i64::from(i) * 2).months());
            opzioni.push(opzione(Opzione::Rata { numero: i + 1, di: rate }, Some(scadenza), false, self.tari_e_tefa(importo)?));
        }
        Ok(opzioni)
    }

    fn tari_e_tefa(&self, importo: Importo) -> anyhow::Result<Vec<Versamento>> {
        let tefa = importo.cents() * 5 / 105;
        let comune = self.conto(importo.cents() - tefa, "0101101IM", "Tassa sui rifiuti", true)?;
        let provincia = Versamento {
            ente: CodiceFiscaleEnte::parse(PROVINCIA)?,
            nome_ente: NOME_PROVINCIA.to_owned(),
            importo: Importo::of_cents(tefa),
            accredito: Accredito::Conto { iban: Iban::parse(IBAN_PROVINCIA)?, postale: None },
            tassonomia: Tassonomia::parse("0201102IM")?,
            causale: "TEFA".to_owned(),
            imputazione: None,
        };
        Ok(vec![comune, provincia])
    }

    fn conto(&self, cents: i64, tassonomia: &str, causale: &str, postale: bool) -> anyhow::Result<Versamento> {
        let postale = if postale { Some(Iban::parse(IBAN_POSTALE)?) } else { None };
        self.versamento(cents, Accredito::Conto { iban: Iban::parse(IBAN_TESORERIA)?, postale }, tassonomia, causale)
    }

    /// A revenue stamp of 16 €, on a document whose digest this is.
    fn bollo(&self) -> anyhow::Result<Versamento> {
        let hash_documento = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".to_owned();
        self.versamento(1_600, Accredito::Bollo { hash_documento, provincia: "MI".to_owned() }, "0115103TS", "Marca da bollo")
    }

    fn versamento(&self, cents: i64, accredito: Accredito, tassonomia: &str, causale: &str) -> anyhow::Result<Versamento> {
        Ok(Versamento {
            ente: self.ente.codice_fiscale.clone(),
            nome_ente: self.ente.nome.clone(),
            importo: Importo::of_cents(cents),
            accredito,
            tassonomia: Tassonomia::parse(tassonomia)?,
            causale: causale.to_owned(),
            imputazione: None,
        })
    }
}

fn opzione(opzione: Opzione, scadenza: Option<Date>, non_oltre_scadenza: bool, versamenti: Vec<Versamento>) -> NuovaOpzione {
    NuovaOpzione { opzione, scadenza, non_oltre_scadenza, versamenti }
}
