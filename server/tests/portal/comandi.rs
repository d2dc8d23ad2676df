//! The binary as the operator starts it.

use crate::harness::{Autorita, Dati, Folder, Sportello, VALDORIA};
use crate::postgres_place::PostgresPlace;
use serde_json::{Value, json};
use server::config::{Config, DEFAULTS};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn sportello() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs it to its end, which must come by itself.
fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// It failed with one line a person can act on.
pub fn refusal(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    let said: Vec<_> = text.lines().filter(|line| line.starts_with("sportello: ")).collect();
    assert_eq!(said.len(), 1, "{text}");
    assert!(!text.contains("panicked"), "{text}");
    said[0].to_owned()
}

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
const FIT: &str = "[stazione]\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[web]\npublic_url = \"https://pagamenti.comune.example\"\n\
    security_contact = \"mailto:sicurezza@comune.example\"\n[dati]\nfolder = \"@\"\n[checkout]\nsubscription_key = \"chiave\"\n";

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
    assert!(told[0].starts_with("warning: dati.folder: nothing is in "), "{told:?}");
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

#[tokio::test]
async fn the_tables_of_postgres_are_made_by_migrate_and_by_nobody_else() {
    let place = PostgresPlace::bare().await;
    let folder = Folder::new();
    let file = folder.path().join("sportello.toml");
    let dati = format!("[dati]\nfolder = \"{}\"\ndatabase = \"{}\"\n", folder.path().display(), place.address());
    std::fs::write(&file, FIT.replace("[dati]\nfolder = \"@\"\n", &dati)).unwrap();
    let command = |name: &str| run(sportello().args([name, "--config"]).arg(&file));
    for name in ["serve", "verify"] {
        let refused = refusal(&command(name));
        assert!(refused.contains("run `sportello migrate` once"), "{refused}");
    }
    for _ in 0..2 {
        let migrated = command("migrate");
        assert!(migrated.status.success(), "{migrated:?}");
    }
    let verified = command("verify");
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_damaged_secret_stops_the_start_and_is_not_replaced() {
    let folder = Folder::new();
    let secret = folder.path().join("segreto");
    for damaged in [&b""[..], &[7; 31], &[7; 33]] {
        std::fs::write(&secret, damaged).unwrap();
        let refused = refusal(&demo_on(folder.path()));
        assert!(refused.contains("segreto is damaged") && refused.contains("restore it from a backup"), "{refused}");
        assert_eq!(std::fs::read(&secret).unwrap(), damaged);
    }
}

#[tokio::test]
async fn a_lost_secret_stops_the_start_and_is_not_drawn_again() {
    let folder = Sportello::start_on_sqlite().await.into_folder();
    let lost = folder.path().join("segreto");
    std::fs::remove_file(&lost).unwrap();
    let path = folder.path().to_owned();
    // beside this task: the first Sportello needs it to stop
    let refused = refusal(&tokio::task::spawn_blocking(move || demo_on(&path)).await.unwrap());
    assert!(refused.contains("segreto is missing") && refused.contains("restore it from a backup"), "{refused}");
    assert!(!lost.exists());
}

#[tokio::test]
async fn a_folder_serves_one_sportello_and_names_people_to_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let sportello = Sportello::start_on_sqlite().await;
    let refused = refusal(&demo_on(sportello.folder()));
    assert!(refused.contains("is in use by another sportello"), "{refused}");
    for name in ["segreto", "sportello.db", "sportello.db-wal", "sportello.db-shm"] {
        let mode = std::fs::metadata(sportello.folder().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_told() {
    let folder = Folder::new();
    let file = folder.path().join("dati");
    std::fs::write(&file, "x").unwrap();
    let refused = refusal(&demo_on(&file));
    assert!(refused.contains("is a file, not a folder"), "{refused}");
}

/// The output of a demo that cannot start.
pub fn demo_on(folder: &Path) -> Output {
    run(sportello().args(["demo", "--data"]).arg(folder).args(["--port-base", &free_ports().to_string()]))
}

#[test]
fn a_port_that_somebody_else_has_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = Folder::new();
    let refused = refusal(&run(sportello()
        .args(["demo", "--data"])
        .arg(folder.path())
        .args(["--port-base", &port.min(65_532).to_string()])));
    assert!(refused.contains(&format!("127.0.0.1:{port}")) && refused.contains("Address already in use"), "{refused}");
}

#[tokio::test]
async fn a_demo_on_a_folder_that_was_used_keeps_what_is_there() {
    let sportello = Sportello::start().await;
    let (numero, before) = (sportello.avviso("APERTA").numero, sportello.demo_json());
    sportello.pay_elsewhere(&numero, json!({})).await;
    let secret = std::fs::read(sportello.folder().join("segreto")).unwrap();
    let enti = sportello.portal.enti().await.unwrap();
    let folder = sportello.into_folder();

    let sportello = Sportello::start_in(folder).await;
    let after = sportello.demo_json();
    let numeri =
        |demo: &Value| demo["avvisi"].as_array().unwrap().iter().map(|a| a["numero"].to_string()).collect::<BTreeSet<_>>();
    assert_eq!(numeri(&before), numeri(&after), "the same notices, none twice");
    assert_eq!(sportello.portal.enti().await.unwrap(), enti);
    assert_eq!(std::fs::read(sportello.folder().join("segreto")).unwrap(), secret);
    assert_eq!(sportello.find_avviso(|a| a.numero == numero).stato, "PAGATA");
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
    for (name, url) in [("web", &sportello.indirizzi.web), ("sandbox", &sportello.indirizzi.sandbox)] {
        assert_eq!(after[name], url.origin().ascii_serialization(), "the ports of this start");
        assert_ne!(after[name], before[name]);
    }
}

#[tokio::test]
async fn a_demo_killed_while_it_filled_its_folder_is_whole_at_the_next_start() {
    let whole = Sportello::start().await.demo_json()["avvisi"].as_array().unwrap().len();
    for wait_ms in [0, 40, 80, 120, 160, 240, 320, 400, 600] {
        let folder = Folder::new();
        let mut child = sportello()
            .args(["demo", "--data"])
            .arg(folder.path())
            .args(["--port-base", &free_ports().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let sportello = Sportello::start_in(folder).await;
        assert_eq!(sportello.demo_json()["avvisi"].as_array().unwrap().len(), whole, "killed after {wait_ms} ms");
        assert!(!sportello.folder().join("preparazione").exists());
    }
}

/// The first of four ports that nobody has at the moment.
fn free_ports() -> u16 {
    for _ in 0..200 {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = first.local_addr().unwrap().port();
        let rest: Vec<_> = (1..4).filter_map(|i| TcpListener::bind(("127.0.0.1", base.checked_add(i)?)).ok()).collect();
        if rest.len() == 3 {
            return base;
        }
    }
    panic!("no four free ports in a row");
}

/// A demo in a process of its own, killed when dropped.
struct Process {
    child: Child,
    base: u16,
}

impl Process {
    /// Started, and answering.
    async fn start(folder: &Path) -> Self {
        let base = free_ports();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap();
        let child = sportello()
            .args(["--json-logs", "demo", "--data"])
            .arg(folder)
            .args(["--port-base", &base.to_string()])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut process = Self { child, base };
        let client = client();
        let begun = Instant::now();
        while client.get(process.url(3, "/healthz")).send().await.is_err() {
            let ended = process.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < Duration::from_secs(30), "{ended:?}: {}", log_of(folder));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process
    }

    fn url(&self, offset: u16, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.base + offset)
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client() -> reqwest::Client {
    nodo::http::client(&"http://127.0.0.1/".parse().unwrap(), Duration::from_secs(30)).unwrap()
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

#[tokio::test]
async fn a_demo_that_is_killed_loses_nothing_it_said_ok_to_and_its_log_names_nobody() {
    let folder = Folder::new();
    let process = Process::start(folder.path()).await;
    let client = client();
    let demo: Value = serde_json::from_slice(&std::fs::read(folder.path().join("demo.json")).unwrap()).unwrap();
    let avvisi = demo["avvisi"].as_array().unwrap();
    let open: Vec<_> = avvisi.iter().filter(|a| a["stato"] == "APERTA").map(|a| a["numero"].as_str().unwrap()).collect();
    let numero = open[0];

    let found = client.post(process.url(0, "/valdoria/avviso")).form(&[("numero", numero)]).send().await.unwrap();
    assert_eq!(found.status(), 303);
    let page = found.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(client.get(process.url(0, &page)).send().await.unwrap().status(), 200);
    assert_eq!(client.get(process.url(0, &format!("/valdoria/avviso/{numero}"))).send().await.unwrap().status(), 303);
    let form = crate::harness::form();
    assert_eq!(client.post(process.url(0, crate::harness::PASTI)).form(&form).send().await.unwrap().status(), 303);
    let body = json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": numero, "copie": 3 });
    let paid: Value = client.post(process.url(2, "/psp/pay")).json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(paid["passi"].as_array().unwrap().iter().filter(|p| p["outcome"] == "OK").count(), 5, "{paid}");
    let metrics = client.get(process.url(3, "/metrics")).send().await.unwrap().text().await.unwrap();
    for line in [
        "sportello_station_answers_total{primitiva=\"paVerifyPaymentNotice\",status=\"200\"} 1",
        "sportello_station_answers_total{primitiva=\"paSendRTV2\",status=\"200\"} 3",
        "sportello_station_seconds_bucket{primitiva=\"paSendRTV2\",le=\"2\"} 3",
        "sportello_inbox_messages{esito=\"RIPETUTO\"} 2",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    assert_eq!(client.get(process.url(3, "/readyz")).send().await.unwrap().status(), 200);
    assert!(!metrics.contains(numero));
    drop(process);

    let mut process = Process::start(folder.path()).await;
    let demo: Value = serde_json::from_slice(&std::fs::read(folder.path().join("demo.json")).unwrap()).unwrap();
    let again = demo["avvisi"].as_array().unwrap().iter().find(|a| a["numero"] == numero).unwrap();
    assert_eq!(again["stato"], "PAGATA");

    // told to stop, it stops by itself and calls that a success
    process.signal("-TERM");
    let begun = Instant::now();
    let ended = loop {
        if let Some(ended) = process.child.try_wait().unwrap() {
            break ended;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "still there: {}", log_of(folder.path()));
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(ended.success(), "{ended}");

    let log = log_of(folder.path());
    assert!(log.lines().count() > 10);
    let token = page.rsplit('/').next().unwrap();
    let mut secrets =
        vec![numero, token, "RSSMRA85T10A562S", "Mario Rossi", "mario.rossi@posta.example", "IT89F9999901000000000012345"];
    secrets.extend(avvisi.iter().flat_map(|a| [a["numero"].as_str().unwrap(), a["codice_fiscale_debitore"].as_str().unwrap()]));
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
        for secret in &secrets {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
}
