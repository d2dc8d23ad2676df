use super::read::credentials;
use super::*;

fn load(file: &str, env: &[(&str, &str)]) -> anyhow::Result<Config> {
    let config = Config::from_parts(file, env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))?;
    let mut guai = Guai::default();
    config.judge_peers(&mut guai);
    guai.none()?;
    Ok(config)
}

#[test]
fn the_documented_defaults_are_the_defaults() {
    let config = load("[web]\npublic_url = \"https://pagamenti.comune.valdoria.it\"", &[]).unwrap();
    assert_eq!(config.checkout.timeout_ms, 5_000);
    assert_eq!(config.web.listen.port(), 3_000);
    assert_eq!(config.ricerca.regole(), portal::limits::Regole::default());
}

#[test]
fn the_environment_has_the_last_word() {
    let env = [
        ("SPORTELLO_WEB__PUBLIC_URL", "https://a.it"),
        ("SPORTELLO_CHECKOUT__VERSION", "2"),
        ("SPORTELLO_CONFIG", "x"),
        ("HOME", "/"),
    ];
    let config = load("[web]\npublic_url = \"https://b.it\"", &env).unwrap();
    assert_eq!(config.web.public_url, "https://a.it");
    assert_eq!(config.checkout.version, 2);
}

#[test]
fn production_cannot_reach_a_sandbox() {
    for key in ["aca", "gpd", "gpd_massivo", "ricevute", "biz_events", "fdr", "stampa", "back_office"] {
        for url in ["http://127.0.0.1:3002/x", "https://platform.pagopa.it.evil.org/x", "http://api.platform.pagopa.it/x"] {
            let file = format!("[web]\npublic_url = \"https://a.it\"\n[pagopa]\n{key}_url = \"{url}\"");
            assert!(load(&file, &[]).is_err(), "{key} {url}");
        }
    }
    let web = "[web]\npublic_url = \"https://a.it\"\n";
    for checkout in [
        "base_url = \"http://127.0.0.1:3002/checkout/ec\"",
        "base_url = \"https://api.platform.pagopa.it.evil.org/checkout/ec\"",
        "base_url = \"http://api.platform.pagopa.it/checkout/ec\"",
        "redirect_origins = [\"https://evil.org\"]",
    ] {
        assert!(load(&format!("{web}[checkout]\n{checkout}"), &[]).is_err(), "{checkout}");
    }
    assert!(load("[web]\npublic_url = \"http://a.it\"", &[]).is_err());
}

/// An error goes to the terminal, and from there to tickets and chats.
#[test]
fn no_error_shows_a_key_or_a_password() {
    let web = "[web]\npublic_url = \"https://a.it\"\n";
    for (file, env, said) in [
        ("[checkout]\nsubscription_key = \"SEGRETO", None, "line 2"),
        ("[checkout]\nsubscription_key = SEGRETO", None, "line 2"),
        ("\n[dati]\n\ndatabase = \"postgres://u:SEGRETO@h/d\" x", None, "line 4"),
        ("[checkout]\nsubscription_key = \"a\"\nsubscription_key = \"SEGRETO\"", None, "line 3"),
        ("SEGRETO", None, "line 1"),
        ("[checkout]\nsubscription_key = [\"SEGRETO\"]", None, "subscription_key"),
        ("[checkout]\nversion = \"SEGRETO\"", None, "version"),
        ("[checkout]\nbase_url = \"SEGRETO\"", None, "base_url"),
        ("[dati]\nfolder = { a = \"SEGRETO\" }", None, "folder"),
        ("[web]\nlisten = \"SEGRETO\"", None, "listen"),
        ("[jobs]\nin_process = \"SEGRETO\"", None, "in_process"),
        ("", Some(("SPORTELLO_CHECKOUT__VERSION", "SEGRETO")), "SPORTELLO_CHECKOUT__VERSION"),
        ("", Some(("SPORTELLO_JOBS__IN_PROCESS", "SEGRETO")), "SPORTELLO_JOBS__IN_PROCESS"),
        ("", Some(("SPORTELLO_WEB__LISTEN", "SEGRETO")), "listen"),
    ] {
        let file = format!("{file}\n");
        let file = if file.contains("[web]") || said.starts_with("line") { file } else { format!("{web}{file}") };
        let error = load(&file, env.as_slice()).unwrap_err();
        let shown = format!("{error:#} {error:?}");
        assert!(shown.contains(said), "{file}: {shown}");
        assert!(!shown.contains("SEGRETO"), "{file}: {shown}");
    }
}

#[test]
fn a_lease_is_neither_a_moment_nor_an_hour() {
    let check = |lease_ms: u32| {
        let rest = "[web]\npublic_url = \"https://a.it\"\n[stazione]\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n\
             [checkout]\nsubscription_key = \"x\"";
        load(&format!("{rest}\n[jobs]\nlease_ms = {lease_ms}\n[dati]\nfolder = \"/tmp\""), &[]).unwrap().check()
    };
    for lease_ms in [1_000, 60_000, 600_000] {
        check(lease_ms).unwrap();
    }
    for lease_ms in [0, 999, 600_001] {
        assert!(check(lease_ms).unwrap_err().to_string().contains("jobs.lease_ms"), "{lease_ms}");
    }
}

#[test]
fn a_key_nobody_knows_is_told() {
    assert!(load("[web]\npublic_url = \"https://a.it\"\nlissten = \"x\"", &[]).is_err());
    assert!(load("[sandbox]\nx = 1", &[]).is_err());
    assert!(load("", &[("SPORTELLO_WEB__NOPE", "x")]).is_err());
    let said = |file: &str| format!("{:#}", load(file, &[]).unwrap_err());
    assert_eq!(said("[web]\nlissten = \"x\""), "web.lissten: no key is called so");
    assert_eq!(said("[jobz]\nx = 1"), "jobz: no section is called so");
    assert_eq!(said("jobs = 1"), "jobs: is not a section");
    assert!(load("[web]\npublic_url = \"https://a.it\"\n[stazione.tls]\nca = \"x\"", &[]).is_err());
    assert!(load("[web]\npublic_url = \"https://a.it\"", &[("SPORTELLO_STAZIONE__TLS", "x")]).is_err());
}

#[test]
fn a_section_of_a_section_needs_only_what_differs() {
    let file = "[web]\npublic_url = \"https://a.it\"\n[stazione.tls]\ncertificate = \"/a.pem\"\n";
    let env = [("SPORTELLO_STAZIONE__TLS__KEY", "/a.key"), ("SPORTELLO_STAZIONE__TLS__CLIENT_CA", "/b.pem /c.pem")];
    let tls = load(file, &env).unwrap().stazione.tls;
    assert_eq!((tls.certificate.to_str(), tls.key.to_str()), (Some("/a.pem"), Some("/a.key")));
    assert_eq!(tls.client_ca, [PathBuf::from("/b.pem"), PathBuf::from("/c.pem")]);
    assert_eq!(tls.client_names, ["forwarder.platform.pagopa.it"]);
}

#[test]
fn a_secret_is_a_file_named_after_its_key() {
    let folder = std::env::temp_dir().join(format!("sportello-credentials-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("checkout.subscription_key"), "chiave\n").unwrap();
    std::fs::write(folder.join("grafana.password"), "of somebody else").unwrap();
    std::fs::write(folder.join("senza-punto"), "of somebody else").unwrap();
    let mut guai = Guai::default();
    let found = credentials(Some(&folder), &mut guai);
    assert_eq!(guai.errors(), [""; 0]);
    assert_eq!(found, [("SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY".to_owned(), "chiave".to_owned())]);
    let web = "[web]\npublic_url = \"https://a.it\"\n[checkout]\nsubscription_key = \"of the file\"";
    let config = Config::from_parts(web, found.clone().into_iter()).unwrap();
    assert_eq!(config.checkout.subscription_key, "chiave");
    let env = ("SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY".to_owned(), "of the environment".to_owned());
    let config = Config::from_parts(web, found.into_iter().chain([env])).unwrap();
    assert_eq!(config.checkout.subscription_key, "of the environment");

    std::fs::write(folder.join("checkout.nope"), "x").unwrap();
    let wrong = Config::from_parts(web, credentials(Some(&folder), &mut guai).into_iter());
    assert!(wrong.is_err(), "a key nobody knows is told");
    std::fs::remove_file(folder.join("checkout.nope")).unwrap();
    std::fs::write(folder.join("dati.database"), "x".repeat(5_000)).unwrap();
    for blank in ["", "\n", "  \n"] {
        std::fs::write(folder.join("pagopa.fdr_key"), blank).unwrap();
        let mut guai = Guai::default();
        let names: Vec<_> = credentials(Some(&folder), &mut guai).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY"]);
        let mut told = guai.errors().to_vec();
        told.sort();
        assert!(told[0].starts_with("dati.database: ") && told[0].ends_with("is not a file of 4096 bytes at most"), "{told:?}");
        assert!(told[1].starts_with("pagopa.fdr_key: ") && told[1].ends_with("is blank"), "{told:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let mut none = Guai::default();
    assert!(credentials(Some(&folder), &mut none).is_empty() && credentials(None, &mut none).is_empty());
}

#[test]
fn a_security_contact_is_an_address_or_nothing() {
    let contact = |text: &str| {
        let config = load(&format!("[web]\npublic_url = \"https://a.it\"\nsecurity_contact = \"{text}\""), &[]).unwrap();
        config.security_contact().map(|url| url.map(|url| url.to_string()))
    };
    assert_eq!(contact("").unwrap(), None);
    assert_eq!(contact("mailto:sicurezza@a.it").unwrap().as_deref(), Some("mailto:sicurezza@a.it"));
    for wrong in ["sicurezza@a.it", "http://a.it/sicurezza", "javascript:alert(1)"] {
        assert!(contact(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn all_that_cannot_be_read_is_told_at_once_and_the_rest_is_judged() {
    let file = "[web]\nlisten = \"qui\"\nlissten = 1\n[checkout]\nversion = \"due\"\nsubscription_key = \" \"\n[jobs]\nlease_ms = 1\n\
                [stazione]\nallow = [1]\ntls = 3\n[domani]\n";
    let env = [("SPORTELLO_JOBS__IN_PROCESS", "forse"), ("SPORTELLO_WEB__COLORE", "blu")];
    let mut guai = Guai::default();
    let env = env.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
    let config = read::read(file, env, &mut guai).unwrap();
    config.judge_peers(&mut guai);
    config.judge(&mut guai);
    let keys: Vec<_> = guai.errors().iter().map(|line| line.split(": ").next().unwrap()).collect();
    for key in [
        "web.listen",
        "web.lissten",
        "checkout.version",
        "checkout.subscription_key",
        "jobs.lease_ms",
        "stazione.allow",
        "stazione.tls",
        "domani",
        "SPORTELLO_JOBS__IN_PROCESS",
        "SPORTELLO_WEB__COLORE",
        "web.public_url",
        "dati.folder",
    ] {
        assert_eq!(keys.iter().filter(|told| **told == key).count(), 1, "{key}: {:?}", guai.errors());
    }
    assert_eq!(keys.len(), 12, "and nothing else: {:?}", guai.errors());
    let warned: Vec<_> = guai.warnings().iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(warned, ["web.proxies", "web.security_contact"], "{:?}", guai.warnings());
    let listen = "web.listen: cannot be read: it wants a text such as \"127.0.0.1:3000\"";
    assert!(guai.errors().iter().any(|line| line == listen), "{:?}", guai.errors());
}
