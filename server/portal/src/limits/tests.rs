use super::*;
use crate::ricerca::Porta;
use domain::{CodiceFiscale, NumeroAvviso};

const ENTE: &str = "80001230459";

struct Scena {
    limits: Limits,
    now: Timestamp,
}

impl Scena {
    fn new(regole: Regole) -> Self {
        Self { limits: Limits::new(Key::derive(&[7; 32], "test"), regole), now: Timestamp::from_second(1_800_000_000).unwrap() }
    }

    fn enter(&self, address: &str, base: u64, credit: Credit) -> Result<Pass, Price> {
        let code = domain::CodiceSegregazione::parse("02").unwrap();
        let numero = NumeroAvviso::compose(code, base).unwrap();
        let ente = CodiceFiscaleEnte::parse(ENTE).unwrap();
        let domanda = Domanda { porta: Porta::Ente, ente, numero, intestatario: None };
        self.limits.enter(address.parse().unwrap(), &domanda, credit, self.now)
    }

    /// How many of so many guesses from one address are looked at.
    fn guesses(&self, address: &str, from: u64, count: u64) -> u64 {
        (from..from + count).filter(|base| self.enter(address, *base, Credit::None).is_ok()).count() as u64
    }

    fn later(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }
}

#[test]
fn who_finds_is_never_slowed_down_and_who_guesses_is() {
    let mut scena = Scena::new(Regole::default());
    for base in 0..1_000 {
        let pass = scena.enter("192.0.2.1", base, Credit::None).unwrap();
        scena.limits.give_back(pass, scena.now);
    }
    assert_eq!(scena.guesses("192.0.2.1", 0, 10_000), 30);
    assert_eq!(scena.guesses("192.0.2.2", 0, 5), 5, "the neighbour has his own");
    // in an hour no more than the hour's
    let looked_at: u64 = (0..60)
        .map(|minute| {
            scena.later(60);
            scena.guesses("192.0.2.1", 10_000 + minute * 200, 200)
        })
        .sum();
    assert_eq!(looked_at, 100);
}

#[test]
fn an_address_is_what_a_provider_gives_to_one_household() {
    let scena = Scena::new(Regole::default());
    assert_eq!(scena.guesses("2001:db8:1:2::1", 0, 100), 30);
    assert_eq!(scena.guesses("2001:db8:1:2:ffff::9", 100, 1), 0);
    assert_eq!(scena.guesses("2001:db8:1:3::1", 200, 1), 1);
    assert_eq!(scena.guesses("192.0.2.1", 300, 100), 30);
    assert_eq!(scena.guesses("::ffff:192.0.2.1", 400, 1), 0, "the same machine by another name");
}

#[test]
fn one_number_is_asked_for_only_so_often_wherever_from() {
    let mut scena = Scena::new(Regole::default());
    let asked = |scena: &Scena| (0..100).filter(|n| scena.enter(&format!("192.0.2.{n}"), 7, Credit::None).is_ok()).count();
    assert_eq!(asked(&scena), 10);
    scena.later(5);
    assert_eq!(asked(&scena), 10);
    assert!(scena.enter("192.0.2.1", 8, Credit::None).is_ok());
}

#[test]
fn one_person_is_asked_for_only_so_often_wherever_from_and_who_finds_is_not_counted() {
    let mut scena = Scena::new(Regole::default());
    let asked = |scena: &Scena, person: &str, finds: bool| {
        let code = domain::CodiceSegregazione::parse("02").unwrap();
        (0..100)
            .filter(|n| {
                let domanda = Domanda {
                    porta: Porta::Ricevute,
                    ente: CodiceFiscaleEnte::parse(ENTE).unwrap(),
                    numero: NumeroAvviso::compose(code, *n).unwrap(),
                    intestatario: Some(CodiceFiscale::parse(person).unwrap()),
                };
                let address = format!("192.0.2.{n}").parse().unwrap();
                let pass = scena.limits.enter(address, &domanda, Credit::None, scena.now);
                if let (Ok(pass), true) = (&pass, finds) {
                    scena.limits.give_back(*pass, scena.now);
                }
                pass.is_ok()
            })
            .count()
    };
    assert_eq!(asked(&scena, "RSSMRA85T10A562S", true), 100);
    assert_eq!(asked(&scena, "RSSMRA85T10A562S", false), 20);
    assert_eq!(asked(&scena, "BNCLCU75M12H501Q", false), 20, "another person has a bucket of one's own");
    scena.later(600);
    assert_eq!(asked(&scena, "RSSMRA85T10A562S", false), 10);
}

#[test]
fn when_a_thousand_addresses_guess_at_one_ente_everybody_proves_work_there_and_nobody_elsewhere() {
    let scena = Scena::new(Regole { ente: Quanti::new(50, 60), ..Regole::default() });
    let looked_at: u64 = (0..250).map(|n| scena.guesses(&format!("198.51.100.{n}"), n * 5, 5)).sum();
    assert_eq!(looked_at, 50);
    let price = scena.enter("203.0.113.1", 9_999, Credit::None).unwrap_err();
    assert_eq!(price, Price { bits: 14, seconds: 10 }, "who never guessed pays the first price");
    assert!(scena.enter("203.0.113.1", 9_999, Credit::Proof).is_ok());
    let (other, numero) = (CodiceFiscaleEnte::parse("90012340569").unwrap(), NumeroAvviso::parse("302000000000000184").unwrap());
    let domanda = Domanda { porta: Porta::Ente, ente: other, numero, intestatario: None };
    assert!(scena.limits.enter("203.0.113.1".parse().unwrap(), &domanda, Credit::None, scena.now).is_ok());
}

#[test]
fn work_grows_with_what_was_proven_and_shrinks_with_time() {
    let mut scena = Scena::new(Regole::default());
    scena.guesses("192.0.2.1", 0, 30);
    let bits = |scena: &Scena| scena.enter("192.0.2.1", 99, Credit::None).unwrap_err().bits;
    let mut seen = Vec::new();
    for base in 100..140 {
        seen.push(bits(&scena));
        scena.enter("192.0.2.1", base, Credit::Proof).unwrap();
    }
    assert_eq!(seen, [[14; 8], [15; 8], [16; 8], [17; 8], [18; 8]].concat());
    for base in 1_000..1_200 {
        scena.enter("192.0.2.1", base, Credit::Proof).unwrap();
    }
    assert_eq!(bits(&scena), BITS_MAX);
    // two a minute are forgotten: 240 of them in two hours, and meanwhile the free ones are back
    scena.later(2 * 3600);
    assert_eq!(scena.guesses("192.0.2.1", 5_000, 100), 30);
    assert_eq!(bits(&scena), 14);
}

#[test]
fn who_waits_is_let_in_and_who_waits_in_crowds_waits_longer_and_never_for_ever() {
    let mut scena = Scena::new(Regole::default());
    scena.guesses("192.0.2.1", 0, 30);
    let let_in = (100..110).filter(|base| scena.enter("192.0.2.1", *base, Credit::Waited).is_ok()).count();
    assert_eq!(let_in, 5);
    let price = scena.enter("192.0.2.1", 200, Credit::Waited).unwrap_err();
    assert_eq!(price.seconds, 15, "one more every fifteen seconds");
    scena.later(15);
    assert!(scena.enter("192.0.2.1", 200, Credit::Waited).is_ok());
    let slow = Scena::new(Regole { address: Quanti::new(1, 1), waits: Quanti::new(1, 1), ..Regole::default() });
    slow.guesses("192.0.2.1", 0, 1);
    slow.enter("192.0.2.1", 1, Credit::Waited).unwrap();
    assert_eq!(slow.enter("192.0.2.1", 2, Credit::Waited).unwrap_err().seconds, WAIT_SECONDS_MAX);
    assert!(slow.enter("192.0.2.1", 2, Credit::Proof).is_ok(), "work is always taken");
}

#[test]
fn a_ticket_is_used_once_until_it_is_no_good_any_more() {
    let scena = Scena::new(Regole::default());
    let expires = scena.now + TICKET_TTL;
    assert!(scena.limits.use_once([1; 12], expires, scena.now));
    assert!(!scena.limits.use_once([1; 12], expires, scena.now) && scena.limits.use_once([2; 12], expires, scena.now));
    for n in 0..USED_MAX as u64 {
        let mut nonce = [0xFF; 12];
        nonce[..8].copy_from_slice(&n.to_be_bytes());
        scena.limits.use_once(nonce, expires, scena.now);
    }
    assert!(!scena.limits.use_once([3; 12], expires, scena.now), "full: nobody gets in twice instead");
    let later = expires + SignedDuration::from_secs(1);
    assert!(scena.limits.use_once([3; 12], later + TICKET_TTL, later));
}

#[test]
fn pictures_are_read_a_few_at_a_time() {
    let mut scena = Scena::new(Regole::default());
    let address: IpAddr = "192.0.2.1".parse().unwrap();
    let sent = (0..20).filter(|_| scena.limits.photo(address, scena.now).is_ok()).count();
    assert_eq!((sent, scena.limits.photo(address, scena.now)), (10, Err(30)));
    scena.later(30);
    assert_eq!(scena.limits.photo(address, scena.now), Ok(()));
}
