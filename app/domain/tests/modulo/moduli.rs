//! Real forms, filled in.

use crate::prova::{OGGI, evaluate, valori, verified};
use domain::modulo::{AttoChiesto, Errore, Esame, Impedimento, Lingua, Modulo, Motivo, Piano, Verificato};
use domain::{Importo, Reason, TipoAtto};
use jiff::civil::date;

pub const TUTTI: [(&str, &str); 7] = [
    ("mensa", include_str!("../moduli/mensa.json")),
    ("tari", include_str!("../moduli/tari.json")),
    ("suolo_pubblico", include_str!("../moduli/suolo_pubblico.json")),
    ("accise", include_str!("../moduli/accise.json")),
    ("esterno", include_str!("../moduli/esterno.json")),
    ("offerta", include_str!("../moduli/offerta.json")),
    ("bollo", include_str!("../moduli/bollo.json")),
];

pub fn load(nome: &str) -> Verificato {
    let json = TUTTI.iter().find(|(altro, _)| *altro == nome).unwrap().1;
    verified(serde_json::from_str(json).unwrap())
}

fn parts(esame: &Esame) -> Vec<(usize, i64)> {
    esame.ripartizione.as_ref().unwrap().iter().map(|parte| (parte.quota, parte.importo.cents())).collect()
}

fn paths(esame: &Esame) -> Vec<&str> {
    esame.errori.iter().map(|errore| errore.campo.as_str()).collect()
}

#[test]
fn every_form_is_right_and_survives_its_json() {
    for (nome, json) in TUTTI {
        let modulo: Modulo = serde_json::from_str(json).unwrap();
        assert_eq!(modulo.check(), [], "{nome}");
        let again = serde_json::to_string(&modulo).unwrap();
        assert_eq!(serde_json::from_str::<Modulo>(&again).unwrap(), modulo, "{nome}");
        assert!(json.len() < 40_000, "{nome}: limiti.rs says so");
        let text = load(nome).plan().encode();
        assert_eq!(Piano::decode(&text).as_ref(), Some(load(nome).plan()), "{nome}");
        assert!(text.len() < json.len(), "{nome}: {} of {}", text.len(), json.len());
        let (form, most) = (load(nome), domain::modulo::limiti::PASSI_MAX);
        assert!(form.steps_max() * 100 < most, "{nome}: {} of {most}", form.steps_max());
    }
}

/// The receipt of a fine names the fine, years later.
#[test]
fn a_form_says_which_act_is_paid() {
    let mut form = crate::prova::modulo(crate::prova::campi());
    form.atto = Some(AttoChiesto { tipo: TipoAtto::Verbale, numero: "t".into(), data: Some("d".into()) });
    let form = verified(form);
    let atto = |pairs: &[(&str, &str)]| form.atto(&evaluate(&form, pairs)).map(|atto| atto.to_string());
    assert_eq!(atto(&[("t", " V/1042 "), ("d", "2026-03-02")]).unwrap(), "Verbale n. V/1042 del 02/03/2026");
    assert_eq!(atto(&[("t", "V/1042")]).unwrap(), "Verbale n. V/1042");
    assert_eq!(atto(&[("d", "2026-03-02")]), None);
    assert_eq!(atto(&[("t", "RSSMRA85T10A562S")]), None, "somebody's codice fiscale is no number of an act");
    assert_eq!(atto(&[("t", &"9 ".repeat(60))]).unwrap().len(), "Verbale n. ".len() + 59, "cut, and no blank left at its end");
}

/// What the README shows is a form, and comes to what one reckons by hand.
#[test]
fn the_example_of_the_readme_can_be_filled_in() {
    let readme = include_str!("../../../../README.md");
    let json =
        readme.split("```json\n").find(|block| block.starts_with("{\n  \"versione\"")).unwrap().split("```").next().unwrap();
    let form: Modulo = serde_json::from_str(json).unwrap();
    assert_eq!(form.check(), []);
    let form = &[
        ("cf", "RSSMRA85T10A562S"),
        ("chi", "Mario Rossi"),
        ("con_isee", "si"),
        ("isee", "6000,01"),
        ("mese", "ott"),
        ("figli.1.classe", "3b"),
        ("figli.1.pasti", "20"),
        ("figli.2.classe", "1a"),
        ("figli.2.pasti", "10"),
    ];
    let esame = evaluate(&verified(serde_json::from_str(json).unwrap()), form);
    assert_eq!(esame.errori, []);
    assert_eq!(esame.importo.as_ref().unwrap().cents(), 20 * 350 + 10 * 280);
    assert_eq!(parts(&esame), [(0, 980), (1, 8_820)]);
    assert_eq!(esame.causale.unwrap().as_deref(), Some("Mensa ottobre, classi 3B 1A"));
}

const FAMIGLIA: &[(&str, &str)] = &[
    ("cf", "rssmra85t10a562s"),
    ("nome", "Mario"),
    ("cognome", "Rossi"),
    ("residente", "si"),
    ("con_isee", "si"),
    ("isee", "5.999,99"),
    ("scadenza_isee", "31/12/2026"),
    ("mese", "ott"),
    ("figli.1.classe", "3b"),
    ("figli.1.pasti", "20"),
    ("figli.2.classe", "1A"),
    ("figli.2.pasti", "18"),
    ("figli.2.dieta", "si"),
    ("figli.2.quale_dieta", "celiachia"),
    ("dichiaro", "si"),
];

fn but<'a>(pairs: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = pairs.iter().filter(|(name, _)| other.iter().all(|(changed, _)| changed != name));
    kept.chain(other).copied().collect()
}

#[test]
fn mensa_is_reckoned_by_the_isee_and_for_each_child() {
    let esame = evaluate(&load("mensa"), FAMIGLIA);
    assert_eq!(esame.errori, []);
    assert!(esame.is_complete());
    // 20 × 2,10 + 18 × 2,10 × 80%
    assert_eq!(esame.importo.as_ref().unwrap().cents(), 4_200 + 3_024);
    assert_eq!(esame.campo("figli.2.quota").unwrap().valore.as_ref().unwrap().to_string(), "30,24");
    assert_eq!(esame.causale.as_ref().unwrap().as_deref(), Some("Mensa scolastica ottobre, classi 3B 1A"));
    let debitore = esame.debitore.as_ref().unwrap();
    assert_eq!((debitore.codice_fiscale.as_str(), &debitore.nome[..]), ("RSSMRA85T10A562S", "Mario Rossi"));
    assert_eq!(debitore.email, None);
    assert_eq!(parts(&esame), [(0, 7_224)]);
}

#[test]
fn what_is_hidden_is_not_believed() {
    let mensa = load("mensa");
    // the ISEE is still sent by a page without scripts, or by who wants to pay less
    let esame = evaluate(&mensa, &but(FAMIGLIA, &[("con_isee", "")]));
    assert!(!esame.campo("isee").unwrap().visibile);
    assert_eq!(esame.campo("isee").unwrap().valore, None);
    assert_eq!(esame.importo.unwrap().cents(), 20 * 520 + 18 * 416);
    // hidden behind what is hidden
    let esame = evaluate(&mensa, &but(FAMIGLIA, &[("residente", "")]));
    assert!(!esame.campo("isee").unwrap().visibile && !esame.campo("con_isee").unwrap().visibile);
    let esame = evaluate(&mensa, &but(FAMIGLIA, &[("figli.2.dieta", "")]));
    assert_eq!(esame.campo("figli.2.quale_dieta").unwrap().valore, None);
}

#[test]
fn every_error_of_mensa_is_told_at_its_field_in_the_order_of_the_page() {
    let esame = evaluate(&load("mensa"), &[("residente", "si"), ("con_isee", "si"), ("figli.3.pasti", "24"), ("mese", "ott")]);
    assert_eq!(paths(&esame), ["cf", "nome", "cognome", "isee", "scadenza_isee", "figli.3.classe", "figli.3.pasti", "dichiaro"]);
    assert!(!esame.is_complete() && esame.importo.is_err() && esame.causale.is_err() && esame.debitore.is_none());
    let in_english = load("mensa").evaluate(&valori(&but(FAMIGLIA, &[("figli.1.classe", "terza")])), OGGI, Lingua::En);
    let [Errore { campo, motivo: Motivo::Detto(detto) }] = &in_english.errori[..] else { panic!("{:?}", in_english.errori) };
    assert_eq!(
        (&campo[..], &detto.testo[..], detto.lingua),
        ("figli.1.classe", "Write year and class, for example 3B.", Lingua::En)
    );
    assert_eq!(in_english.errori[0].to_field_error(), Reason::BadFormat.at("figli.1.classe"));
    // Italian is told where there is no German, and that it is Italian
    let in_german = load("mensa").evaluate(&valori(&but(FAMIGLIA, &[("figli.1.classe", "terza")])), OGGI, Lingua::De);
    assert!(matches!(&in_german.errori[0].motivo, Motivo::Detto(detto) if detto.lingua == Lingua::It));
}

#[test]
fn a_rule_about_a_group_is_told_at_the_group() {
    let many: Vec<(String, String)> =
        (1..=4).flat_map(|i| [(format!("figli.{i}.classe"), "1A".into()), (format!("figli.{i}.pasti"), "20".into())]).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (&name[..], &value[..])).collect();
    let esame = evaluate(&load("mensa"), &but(FAMIGLIA, &many));
    assert_eq!(paths(&esame), ["figli"]);
    assert!(!esame.is_complete());
}

#[test]
fn rows_come_and_go_without_a_script() {
    let mensa = load("mensa");
    // nothing sent yet: the row that must be there is there
    assert_eq!(evaluate(&mensa, &[]).campo("figli").unwrap().righe, [1]);
    let mut form = valori(&but(FAMIGLIA, &[("azione", "aggiungi:figli")]));
    assert!(mensa.apply(&mut form, OGGI, Lingua::It));
    assert_eq!(mensa.evaluate(&form, OGGI, Lingua::It).campo("figli").unwrap().righe, [1, 2, 3]);
    form.set("azione", vec!["togli:figli.1".into()]);
    assert!(mensa.apply(&mut form, OGGI, Lingua::It));
    let esame = mensa.evaluate(&form, OGGI, Lingua::It);
    assert_eq!(esame.campo("figli").unwrap().righe, [2, 3]);
    assert_eq!(esame.campo("figli.2.classe").unwrap().valore.as_ref().unwrap().to_string(), "1A");
    // the last one stays, and there are six at the most
    for row in [2, 3, 3] {
        form.set("azione", vec![format!("togli:figli.{row}")]);
        assert!(mensa.apply(&mut form, OGGI, Lingua::It));
    }
    assert_eq!(mensa.evaluate(&form, OGGI, Lingua::It).campo("figli").unwrap().righe, [3]);
    for _ in 0..9 {
        form.set("azione", vec!["aggiungi:figli".into()]);
        assert!(mensa.apply(&mut form, OGGI, Lingua::It));
    }
    assert_eq!(mensa.evaluate(&form, OGGI, Lingua::It).campo("figli").unwrap().righe, [3, 4, 5, 6, 7, 8]);
    assert!(!mensa.apply(&mut form, OGGI, Lingua::It), "nothing was asked");
    form.set("azione", vec!["aggiungi:nome".into()]);
    assert!(mensa.apply(&mut form, OGGI, Lingua::It), "nothing comes of it, and the form is not sent for good");
    // more rows than there may be
    let flood: Vec<(String, String)> = (1..=9).map(|i| (format!("figli.{i}.classe"), "1A".into())).collect();
    let esame = mensa.evaluate(&domain::modulo::Valori::from_pairs(flood), OGGI, Lingua::It);
    assert_eq!(esame.campo("figli").unwrap().errore, Some(Motivo::TroppeRighe { max: 6 }));
}

#[test]
fn tari_is_reckoned_by_square_metres_persons_and_days() {
    let tari = load("tari");
    let casa =
        &[("uso", "casa"), ("mq", "92,5"), ("persone", "3"), ("dal", "2026-01-01"), ("al", "31/12/2026"), ("compostaggio", "si")];
    let esame = evaluate(&tari, casa);
    assert!(esame.is_complete(), "{:?}", esame.errori);
    // 92,5 × 1,08 + 134,10 × 80% = 207,18; TEFA 10,36; rounded to the euro as the law of TARI has it
    assert_eq!(esame.importo.as_ref().unwrap().cents(), 21_800);
    assert_eq!(parts(&esame), [(0, 21_800 - 1_036), (1, 1_036)]);
    assert_eq!(esame.causale.unwrap().as_deref(), Some("TARI 2026 abitazione mq 92,5, giorni 365"));

    let bar =
        &[("uso", "altro"), ("mq", "80"), ("attivita", "bar"), ("dal", "2026-07-01"), ("al", "2026-09-30"), ("persone", "20")];
    let esame = evaluate(&tari, bar);
    // 80 × 2,10 × 3,96 = 665,28; × 92 / 365 = 167,69; + 8,38
    assert_eq!(esame.importo.as_ref().unwrap().cents(), 17_600);
    assert_eq!(esame.campo("persone").unwrap().valore, None);
    assert_eq!(tari.initial(OGGI).first("al"), "31/12/2026");
}

#[test]
fn a_day_before_its_beginning_is_told_with_the_first_that_will_do() {
    let esame =
        evaluate(&load("tari"), &[("uso", "casa"), ("mq", "1"), ("persone", "1"), ("dal", "2026-07-01"), ("al", "2026-06-30")]);
    assert_eq!(esame.errori, [Errore { campo: "al".into(), motivo: Motivo::DataPrima { min: date(2026, 7, 1) } }]);
}

#[test]
fn suolo_pubblico_offers_what_its_zone_allows() {
    let suolo = load("suolo_pubblico");
    let form = &[
        ("zona", "centro"),
        ("tipo", "ponteggio"),
        ("dal", "2026-04-01"),
        ("al", "2026-05-15"),
        ("larghezza", "4,3"),
        ("profondita", "1,5"),
        ("note", "Prima riga\r\n\r\nSeconda"),
    ];
    let esame = evaluate(&suolo, form);
    // 7 mq × 45 days × 1,45 × 1,5
    assert_eq!((esame.importo.as_ref().unwrap().cents(), esame.is_complete()), (68_513, true), "{:?}", esame.errori);
    assert_eq!(
        esame.causale.as_ref().unwrap().as_deref(),
        Some("Canone unico ponteggio centro storico mq 7 dal 01/04/2026 al 15/05/2026")
    );
    assert_eq!(esame.campo("tipo").unwrap().offerte, [0, 1]);
    assert_eq!(esame.campo("note").unwrap().valore.as_ref().unwrap().to_string(), "Prima riga\n\nSeconda");
    // chosen before the zone was changed
    let esame = evaluate(&suolo, &but(form, &[("tipo", "mercato")]));
    assert_eq!(esame.errori, [Errore { campo: "tipo".into(), motivo: Reason::NotAChoice.into() }]);
    let esame = evaluate(
        &suolo,
        &but(
            form,
            &[("tipo", "mercato"), ("zona", "periferia"), ("targa", "ab 123-cd"), ("al", "2026-04-01"), ("larghezza", "1")],
        ),
    );
    assert_eq!(esame.importo.as_ref().unwrap(), &Importo::of_cents(500), "no less than five euro");
    assert_eq!(esame.campo("targa").unwrap().valore.as_ref().unwrap().to_string(), "AB123CD");
    let esame = evaluate(&suolo, &but(form, &[("larghezza", "50"), ("profondita", "50"), ("al", "2026-12-01")]));
    assert_eq!(paths(&esame), ["al", "profondita"]);
}

#[test]
fn accise_of_seven_provinces_and_two_taxes_end_in_one_line() {
    let accise = load("accise");
    let form = &[
        ("piva", "80001230459"),
        ("ragione_sociale", "Gas & Luce Valdoria S.p.A."),
        ("codice_ditta", "it00vee00012a"),
        ("anno_imposta", "2026"),
        ("versamento", "rata"),
        ("mese", "marzo"),
        ("bl_gas", "1.000,00"),
        ("vr_gas", "234,56"),
        ("ve_ee", "99,04"),
    ];
    let esame = evaluate(&accise, form);
    assert!(esame.is_complete(), "{:?}", esame.errori);
    assert_eq!(esame.importo.as_ref().unwrap().cents(), 133_360);
    assert_eq!(parts(&esame), [(0, 9_904), (1, 123_456)]);
    let causale = esame.causale.unwrap().unwrap();
    assert_eq!(
        causale,
        format!("ACCR032026IT00VE1234,56/99,04 {}", &("000100000".to_owned() + &"0".repeat(72) + "000009904")[..90].to_owned())
            + "000000000"
    );
    assert!(causale.chars().count() <= 140);
    // the ente's rule: a gas code pays no tax on electricity
    let esame = evaluate(&accise, &but(form, &[("codice_ditta", "IT00VEG00012A")]));
    assert_eq!(paths(&esame), ["codice_ditta"]);
    // nothing of what is due is filled in
    let nothing: Vec<_> = form.iter().filter(|(name, _)| !name.ends_with("_gas") && !name.ends_with("_ee")).copied().collect();
    let esame = evaluate(&accise, &nothing);
    assert_eq!((paths(&esame), esame.is_complete()), (vec![""], false));
    let esame = evaluate(&accise, &but(form, &[("anno_imposta", "2025")]));
    assert_eq!(paths(&esame), ["anno_imposta"]);
    let esame = evaluate(&accise, &but(form, &[("anno_imposta", "2025"), ("mese", "dicembre")]));
    assert!(esame.is_complete());
}

#[test]
fn an_offer_begins_with_what_is_predefined_and_stays_within_its_limits() {
    let offerta = load("offerta");
    let mut form = offerta.initial(OGGI);
    assert_eq!(form.first("quanto"), "20,00");
    form.push("per".into(), "cani".into());
    form.push("per".into(), "scuole".into());
    let esame = offerta.evaluate(&form, OGGI, Lingua::It);
    assert_eq!((esame.importo.unwrap().cents(), esame.causale.unwrap().as_deref()), (2_000, Some("Offerta per scuole e cani")));
    assert_eq!(esame.ripartizione.unwrap(), []);
    for (quanto, motivo) in [
        ("4,99", Reason::AmountTooSmall { min: Importo::of_cents(500) }),
        ("5.000,01", Reason::AmountTooLarge { max: Importo::of_cents(500_000) }),
        ("", Reason::Missing),
        ("1.000", Reason::AmbiguousAmount),
    ] {
        let esame = evaluate(&offerta, &[("quanto", quanto), ("per", "cani")]);
        assert_eq!(esame.errori, [Errore { campo: "quanto".into(), motivo: motivo.into() }], "{quanto}");
    }
}

/// SHA-256 of `abc` (FIPS 180-2, B.1).
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const ABC_BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

#[test]
fn a_revenue_stamp_is_a_part_that_goes_to_no_account() {
    let bollo = load("bollo");
    let form = &[("istanza", ABC), ("provincia", "bl"), ("urgente", "si")];
    let esame = evaluate(&bollo, form);
    assert_eq!(esame.errori, []);
    assert_eq!((esame.importo.as_ref().unwrap().cents(), parts(&esame)), (2_120, vec![(0, 1_600), (1, 520)]));
    let [stamp, rest] = &esame.ripartizione.as_ref().unwrap()[..] else { panic!("{esame:?}") };
    let marca = stamp.bollo.as_ref().unwrap();
    assert_eq!((marca.documento.base64().as_str(), marca.provincia.as_str(), &rest.bollo), (ABC_BASE64, "BL", &None));
    // whoever needs none is asked for nothing of it
    let esame = evaluate(&bollo, &[("urgente", "si"), ("esente", "si")]);
    assert_eq!((esame.errori.as_slice(), parts(&esame)), (&[][..], vec![(1, 520)]));
}

#[test]
fn what_a_stamp_lacks_is_told_where_it_is_asked() {
    let bollo = load("bollo");
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (form, campo, motivo) in [
        (but(&[("istanza", ABC)], &[("provincia", "B1")]), "provincia", Motivo::NonProvincia),
        (but(&[("istanza", ABC)], &[]), "provincia", Reason::Missing.into()),
        (but(&[("provincia", "BL")], &[]), "istanza", Reason::Missing.into()),
        (but(&[("provincia", "BL")], &[("istanza", "abc")]), "istanza", Motivo::NonImpronta),
        (but(&[("provincia", "BL")], &[("istanza", nothing)]), "istanza", Motivo::DocumentoVuoto),
    ] {
        assert_eq!(evaluate(&bollo, &form).errori, [Errore { campo: campo.into(), motivo }], "{form:?}");
    }
}

/// Where it is not known beforehand, it is known before anything is paid: no stamp costs something else.
#[test]
fn a_stamp_costs_what_it_costs() {
    let form = |importo: &str, quota: &str| {
        let json = include_str!("../moduli/bollo.json").replace("se(esente; 0 €; 16 €) + se(urgente; 5,20 €; 0 €)", importo);
        let json = json.replace("\"quota\": \"se(esente; 0 €; 16 €)\"", &format!("\"quota\": \"{quota}\""));
        verified(serde_json::from_str(&json).unwrap())
    };
    let sent = &[("istanza", ABC), ("provincia", "BL"), ("urgente", "si")];
    for (importo, quota, cents) in [
        ("16 €", "16 €", Some(vec![(0, 1_600)])),
        ("32 €", "50%", Some(vec![(0, 1_600), (1, 1_600)])),
        ("32 €", "se(urgente; 16 €; 1 €)", Some(vec![(0, 1_600), (1, 1_600)])),
        ("32 €", "se(urgente; 16,01 €; 16 €)", None),
        ("31,98 €", "50%", None),
        ("20 €", "100%", None),
    ] {
        let esame = evaluate(&form(importo, quota), sent);
        match cents {
            Some(cents) => assert_eq!(parts(&esame), cents, "{importo} {quota}"),
            None => {
                assert_eq!(esame.ripartizione, Err(Impedimento::Bollo), "{importo} {quota}");
                assert!(!esame.is_complete() && paths(&esame) == [""], "{importo} {quota}");
            }
        }
    }
}

#[test]
fn who_is_paid_elsewhere_asks_nothing_here() {
    let esterno = load("esterno");
    let esame = evaluate(&esterno, &[("quanto", "5")]);
    assert!(esame.campi.is_empty() && !esame.is_complete());
    assert_eq!(esterno.modulo().esterno.as_ref().unwrap().testo.say(Lingua::Sl).lingua, Lingua::Sl);
    assert_eq!(esterno.modulo().esterno.as_ref().unwrap().testo.say(Lingua::Fr).lingua, Lingua::It);
}
