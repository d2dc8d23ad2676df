//! What an operator writes: the configuration and the address of the database.

use server::config::Config;
use server::layers::allowed::Allowed;
use store::Store;

/// Every seed hides it where a key or a password stands.
const SECRET: &str = "SEGRETO";

/// The text of a configuration file: read or refused, and no key of it told.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let config = match Config::from_parts(text, std::iter::empty()) {
        Ok(config) => config,
        Err(error) => {
            let shown = format!("{error:#} {error:?}");
            assert!(!shown.contains(SECRET), "{shown}");
            return;
        }
    };
    let shown = format!("{config:?}");
    for secret in [&config.checkout.subscription_key, &config.dati.database] {
        let elsewhere = text.matches(secret.as_str()).count() > 1;
        assert!(secret.len() < 8 || elsewhere || !shown.contains(secret.as_str()), "{shown}");
    }
    // judged further, and never believed to be fit without these
    if config.check().is_ok() {
        assert!(!config.checkout.subscription_key.is_empty() && !config.stazione.allow.is_empty());
        assert!(Allowed::parse(&config.stazione.allow).is_ok_and(|allowed| !allowed.is_empty()));
    }
    let _ = (config.public_url(), config.checkout(), config.allowed(), config.archivio());
}

/// The address of a database: read or refused, and nothing of it told.
pub fn database_address(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = Store::check_address(text) {
        assert!(!error.is_temporary(), "it will not read better later");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
}
