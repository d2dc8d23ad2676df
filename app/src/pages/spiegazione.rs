//! "What is this notice?", in plain words, for whoever has never paid one: what it is, who asks, until when, what if late, what it costs to
//! pay, whom to ask when it seems wrong. It stays out of the way until it is opened.

use super::testo::{paragrafi, scritto};
use crate::components::lang_di;
use crate::texts::date;
use crate::texts::lingue::{lingua, t};
use crate::texts::numeri::soldi;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;
use portal::avviso::AvvisoVista;

#[component]
pub(super) fn Spiegazione(ente: Ente, vista: AvvisoVista) -> impl IntoView {
    let chi = tr!(
        "{ente}, che ha il codice fiscale {codice}. pagoPA è il sistema con cui si paga: non è chi chiede i soldi.",
        ente = ente.nome,
        codice = ente.codice_fiscale
    );
    let quando = match vista.scadenza {
        Some(giorno) => tr!("Entro il {giorno}.", giorno = date::prosa(giorno)),
        None => t("Questo avviso non ha una scadenza scritta.").to_owned(),
    };
    let descrizione = vista.servizio.as_ref().map(|servizio| {
        let (insegna, detta) = servizio.insegna(lingua());
        view! { <p lang=lang_di(detta)>{insegna.descrizione}</p> }
    });
    view! {
        <details class="disclosure">
            <summary>{t("Che cos’è questo avviso?")}</summary>
            <div class="disclosure-body">
                <h3>{t("Che cos’è")}</h3>
                <p>{tr!("È la richiesta di pagare {importo}. Il motivo è scritto alla voce “Causale”.", importo = soldi(vista.importo))}</p>
                {descrizione}
                <h3>{t("Chi lo chiede")}</h3>
                <p>{chi}</p>
                <h3>{t("Entro quando")}</h3>
                <p>{quando}</p>
                <h3>{t("Se paghi in ritardo")}</h3>
                <InRitardo vista/>
                <h3>{t("La commissione")}</h3>
                <p>{t("La decide il gestore che scegli (banca, app, carta), non l’ente. La vedi sulla pagina di pagoPA prima di confermare.")}</p>
                <h3>{t("Se ti sembra sbagliato")}</h3>
                <Obiezione ente/>
            </div>
        </details>
    }
}

/// In the words of the ente where it has given some for this service; otherwise what holds for every notice.
#[component]
fn InRitardo(vista: AvvisoVista) -> impl IntoView {
    if let Some(testo) = vista.servizio.and_then(|servizio| servizio.scheda.in_ritardo) {
        let (testo, lang) = scritto(&testo);
        return view! { <div lang=lang>{paragrafi(&testo)}</div> }.into_any();
    }
    let testo = if vista.non_oltre_scadenza {
        t(
            "Dopo la scadenza questo avviso non si può più pagare: l’ente te ne manda un altro, di solito più caro, oppure ti dice come fare.",
        )
    } else {
        t("Di solito si può pagare lo stesso, ma l’ente può chiedere a parte sanzioni e interessi. Prima paghi, meno sono.")
    };
    view! { <p>{testo}</p> }.into_any()
}

#[component]
fn Obiezione(ente: Ente) -> impl IntoView {
    let contatti = ente.contatti;
    let telefono = contatti.telefono.map(|numero| {
        let href = format!("tel:{}", numero.split_whitespace().collect::<String>());
        view! { <li><a href=href>{tr!("Chiama {numero}", numero)}</a></li> }
    });
    let [email, pec] = [contatti.email, contatti.pec]
        .map(|address| address.map(|address| view! { <li><a href=format!("mailto:{address}")>{address.clone()}</a></li> }));
    view! {
        <p>{t("Chiedi all’ente prima della scadenza, con il codice avviso a portata di mano:")}</p>
        <ul>{telefono}{email}{pec}</ul>
        <p>
            {t("Se l’avviso riguarda un atto, come una multa o un accertamento, come opporsi e fino a quando è scritto sull’atto. Per alcuni \
             atti chi paga non può più opporsi.")}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::prova;

    fn html(vista: AvvisoVista) -> String {
        Owner::new().with(|| view! { <Spiegazione ente=prova::ente() vista/> }.to_html())
    }

    #[test]
    fn what_happens_when_late_is_told_in_the_words_of_the_ente_where_it_gave_some() {
        let neutral = html(AvvisoVista { servizio: None, ..prova::avviso() });
        assert!(neutral.contains("sanzioni e interessi"), "{neutral}");
        let strict = html(AvvisoVista { servizio: None, non_oltre_scadenza: true, ..prova::avviso() });
        assert!(strict.contains("non si può più pagare") && !strict.contains("sanzioni e interessi"), "{strict}");
        let mut vista = prova::avviso();
        if let Some(servizio) = &mut vista.servizio {
            servizio.scheda.in_ritardo = Some(domain::modulo::Testi::it("Si perde il posto a mensa."));
        }
        let own = html(vista);
        assert!(own.contains("Si perde il posto a mensa.") && !own.contains("sanzioni e interessi"), "{own}");
    }
}
