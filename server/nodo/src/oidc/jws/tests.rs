use super::*;

const VETTORI: &str = include_str!("vettori.json");

fn vettori() -> (Vec<Jwk>, Value) {
    let vettori: Value = serde_json::from_str(VETTORI).unwrap();
    (keys(&vettori).unwrap(), vettori)
}

fn each<'a>(vettori: &'a Value, which: &str) -> impl Iterator<Item = (&'a String, &'a str)> {
    vettori[which].as_object().unwrap().iter().map(|(name, token)| (name, token.as_str().unwrap()))
}

#[test]
fn what_somebody_else_signed_with_a_published_key_opens() {
    let (keys, vettori) = vettori();
    for (name, token) in each(&vettori, "buoni") {
        assert_eq!(open(token, &keys).unwrap()["sub"], "qualcuno", "{name}");
    }
}

#[test]
fn each_forgery_is_refused_for_its_own_reason() {
    let (keys, vettori) = vettori();
    for (name, token) in each(&vettori, "cattivi") {
        let why = format!("{:?}", open(token, &keys).unwrap_err());
        assert_eq!(name.split(':').next(), Some(why.as_str()), "{name}");
    }
}

#[test]
fn not_a_character_of_a_token_can_be_changed() {
    let (keys, vettori) = vettori();
    for (name, token) in each(&vettori, "buoni") {
        for at in 0..token.len() {
            let mut bad = token.to_owned().into_bytes();
            // not its neighbour: the last character of a part has bits that do not count
            bad[at] = if bad[at] == b'.' { b'A' } else { b'.' };
            assert!(open(&String::from_utf8(bad).unwrap(), &keys).is_err(), "{name}, {at}");
        }
        let mut parts: Vec<_> = token.split('.').collect();
        let other = URL_SAFE_NO_PAD.encode(r#"{"sub":"altri"}"#);
        parts[1] = &other;
        assert_eq!(open(&parts.join("."), &keys), Err(JwsError::Signature), "{name}");
    }
}

#[test]
fn what_is_no_token_is_none() {
    let (keys, _) = vettori();
    for bad in ["", ".", "..", "...", "a.b.c", "e30.e30", "e30.e30.", "eyJhbGciOlsiUlMyNTYiXX0.e30.", "W10.e30."] {
        assert!(open(bad, &keys).is_err(), "{bad}");
    }
    assert_eq!(open(&"A".repeat(TOKEN_MAX + 1), &keys), Err(JwsError::Shape));
}

#[test]
fn a_key_for_encryption_or_another_algorithm_signs_nothing() {
    let (_, vettori) = vettori();
    let token = vettori["buoni"]["RS256"].as_str().unwrap();
    for (member, value) in [("use", "enc"), ("alg", "PS256"), ("alg", "RSA-OAEP")] {
        let mut set = vettori.clone();
        set["keys"][0][member] = value.into();
        assert_eq!(open(token, &keys(&set).unwrap()), Err(JwsError::NoKey), "{member} {value}");
    }
}
