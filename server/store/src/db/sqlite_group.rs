//! One commit for everybody who waits for one. SQLite waits for the disk once for each transaction, and has one transaction at a
//! time: receipts that come together are kept together, by whoever of them gets the turn to write. (A busy disk was
//! seen to take 8 ms for each wait: one receipt after the other, waiting twice, is 60 a second.)

use crate::StoreError;
use crate::columns::instant;
use crate::inbox::{EsitoInbox, INSERT, NewInbox};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection as _, Sqlite};
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// Of one commit: some MiB of receipts.
const TOGETHER_MAX: usize = 256;

/// A message, and where its sender waits.
struct Waiting {
    id: String,
    received_at: String,
    peer: Option<String>,
    operazione: String,
    raw: Vec<u8>,
    sha256: String,
    told: oneshot::Sender<Result<(), StoreError>>,
}

/// Messages that are not kept yet.
#[derive(Default)]
pub(crate) struct Group(Mutex<Vec<Waiting>>);

impl Group {
    /// Durable when it returns, as if it had been alone.
    pub(crate) async fn keep(&self, writer: &SqlitePool, message: &NewInbox<'_>) -> Result<(), StoreError> {
        let (told, mut answer) = oneshot::channel();
        self.lock().push(Waiting {
            id: message.id.clone(),
            received_at: instant(message.received_at),
            peer: message.peer.clone(),
            operazione: message.operazione.clone(),
            raw: message.raw.to_vec(),
            sha256: message.sha256.to_owned(),
            told,
        });
        loop {
            let turn = tokio::select! {
                biased;
                // whoever did it for us is gone without a word: nobody knows, so it is not kept
                done = &mut answer => return done.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut.into())),
                turn = writer.acquire() => turn,
            };
            let turn = match turn {
                Ok(turn) => turn,
                Err(error) => {
                    if self.withdraw(&message.id) {
                        return Err(error.into());
                    }
                    // whoever has it already will say
                    return answer.await.unwrap_or_else(|_| Err(error.into()));
                }
            };
            let batch: Vec<_> = {
                let mut waiting = self.lock();
                let end = waiting.len().min(TOGETHER_MAX);
                waiting.drain(..end).collect()
            };
            if !batch.is_empty() {
                keep_all(writer, turn, batch).await;
            }
        }
    }

    /// Nobody may keep a message after its sender was told that it is not kept. False: somebody has it already.
    fn withdraw(&self, id: &str) -> bool {
        let mut waiting = self.lock();
        let before = waiting.len();
        waiting.retain(|waiting| waiting.id != id);
        waiting.len() < before
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All in one transaction. If it is not the time for it (the disk is full, somebody holds the database), it is not for any of them;
/// if one cannot be kept at all, each gets its own, and it does not keep the others out.
async fn keep_all(writer: &SqlitePool, turn: PoolConnection<Sqlite>, mut batch: Vec<Waiting>) {
    // a sender that is gone was told nothing, and sends again
    batch.retain(|waiting| !waiting.told.is_closed());
    let together = insert(turn, &batch).await;
    match together {
        Ok(()) => return batch.into_iter().for_each(|waiting| waiting.tell(Ok(()))),
        Err(error) if batch.len() == 1 => {
            return batch.into_iter().zip([error]).for_each(|(waiting, error)| waiting.tell(Err(error)));
        }
        Err(error) if error.is_temporary() => {
            // to wait for the lock once more for each of them would take longer than the Nodo waits
            return batch.into_iter().for_each(|waiting| waiting.tell(Err(sqlx::Error::PoolTimedOut.into())));
        }
        Err(_) => {}
    }
    for waiting in batch {
        let alone = match writer.acquire().await {
            Ok(turn) => insert(turn, std::slice::from_ref(&waiting)).await,
            Err(error) => Err(error.into()),
        };
        waiting.tell(alone);
    }
}

/// Gives the turn back, whatever comes of it: a connection is good for nothing after some errors (see `OpenTx::failed`), and the
/// pool finds that out.
async fn insert(mut turn: PoolConnection<Sqlite>, batch: &[Waiting]) -> Result<(), StoreError> {
    let mut tx = turn.begin_with("BEGIN IMMEDIATE").await?;
    for waiting in batch {
        sqlx::query(INSERT)
            .bind(waiting.id.as_str())
            .bind(waiting.received_at.as_str())
            .bind(waiting.peer.as_deref())
            .bind(waiting.operazione.as_str())
            .bind(waiting.raw.as_slice())
            .bind(waiting.sha256.as_str())
            .bind(EsitoInbox::Ricevuto.as_str())
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

impl Waiting {
    fn tell(self, outcome: Result<(), StoreError>) {
        // a sender that is gone meanwhile sends again: that is a repetition
        let _ = self.told.send(outcome);
    }
}

#[cfg(test)]
mod tests {
    use crate::{NewInbox, Store, StoreError};
    use jiff::Timestamp;
    use std::time::Duration;

    const DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    fn message<'a>(id: &str, sha256: &'a str) -> NewInbox<'a> {
        let (received_at, operazione) = (Timestamp::UNIX_EPOCH, "paSendRTV2".to_owned());
        NewInbox { id: id.to_owned(), received_at, peer: None, operazione, raw: b"x", sha256 }
    }

    async fn kept(store: &Store) -> i64 {
        store.inbox_counts().await.unwrap().iter().map(|(_, count)| count).sum()
    }

    #[tokio::test]
    async fn of_many_that_come_together_all_are_kept_but_the_one_that_cannot_be() {
        let store = Store::open_memory().await.unwrap();
        store.keep(&message("m7", DIGEST)).await.unwrap();
        // nobody gets a turn until all of them wait
        let held = store.begin().await.unwrap();
        let senders: Vec<_> = (0..600)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move { store.keep(&message(&format!("m{n}"), DIGEST)).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(held);
        for (n, sender) in senders.into_iter().enumerate() {
            let outcome = sender.await.unwrap();
            if n == 7 {
                assert!(matches!(outcome, Err(StoreError::Database(_))), "the id is taken: {outcome:?}");
            } else {
                outcome.unwrap();
            }
        }
        assert_eq!(kept(&store).await, 600);
    }

    /// The server gives up after 10 s: a sender that is gone must not take the others with it, nor leave its message behind.
    #[tokio::test]
    async fn a_sender_that_does_not_wait_keeps_nobody_from_being_kept() {
        let store = Store::open_memory().await.unwrap();
        let held = store.begin().await.unwrap();
        let hasty = tokio::time::timeout(Duration::from_millis(50), store.keep(&message("hasty", DIGEST))).await;
        assert!(hasty.is_err());
        let patient: Vec<_> = (0..20)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move { store.keep(&message(&format!("m{n}"), DIGEST)).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        // whoever would have written for all of them, perhaps
        patient[0].abort();
        drop(held);
        for sender in patient.into_iter().skip(1) {
            sender.await.unwrap().unwrap();
        }
        assert_eq!(kept(&store).await, 19);
    }

    #[tokio::test]
    async fn a_turn_that_does_not_come_is_told_and_leaves_nothing_to_be_kept() {
        let store = Store::open_memory().await.unwrap();
        let held = store.begin().await.unwrap();
        assert!(matches!(store.keep(&message("late", DIGEST)).await, Err(StoreError::Busy(_))));
        drop(held);
        store.keep(&message("next", DIGEST)).await.unwrap();
        assert_eq!(kept(&store).await, 1);
    }
}
