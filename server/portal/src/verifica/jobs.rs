//! I8, I9 and I14: what is done later is done, by one, and personal data goes in time.

use super::{PAGE, Prova, Rotture};
use crate::PortalError;
use crate::giornale;
use crate::jobs::cancella_bozze::{BOZZE_TTL, EMAIL_TTL, RICHIESTE_TTL, past, past_due};
use crate::lettere::LETTERE_TTL;
use crate::promemoria::CONFERMA_TTL;
use jiff::{SignedDuration, Timestamp};
use store::Store;

/// A runner asks every few seconds: a job nobody took for so long has none.
pub const TAKEN_WITHIN_MS: i64 = 10 * 60 * 1_000;
/// The deletion runs once a day; one day that it could not, and one to notice.
const DELETED_WITHIN: SignedDuration = SignedDuration::from_hours(2 * 24);

/// I8. What pagoPA must be told has its job, as long as it was not told. By the clock of the database, which says when a job is due. A
/// dead job counts until a later one of a kind that comes again by itself is done; a dead VERIFICA never, else what it once found would
/// be found for ever.
pub(super) async fn taken(store: &Store, still_ms: i64) -> Result<Prova, PortalError> {
    let mut open = Rotture::default();
    for job in store.jobs_overdue(TAKEN_WITHIN_MS.saturating_add(still_ms), PAGE).await? {
        open.add(format_args!("{job}: nobody takes it"));
    }
    for job in store.jobs_dead(PAGE).await? {
        open.add(format_args!("{job}: dead"));
    }
    for posizione in store.specchi_dimenticati(PAGE).await? {
        open.add(format_args!("position {posizione}: pagoPA was not told of its last change, and no job does"));
    }
    for lettera in store.lettere_dimenticate(PAGE).await? {
        open.add(format_args!("letter {lettera}: nobody sends it"));
    }
    let counts = store.job_counts().await?;
    let of = |stati: &[&str]| counts.iter().filter(|(_, stato, _)| stati.contains(&stato.as_str())).map(|(.., n)| n).sum::<i64>();
    let (done, waiting, dead) = (of(&["FATTO"]), of(&["PRONTO", "RITENTA", "PRESO"]), of(&["MORTO"]));
    let figura = format!("{done} jobs done, {waiting} waiting or held, {dead} dead");
    Ok(Rotture::default().prova_and(open, "I8", "what is to be done later is done", figura))
}

/// I9.
pub(super) async fn held(store: &Store) -> Result<Prova, PortalError> {
    let mut broken = Rotture::default();
    for job in store.jobs_ill_held(PAGE).await? {
        broken.add(format_args!("{job}: not one holder with lease and fence"));
    }
    let held = store.job_counts().await?.iter().filter(|(_, stato, _)| stato == "PRESO").map(|(.., n)| n).sum::<i64>();
    Ok(broken.prova("I9", "a job has one holder", format!("{held} held")))
}

/// I14.
pub(super) async fn retained(store: &Store, now: Timestamp) -> Result<Prova, PortalError> {
    let mut open = Rotture::default();
    let before = past(store, now, BOZZE_TTL + DELETED_WITHIN).await?;
    open.none(store.bozze_before(before).await?, "drafts of forms that should be gone");
    let (asked, due) = past_due(store, now, RICHIESTE_TTL + DELETED_WITHIN).await?;
    open.none(store.richieste_before(asked, due).await?, "notices asked for at a counter that should be gone");
    let before = past(store, now, EMAIL_TTL + DELETED_WITHIN).await?;
    open.none(store.emails_before(before).await?, "e-mail addresses of trips that should be gone");
    let before = past(store, now, giornale::TTL + DELETED_WITHIN).await?;
    open.none(store.giornale_before(before).await?, "messages in the Giornale that should be gone");
    let before = past(store, now, LETTERE_TTL + DELETED_WITHIN).await?;
    open.none(store.lettere_before(before).await?, "letters that should be gone");
    let (asked, day) = past_due(store, now, CONFERMA_TTL + DELETED_WITHIN).await?;
    open.none(store.promemoria_over(day, asked).await?, "reminders that should be gone");
    let before = past(store, now, DELETED_WITHIN).await?;
    open.none(store.sessioni_before(before).await?, "sessions that should be gone");
    let days = |ttl: SignedDuration| (ttl + DELETED_WITHIN).as_hours() / 24;
    let (drafts, asked, emails, noted) = (days(BOZZE_TTL), days(RICHIESTE_TTL), days(EMAIL_TTL), days(giornale::TTL));
    let figura = format!(
        "drafts of forms {drafts} days, notices asked for {asked} days past due, e-mail addresses {emails} days, \
         Giornale {noted} days, sessions 2 days past their end"
    );
    Ok(Rotture::default().prova_and(open, "I14", "personal data past its time is gone", figura))
}
