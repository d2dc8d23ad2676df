//! The configuration, as the operator writes it and the binary judges it: everything that is wrong, before anything is started.

use crate::backup::{done, entries};
use crate::comandi::{refusal, run, sportello};
use crate::harness::{Autorita, Dati, Folder, Sportello};
use server::config::{Config, DEFAULTS};
use std::process::Output;

#[test]
fn config_prints_the_defaults_and_they_can_be_read_back() {
    let output = run(sportello().arg("config"));
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, DEFAULTS);
    let folder = Folder::new();
    let file = folder.path().join("sportello.toml");
    // the only key without a default that works
    std::fs::write(&file, printed.replace("public_url = \"\"", "public_url = \"https://pagamenti.comune.example\"")).unwrap();
    let config = Config::load(&file).unwrap();
    assert_eq!(
        (config.public_url().unwrap().as_str(), config.checkout().unwrap().timeout_ms),
        ("https://pagamenti.comune.example/", 5_000)
    );
}

#[test]
fn serve_refuses_a_sandbox_and_whatever_else_is_not_production() {
    let folder = Folder::new();
    let file = folder.path().join("sportello.toml");
    let web = "[web]\npublic_url = \"https://pagamenti.comune.example\"\n";
    for (config, said) in [
        (
            format!("{web}[checkout]\nbase_url = \"http://127.0.0.1:3002/checkout/ec\"\n"),
            "127.0.0.1 is not pagoPA; a sandbox is only reached by `sportello demo`",
        ),
        (format!("{web}[checkout]\nbase_url = \"https://api.platform.pagopa.it.evil.example/checkout/ec\"\n"), "is not pagoPA"),
        (format!("{web}[checkout]\nredirect_origins = [\"https://evil.example\"]\n"), "https://evil.example is not pagoPA"),
        (format!("{web}[sandbox]\nport = 3002\n"), "sandbox: no section is called so"),
        (format!("{web}[dati]\nfolderr = \"x\"\n"), "folderr"),
        ("[web]\npublic_url = \"http://pagamenti.comune.example\"\n".into(), "production wants https"),
        (String::new(), "web.public_url"),
        ("[web\n".into(), "sportello.toml"),
    ] {
        std::fs::write(&file, &config).unwrap();
        let refused = refusal(&run(sportello().arg("serve").arg("--config").arg(&file)));
        assert!(refused.contains(said), "{config}\n{refused}");
    }
    let missing = refusal(&run(sportello().args(["serve", "--config"]).arg(folder.path().join("nessuno.toml"))));
    assert!(missing.contains("nessuno.toml"), "{missing}");
}

/// Fit for production, but for what a test changes; `@` is the folder of the data. Its last section is `[checkout]`.
pub const FIT: &str = "[stazione]\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[web]\npublic_url = \"https://pagamenti.comune.example\"\n\
    security_contact = \"mailto:sicurezza@comune.example\"\nproxies = [\"10.0.0.1\"]\n[dati]\nfolder = \"@\"\n[checkout]\nsubscription_key = \"chiave\"\n";

/// `check-config` on a text, in a folder where the data would be too.
fn check(folder: &Folder, config: &str) -> Output {
    let file = folder.path().join("sportello.toml");
    std::fs::write(&file, config.replace("\"@", &format!("\"{}", folder.path().display()))).unwrap();
    run(sportello().args(["check-config", "--config"]).arg(&file))
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

/// What a configuration lacks: a line for each thing, and that it is not fit.
fn lacks(output: &Output) -> Vec<String> {
    let refused = refusal(output);
    let all = lines(output);
    let errors: Vec<_> = all.iter().filter(|line| !line.starts_with("warning: ")).cloned().collect();
    assert!(refused.ends_with(&format!("is not fit for production: {} to mend", errors.len())), "{refused}: {all:?}");
    all
}

#[test]
fn check_config_says_what_a_production_lacks() {
    let folder = Folder::new();
    let fit = check(&folder, FIT);
    assert!(fit.status.success() && lines(&fit).last().unwrap().ends_with("is fit for production"), "{fit:?}");
    for (config, said) in [
        (FIT.replace("chiave", ""), "checkout.subscription_key: is missing"),
        (FIT.replace("chiave", "  "), "checkout.subscription_key: is blank"),
        (format!("{FIT}redirect_origins = []\n"), "checkout.redirect_origins: is empty"),
        (format!("{FIT}timeout_ms = 0\n"), "checkout.timeout_ms"),
        (format!("{FIT}version = 3\n"), "checkout.version"),
        (format!("{FIT}base_url = \"http://127.0.0.1:3002/checkout/ec\"\n"), "checkout.base_url: 127.0.0.1 is not pagoPA"),
        (FIT.replace("https", "http"), "web.public_url: production wants https"),
        (FIT.replace("https://pagamenti.comune.example", ""), "web.public_url: is missing: write how citizens reach the portal"),
        (FIT.replace("https://pagamenti", "pagamenti"), "web.public_url: is no address: write one such as"),
        (FIT.replace(".example\"\nsec", ".example/paga\"\nsec"), "web.public_url: scheme and host only"),
        (FIT.replace("mailto:", ""), "web.security_contact: write mailto:"),
        (FIT.replace("allow = [\"127.0.0.1\"]", "allow = []"), "stazione.allow: is empty"),
        (FIT.replace("allow = [\"127.0.0.1\"]", "allow = [\"pagopa.it\"]"), "pagopa.it is neither an address nor a network"),
        (FIT.replace("127.0.0.1", "0.0.0.0/0"), "stazione.allow: 0.0.0.0/0 is everybody"),
        (FIT.replace("127.0.0.1", "::/0"), "stazione.allow: ::/0 is everybody"),
        (FIT.replace("10.0.0.1", "0.0.0.0/0"), "web.proxies: 0.0.0.0/0 is everybody"),
        (FIT.replace("10.0.0.1", "proxy"), "web.proxies: proxy is neither"),
        (format!("{FIT}[ricerca]\nwaits = 0\n"), "ricerca.waits: 0 keeps everybody waiting"),
        (format!("{FIT}[ricerca]\nwork_bits = 40\n"), "ricerca.work_bits: 8 to 20, not 40"),
        (format!("{FIT}[ricerca]\nwait_seconds = 0\n"), "ricerca.wait_seconds: 1 to 60, not 0"),
        (FIT.replace("tls_by_proxy = true", ""), "say so with stazione.tls_by_proxy = true"),
        (FIT.replace("[web]", "[stazione.tls]\nkey = \"/x\"\n[web]"), "the proxy speaks TLS or the station does"),
        (
            FIT.replace("[stazione]", "[stazione]\nlisten = \"127.0.0.1:3000\""),
            "stazione.listen: 127.0.0.1:3000 is the address of two",
        ),
        (format!("{FIT}[metriche]\nlisten = \"0.0.0.0:3003\"\n"), "metriche.listen: 0.0.0.0 can be reached from outside"),
        (format!("{FIT}[metriche]\nlisten = \"[::]:3003\"\n"), "metriche.listen: :: can be reached from outside"),
        (FIT.replace("\"@", "\"dati"), "dati.folder: dati depends on where the program is started"),
        (FIT.replace("\"@", "\"@/nessuna"), "dati.folder: there is no folder"),
        (format!("{FIT}[pagopa]\nfdr_key = \" \"\n"), "pagopa.fdr_key: is blank"),
        (format!("{FIT}[pagopa]\naca_url = \"https://a.platform.pagopa.it/?x=1\"\naca_key = \"k\"\n"), "pagopa.aca_url"),
        (FIT.replace("[dati]\n", "[dati]\ndatabase = \"postgres://u:chiave@h:no/d\"\n"), "dati.database: "),
    ] {
        let told = lacks(&check(&folder, &config));
        assert!(told[0].contains(said), "{config}\n{told:?}");
        assert!(!told.concat().contains("chiave"), "no secret is printed: {told:?}");
    }
}

#[test]
fn check_config_says_all_at_once_a_line_for_each_key() {
    let folder = Folder::new();
    let told = lacks(&check(&folder, "[web]\nlisten = \"qui\"\ncolore = 1\n[jobs]\nlease_ms = 5\n[dati]\nfolder = \"dati\"\n"));
    let keys: Vec<_> = told.iter().map(|line| line.split(": ").next().unwrap()).collect();
    let expected = [
        "web.colore",
        "web.listen",
        "web.public_url",
        "checkout.subscription_key",
        "stazione.allow",
        "stazione.tls",
        "jobs.lease_ms",
        "dati.folder",
        "warning",
        "warning",
    ];
    assert_eq!(keys, expected, "{told:?}");
    assert!(told.last().unwrap().starts_with("warning: web.security_contact: is empty"), "{told:?}");
    // who starts it hears as much, in a line
    let file = folder.path().join("sportello.toml");
    let refused = refusal(&run(sportello().args(["serve", "--config"]).arg(&file)));
    assert!(expected[..8].iter().all(|key| refused.contains(&format!("{key}: "))), "{refused}");
}

#[test]
fn a_warning_stops_nothing() {
    let folder = Folder::new();
    let nobody = check(&folder, &FIT.replace("mailto:sicurezza@comune.example", ""));
    assert!(nobody.status.success(), "{nobody:?}");
    assert!(lines(&nobody)[0].starts_with("warning: web.security_contact: is empty"), "{nobody:?}");
}

#[test]
fn a_credential_that_is_blank_is_told_with_its_file() {
    let (folder, credentials) = (Folder::new(), Folder::new());
    std::fs::write(credentials.path().join("checkout.subscription_key"), "\n").unwrap();
    check(&folder, FIT);
    let file = folder.path().join("sportello.toml");
    let checked =
        sportello().args(["check-config", "--config"]).arg(&file).env("CREDENTIALS_DIRECTORY", credentials.path()).output();
    let told = lacks(&checked.unwrap());
    assert!(told[0].starts_with("checkout.subscription_key: the credential /") && told[0].ends_with("is blank"), "{told:?}");
}

#[tokio::test]
async fn the_folder_of_a_demo_is_none_for_a_production() {
    let folder = Sportello::start_on_sqlite().await.into_folder();
    let told = lacks(&check(&folder, FIT));
    assert!(told[0].starts_with("dati.folder: ") && told[0].contains("is the folder of a demo"), "{told:?}");
    let refused = refusal(&run(sportello().args(["serve", "--config"]).arg(folder.path().join("sportello.toml"))));
    assert!(refused.contains("is the folder of a demo"), "{refused}");
}

/// On both databases; what is looked at is left as it is.
async fn check_config_compares_secret_and_database(folder: Folder) {
    let bare = Folder::new();
    let told = lines(&check(&bare, FIT));
    assert!(told[0].starts_with("warning: dati.folder: there is neither a secret nor a database in "), "{told:?}");
    let lived = Sportello::start_in(folder).await.into_folder();
    std::fs::remove_file(lived.path().join("demo.json")).unwrap();
    let database = lived.archivio().database.unwrap_or_default();
    let config = FIT.replace("[dati]\n", &format!("[dati]\ndatabase = \"{database}\"\n"));
    assert!(check(&lived, &config).status.success());
    let secret = lived.path().join("segreto");
    let right = std::fs::read(&secret).unwrap();
    std::fs::write(&secret, [9; 32]).unwrap();
    let told = lacks(&check(&lived, &config));
    assert!(
        told[0].starts_with("dati.folder: ") && told[0].contains("is not the secret its database was begun with"),
        "{told:?}"
    );
    std::fs::write(&secret, [9; 31]).unwrap();
    assert!(lacks(&check(&lived, &config))[0].contains("segreto is damaged"));
    std::fs::remove_file(&secret).unwrap();
    let told = lacks(&check(&lived, &config));
    assert!(told[0].starts_with("dati.folder: ") && told[0].contains("segreto is missing"), "{told:?}");
    assert!(!secret.exists());
    std::fs::write(&secret, right).unwrap();
    assert!(check(&lived, &config).status.success());
    // nobody at it, and nothing beside the file: it is looked at, and left as it is
    if lived.database().is_none() {
        let (copies, rest) = (Folder::new(), Folder::new());
        done(&["backup"], &[("--data", lived.path()), ("--to", &copies.path().join("copia"))]);
        for name in ["sportello.db", "segreto"] {
            std::fs::copy(copies.path().join("copia").join(name), rest.path().join(name)).unwrap();
        }
        let before = std::fs::read(rest.path().join("sportello.db")).unwrap();
        assert!(check(&rest, FIT).status.success());
        std::fs::write(rest.path().join("segreto"), [9; 32]).unwrap();
        assert!(lacks(&check(&rest, FIT))[0].contains("is not the secret its database was begun with"));
        assert!(std::fs::read(rest.path().join("sportello.db")).unwrap() == before);
        assert_eq!(entries(rest.path()), ["segreto", "sportello.db", "sportello.toml"]);
    }
}

#[tokio::test]
async fn a_secret_of_another_database_is_told_before_the_start() {
    check_config_compares_secret_and_database(Folder::new()).await;
}

#[tokio::test]
async fn a_secret_of_another_postgres_is_told_before_the_start() {
    check_config_compares_secret_and_database(Folder::new().on_postgres().await).await;
}

#[test]
fn a_database_that_cannot_be_asked_is_a_warning() {
    let folder = Folder::new();
    let gone = FIT.replace("[dati]\n", "[dati]\ndatabase = \"postgres://u:chiave@127.0.0.1:9/d\"\n");
    let checked = check(&folder, &gone);
    let told = lines(&checked);
    assert!(checked.status.success() && told[0].starts_with("warning: dati.database: "), "{told:?}");
    assert!(!told.concat().contains("chiave"), "{told:?}");
}

#[test]
fn check_config_looks_at_certificates_and_keys_and_names_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let at = |name: &str| folder.path().join(name);
    let (ca, other) = (Autorita::new("Autorità"), Autorita::new("Un'altra"));
    let good = ca.sign_with_chain(&Dati::server("localhost"));
    good.write(&at("certificato.pem"), &at("chiave.pem"));
    std::fs::write(at("ca.pem"), format!("{}{}", ca.pem(), other.pem())).unwrap();
    std::fs::set_permissions(at("ca.pem"), std::fs::Permissions::from_mode(0o600)).unwrap();
    ca.sign(&Dati { to: (2021, 1, 1), ..Dati::server("localhost") }).write(&at("scaduto.pem"), &at("chiave-scaduto.pem"));
    ca.sign(&Dati { from: (2089, 1, 1), ..Dati::server("localhost") }).write(&at("presto.pem"), &at("chiave-presto.pem"));
    std::fs::write(at("vuoto.pem"), "").unwrap();
    std::fs::write(at("testo.pem"), "ciao").unwrap();
    std::fs::write(at("rotto.pem"), good.pem.replacen("MII", "!!!", 1)).unwrap();
    let tls = FIT.replace(
        "tls_by_proxy = true\n",
        "[stazione.tls]\ncertificate = \"@/certificato.pem\"\nkey = \"@/chiave.pem\"\nclient_ca = [\"@/ca.pem\"]\n",
    );
    let fit = check(&folder, &tls);
    assert!(fit.status.success() && !lines(&fit).concat().contains("warning: stazione"), "{fit:?}");
    let names = "client_names = []\n";
    for (from, to, said) in [
        ("certificate = \"@/certificato.pem\"", "", "stazione.tls.certificate: is missing"),
        ("key = \"@/chiave.pem\"", "", "stazione.tls.key: is missing"),
        ("client_ca = [\"@/ca.pem\"]", "", "stazione.tls.client_ca: is empty"),
        ("127.0.0.1", "0.0.0.0/0", "stazione.allow: 0.0.0.0/0 is everybody: a certificate is one proof"),
        ("client_ca", &format!("{names}client_ca"), "stazione.tls.client_names"),
        ("certificato.pem", "nessuno.pem", "nessuno.pem cannot be read"),
        ("certificato.pem", "vuoto.pem", "no certificate in"),
        ("certificato.pem", "testo.pem", "no certificate in"),
        ("certificato.pem", "rotto.pem", "rotto.pem is not PEM"),
        ("certificato.pem", "scaduto.pem", "scaduto.pem: expired 2021-01-01"),
        ("certificato.pem", "presto.pem", "presto.pem: not valid before 2089-01-01"),
        ("chiave.pem", "nessuna.pem", "no private key can be read from"),
        ("chiave.pem", "ca.pem", "no private key can be read from"),
        ("chiave.pem", "chiave-scaduto.pem", "stazione.tls.key: it is not the key of stazione.tls.certificate"),
        ("ca.pem", "vuoto.pem", "stazione.tls.client_ca: no certificate in"),
        ("ca.pem", "scaduto.pem", "is a certificate that may sign no other"),
    ] {
        let told = lacks(&check(&folder, &tls.replacen(from, to, 1))).join("\n");
        assert!(told.contains(said), "{from} → {to}\n{told}");
        assert!(!told.contains("PRIVATE KEY"), "{told}");
    }
    let all = lacks(&check(&folder, &tls.replace(".pem", ".nessuno")));
    let keys: Vec<_> = all.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(keys[..3], ["stazione.tls.certificate", "stazione.tls.key", "stazione.tls.client_ca"], "all at once: {all:?}");
}

#[test]
fn a_key_that_others_can_read_is_refused_and_a_certificate_that_ends_soon_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let at = |name: &str| folder.path().join(name);
    let ca = Autorita::new("Autorità");
    let day = |days: i64| {
        let date = portal::Clock::system().unwrap().today().checked_add(jiff::Span::new().days(days)).unwrap();
        (i32::from(date.year()), u8::try_from(date.month()).unwrap(), u8::try_from(date.day()).unwrap())
    };
    ca.sign(&Dati { to: day(20), ..Dati::server("localhost") }).write(&at("certificato.pem"), &at("chiave.pem"));
    std::fs::write(at("ca.pem"), ca.pem()).unwrap();
    let tls = FIT.replace(
        "tls_by_proxy = true\n",
        "[stazione.tls]\ncertificate = \"@/certificato.pem\"\nkey = \"@/chiave.pem\"\nclient_ca = [\"@/ca.pem\"]\n",
    );
    let soon = check(&folder, &tls);
    let told = lines(&soon);
    assert!(soon.status.success(), "{soon:?}");
    assert!(told.iter().any(|line| line.starts_with("warning: stazione.tls.certificate: it ends in ")), "{told:?}");
    for mode in [0o644, 0o640, 0o604] {
        std::fs::set_permissions(at("chiave.pem"), std::fs::Permissions::from_mode(mode)).unwrap();
        let told = lacks(&check(&folder, &tls));
        assert!(told[0].starts_with("stazione.tls.key: ") && told[0].contains(&format!("its mode is {mode:04o}")), "{told:?}");
    }
    // systemd lends a credential with an access list, whose mask shows as the group's rights
    std::fs::set_permissions(at("chiave.pem"), std::fs::Permissions::from_mode(0o440)).unwrap();
    let lent = sportello()
        .args(["check-config", "--config"])
        .arg(at("sportello.toml"))
        .env("CREDENTIALS_DIRECTORY", folder.path())
        .output();
    assert!(lent.as_ref().unwrap().status.success(), "{lent:?}");
}
