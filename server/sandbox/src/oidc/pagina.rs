//! What the citizen sees at the provider: who are you today? Nobody has a password, for nobody is anybody.

use super::gettoni::{Concessione, code_expiry, iss_beside_code};
use crate::Sandbox;
use crate::html::{escape, page};
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::Arc;
use url::Url;

/// The question of the portal, as its address has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Domanda {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
    /// Who it is, when the question comes back from the page: a codice fiscale; empty: nobody.
    persona: String,
}

impl Domanda {
    /// Where the answer goes; `Err`: what is wrong, told here, for nobody is sent to an address that is not known.
    fn check(&self, sandbox: &Sandbox) -> Result<Url, &'static str> {
        let back = Url::parse(&self.redirect_uri).ok().filter(|url| sandbox.config.permits_return_to(url));
        let back = back.ok_or("redirect_uri non è un indirizzo del portale")?;
        if self.response_type != "code" || !self.scope.split(' ').any(|scope| scope == "openid") {
            return Err("response_type=code e scope=openid");
        }
        if self.client_id.is_empty() || self.state.is_empty() || self.nonce.is_empty() {
            return Err("mancano client_id, state o nonce");
        }
        // S256 of RFC 7636: 32 bytes of base64url
        if self.code_challenge_method != "S256" || self.code_challenge.len() != 43 {
            return Err("serve PKCE con S256");
        }
        Ok(back)
    }

    fn hidden(&self) -> String {
        let fields = [
            ("response_type", &self.response_type),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.scope),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ];
        fields.into_iter().fold(String::new(), |mut html, (name, value)| {
            let _ = writeln!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value));
            html
        })
    }
}

fn wrong(why: &str) -> Response {
    let main = format!("<h1>Richiesta non valida</h1>\n<p>{}</p>\n", escape(why));
    page(StatusCode::BAD_REQUEST, "Richiesta non valida", &main)
}

/// `GET /oidc/authorize`
pub(super) async fn show(State(sandbox): State<Arc<Sandbox>>, Query(domanda): Query<Domanda>) -> Response {
    if let Err(why) = domanda.check(&sandbox) {
        return wrong(why);
    }
    let mut main = String::from("<h1>Chi sei oggi?</h1>\n<p>Un gestore d’identità di prova: scegli una persona inventata.</p>\n");
    let _ = write!(main, "<form method=\"post\">\n{}<fieldset><legend>Persone</legend>\n", domanda.hidden());
    for (i, persona) in sandbox.config.persone.iter().enumerate() {
        let checked = if i == 0 { " checked" } else { "" };
        let _ = writeln!(
            main,
            "<label class=\"carta\"><input type=\"radio\" name=\"persona\" value=\"{cf}\"{checked}>\
             <span><strong>{nome} {cognome}</strong><span class=\"tenue\">{cf}</span></span></label>",
            cf = escape(&persona.codice_fiscale),
            nome = escape(&persona.nome),
            cognome = escape(&persona.cognome),
        );
    }
    main.push_str("</fieldset>\n<button type=\"submit\">Entra</button>\n</form>\n");
    let _ = writeln!(main, "<form method=\"post\">\n{}<button type=\"submit\">Annulla</button>\n</form>", domanda.hidden());
    page(StatusCode::OK, "Entra", &main)
}

/// `POST /oidc/authorize`
pub(super) async fn choose(State(sandbox): State<Arc<Sandbox>>, Form(domanda): Form<Domanda>) -> Response {
    let mut back = match domanda.check(&sandbox) {
        Ok(back) => back,
        Err(why) => return wrong(why),
    };
    let found = sandbox.config.persone.iter().find(|known| known.codice_fiscale == domanda.persona);
    let (name, value) = match (found, crate::caso::id()) {
        (Some(persona), Ok(code)) => {
            let concessione = Concessione {
                persona: persona.clone(),
                client_id: domanda.client_id,
                redirect_uri: domanda.redirect_uri,
                nonce: domanda.nonce,
                challenge: domanda.code_challenge,
                fino_a_s: code_expiry(&sandbox),
            };
            sandbox.idp.keep(code.clone(), concessione);
            ("code", code)
        }
        _ => ("error", "access_denied".to_owned()),
    };
    let iss = iss_beside_code(&sandbox);
    back.query_pairs_mut().append_pair(name, &value).append_pair("state", &domanda.state).append_pair("iss", &iss);
    Redirect::to(back.as_str()).into_response()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Uscita {
    post_logout_redirect_uri: String,
}

/// `GET /oidc/logout`: nobody is remembered here, so there is nothing to forget.
pub(super) async fn logout(State(sandbox): State<Arc<Sandbox>>, Query(uscita): Query<Uscita>) -> Response {
    match Url::parse(&uscita.post_logout_redirect_uri).ok().filter(|url| sandbox.config.permits_return_to(url)) {
        Some(back) => Redirect::to(back.as_str()).into_response(),
        None => page(StatusCode::OK, "Sei uscito", "<h1>Sei uscito</h1>\n<p>Dal gestore d’identità di prova.</p>\n"),
    }
}
