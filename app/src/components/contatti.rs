use super::Icon;
use crate::links;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;

/// "Contatta l’ente", before the footer of every page (Modello Comuni).
#[component]
pub fn Contatti(ente: Ente) -> impl IntoView {
    let contatti = ente.contatti;
    let telefono = contatti.telefono.map(|numero| {
        let href = format!("tel:{}", numero.split_whitespace().collect::<String>());
        view! { <li><a href=href><Icon name="telephone"/><span>{tr!("Chiama {numero}", numero)}</span></a></li> }
    });
    let email = contatti.email.map(|email| {
        let href = format!("mailto:{email}");
        view! { <li><a href=href><Icon name="mail"/><span>{email}</span></a></li> }
    });
    let sito = contatti.sito.filter(|url| is_web(url)).map(|url| {
        view! { <li><a href=url><Icon name="external-link"/><span>{t("Sito istituzionale")}</span></a></li> }
    });
    view! {
        <section class="contacts" aria-labelledby="contatti-titolo">
            <div class="container container-narrow">
                <div class="section-head"><h2 id="contatti-titolo">{t("Contatta l’ente")}</h2></div>
                <ul class="link-rows">
                    <li><a href=links::aiuto()><Icon name="help-circle"/><span>{t("Leggi le domande frequenti")}</span></a></li>
                    {telefono}
                    {email}
                    {sito}
                </ul>
            </div>
        </section>
    }
    .into_any()
}

/// An address that may stand in an `href`: the ente's settings hold free text.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_links() {
        assert!(is_web("https://www.comune.valdoria.example"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "//altrove.example", "www.comune.example", ""] {
            assert!(!is_web(bad), "{bad}");
        }
    }
}
