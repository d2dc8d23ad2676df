//! `sportello maintenance`: the portal closed to citizens for a while, on purpose. The station stays open: the Nodo would count its
//! silence against us, and a receipt has somewhere to go.
//!
//! It is a file in the folder of the data, so that it can be made and taken away while the database is moved or mended, which is what one
//! closes for, and needs no restart. Of several servers each has its folder: each is told.

use crate::cli::Dove;
use crate::render::Web;
use anyhow::{Context as _, ensure};
use app::context::{Guasto, Manutenzione};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::DateTime;
use leptos::prelude::provide_context;
use portal::Clock;
use std::path::Path;

/// Its content is the instant at which the portal opens again, or nothing where nobody knows.
const FILE: &str = "manutenzione";
/// In seconds, where nobody said until when, or it took longer.
const COME_AGAIN: i64 = 600;
/// In seconds: who is told an hour comes back by the hour, and who is told a month should look before.
const COME_AGAIN_MAX: i64 = 3_600;

#[derive(Debug, Subcommand)]
pub enum MaintenanceCommand {
    /// Show citizens that the portal is closed, from now on. pagoPA is answered as always.
    On {
        /// When it opens again, as clocks in Italy show it: 2026-11-23T23:30. It is told to citizens, and opens nothing by itself.
        #[arg(long)]
        until: Option<DateTime>,
        #[command(flatten)]
        dove: Dove,
    },
    /// Open it again.
    Off {
        #[command(flatten)]
        dove: Dove,
    },
}

/// # Errors
/// With a sentence for whoever typed the command.
pub fn run(command: MaintenanceCommand) -> anyhow::Result<()> {
    match command {
        MaintenanceCommand::On { until, dove } => {
            let (folder, clock) = (dove.archivio()?.folder, Clock::system()?);
            ensure!(folder.is_dir(), "{} is not a folder", folder.display());
            let until = until.map(|until| clock.instant(until)).transpose().context("reading --until")?;
            ensure!(until.is_none_or(|until| until > clock.now()), "--until has passed");
            close(&folder, until)?;
            println!("citizens are told that the portal is closed; pagoPA is answered as always");
        }
        MaintenanceCommand::Off { dove } => {
            let path = dove.archivio()?.folder.join(FILE);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => println!("the portal was open"),
                done => {
                    done.with_context(|| format!("removing {}", path.display()))?;
                    println!("the portal is open");
                }
            }
        }
    }
    Ok(())
}

fn close(folder: &Path, until: Option<Timestamp>) -> anyhow::Result<()> {
    let (path, fresh) = (folder.join(FILE), folder.join(format!("{FILE}.nuovo")));
    // whole or not at all: a server may be reading it
    std::fs::write(&fresh, until.map(|until| until.to_string()).unwrap_or_default())
        .and_then(|()| std::fs::rename(&fresh, &path))
        .with_context(|| format!("writing {}", path.display()))
}

/// `None`: the portal is open, as it is where nobody can tell. Until when it is closed, if that is known.
fn closed(folder: &Path) -> Option<Option<Timestamp>> {
    // asked for every page: a file that is not there is known in two microseconds
    std::fs::read(folder.join(FILE)).ok().map(|text| String::from_utf8_lossy(&text).trim().parse().ok())
}

/// Instead of every page and action, while it is closed.
pub async fn layer(State(web): State<Web>, request: Request, next: Next) -> Response<Body> {
    let Some(until) = web.folder.as_deref().and_then(closed) else { return next.run(request).await };
    let (status, clock) = (StatusCode::SERVICE_UNAVAILABLE, web.portal.clock().clone());
    let until = until.filter(|until| *until > clock.now());
    let wait = until.map_or(COME_AGAIN, |until| until.duration_since(clock.now()).as_secs().clamp(1, COME_AGAIN_MAX));
    // what an island asks for is no page
    let mut response = if request.uri().path().starts_with("/api/") {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    } else {
        let manutenzione = Manutenzione { fino: until.map(|until| clock.civil(until)) };
        web.page_with(
            request,
            move || {
                provide_context(Guasto(status));
                provide_context(manutenzione);
            },
            status,
        )
        .await
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_until_when_and_a_strange_one_closes_all_the_same() {
        let folder = std::env::temp_dir().join(format!("sportello-manutenzione-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(closed(&folder), None);
        let until = "2026-11-23T22:30:00Z".parse().unwrap();
        close(&folder, Some(until)).unwrap();
        assert_eq!(closed(&folder), Some(Some(until)));
        close(&folder, None).unwrap();
        assert_eq!(closed(&folder), Some(None));
        std::fs::write(folder.join(FILE), [0xff, 0x00]).unwrap();
        assert_eq!(closed(&folder), Some(None));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
