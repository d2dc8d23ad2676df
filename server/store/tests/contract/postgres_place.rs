//! A PostgreSQL database for one story, gone at its end. A copy of one that was migrated once: copying is quicker.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Store, StoreError};
use tokio::sync::OnceCell;

/// The server, and any database of it to start from.
const SERVER: &str = "SPORTELLO_TEST_POSTGRES";
/// Stays on the server: the next run finds it.
const TEMPLATE: &str = "sportello_test_template";
/// Of the advisory lock on the template: nobody may be connected to it while it is copied. Any number that nobody else uses.
const TEMPLATE_LOCK: i64 = 0x5350_4f52_5445_4c4c;

static NEXT: AtomicU32 = AtomicU32::new(0);
static TEMPLATE_READY: OnceCell<()> = OnceCell::const_new();

pub struct PostgresPlace {
    server: PgConnectOptions,
    name: String,
}

impl PostgresPlace {
    /// With the tables in it.
    pub async fn new() -> Self {
        let server = server();
        TEMPLATE_READY.get_or_init(|| prepare_template(server.clone())).await;
        Self::copy_of(server, TEMPLATE).await
    }

    /// As the server makes it: without any table.
    pub async fn bare() -> Self {
        Self::copy_of(server(), "template0").await
    }

    async fn copy_of(server: PgConnectOptions, template: &str) -> Self {
        let name = format!("sportello_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = locked(&server).await;
        // a dead process of the same number may have left it
        run_on(&mut connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        run_on(&mut connection, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
        connection.close().await.unwrap();
        Self { server, name }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// As an operator writes it.
    pub fn address(&self) -> String {
        address(&self.server, &self.name)
    }

    /// The same database behind another port of this machine.
    pub fn address_through(&self, port: u16) -> String {
        address(&self.server.clone().host("127.0.0.1").port(port), &self.name)
    }

    /// Where the server listens: `127.0.0.1:5432`.
    pub fn host(&self) -> String {
        format!("{}:{}", self.server.get_host(), self.server.get_port())
    }

    pub async fn open(&self) -> Result<Store, StoreError> {
        Store::connect(&self.address()).await
    }

    /// A connection that is not the store's, as an operator with a shell would have.
    pub async fn stranger(&self) -> PgConnection {
        self.server.clone().database(&self.name).connect().await.unwrap()
    }

    /// What happens when a stranger runs this.
    pub async fn run(&self, sql: &str) -> Result<u64, sqlx::Error> {
        run_on(&mut self.stranger().await, sql).await
    }
}

impl Drop for PostgresPlace {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // a runtime of its own: the one of the story cannot wait here. Whoever is still connected goes with the database
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = server.connect().await.unwrap();
                run_on(&mut connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
                connection.close().await.unwrap();
            });
        });
        // a second panic would hide why the story failed
        assert!(dropped.join().is_ok() || std::thread::panicking(), "the database of the story could not be dropped");
    }
}

fn server() -> PgConnectOptions {
    let address = std::env::var(SERVER).unwrap_or_else(|_| {
        panic!(
            "{SERVER} is not set: the stories on PostgreSQL need a server; run `make test`, or `.ci/postgres cargo test -p store`"
        )
    });
    address.parse().unwrap()
}

fn address(server: &PgConnectOptions, database: &str) -> String {
    server.clone().database(database).to_url_lossy().to_string()
}

async fn locked(server: &PgConnectOptions) -> PgConnection {
    let mut connection = server.connect().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut connection).await.unwrap();
    connection
}

async fn run_on(connection: &mut PgConnection, sql: &str) -> Result<u64, sqlx::Error> {
    Ok(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await?.rows_affected())
}

/// The one that is there is used again, unless its migrations are no longer ours.
async fn prepare_template(server: PgConnectOptions) {
    let mut connection = locked(&server).await;
    let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(TEMPLATE)
        .fetch_optional(&mut connection)
        .await
        .unwrap();
    if found.is_none() || Store::migrate(&address(&server, TEMPLATE)).await.is_err() {
        run_on(&mut connection, &format!("DROP DATABASE IF EXISTS {TEMPLATE}")).await.unwrap();
        run_on(&mut connection, &format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0")).await.unwrap();
        Store::migrate(&address(&server, TEMPLATE)).await.unwrap();
    }
    connection.close().await.unwrap();
}
