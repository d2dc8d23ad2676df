-- Work that is done later. A change writes it in its own transaction: it is there if and only if the change is.
-- Who holds a job is known by `fence`: it rises with every taking, and whoever writes under a lower one is refused.
-- Instants are those of this database, also where several servers with several clocks share it.
CREATE TABLE jobs (
    id          TEXT    NOT NULL PRIMARY KEY,
    -- any name: a newer program on the same database knows more kinds than this one
    tipo        TEXT    NOT NULL,
    -- the same for two wishes that are one piece of work
    chiave      TEXT    NOT NULL UNIQUE,
    -- empty: of the installation
    ente        TEXT    REFERENCES enti (codice_fiscale),
    -- JSON, no personal data
    payload     TEXT    NOT NULL,
    stato       TEXT    NOT NULL CHECK (stato IN ('PRONTO', 'PRESO', 'RITENTA', 'FATTO', 'MORTO', 'ANNULLATO')),
    -- the lower one is taken first
    priorita    BIGINT  NOT NULL CHECK (typeof(priorita) = 'integer'),
    tentativi   BIGINT  NOT NULL CHECK (typeof(tentativi) = 'integer' AND tentativi >= 0),
    non_prima   TEXT    NOT NULL,
    lease_fino  TEXT,
    fence       BIGINT  NOT NULL CHECK (typeof(fence) = 'integer' AND fence >= 0),
    chi         TEXT,
    -- progress; `totale` is empty while nobody knows
    fatto       BIGINT  NOT NULL CHECK (typeof(fatto) = 'integer' AND fatto >= 0),
    totale      BIGINT  CHECK (totale IS NULL OR typeof(totale) = 'integer' AND totale >= 0),
    -- somebody wishes that its holder gives it up
    annulla     BOOLEAN NOT NULL CHECK (annulla IN (FALSE, TRUE)),
    -- why it failed the last time; no personal data
    errore      TEXT,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    -- one holder while it is held, none before and after
    CHECK ((stato = 'PRESO') = (chi IS NOT NULL)),
    CHECK ((stato = 'PRESO') = (lease_fino IS NOT NULL)),
    CHECK (stato <> 'PRESO' OR fence >= 1)
);

-- what can be taken, by when it can be
CREATE INDEX jobs_dovuti ON jobs (COALESCE(lease_fino, non_prima)) WHERE stato IN ('PRONTO', 'RITENTA', 'PRESO');
-- what is over, by age
CREATE INDEX jobs_stato ON jobs (stato, created_at);

-- drafts, by age: they do not stay for ever
CREATE INDEX posizioni_bozze ON posizioni (created_at, id) WHERE stato = 'BOZZA';
