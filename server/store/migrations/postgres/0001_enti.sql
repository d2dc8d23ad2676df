-- Twins of the migrations for SQLite: the same numbers, tables, names and rules.
-- COLLATE "C" on every text that is a key, is ordered by or compared: the order of bytes, as SQLite has it; the order of instants
-- depends on it, and no new version of the system's locales can break an index.

-- Enti and what can be paid to them. JSON where nothing searches the parts.
CREATE TABLE enti (
    codice_fiscale  TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    slug            TEXT    COLLATE "C" NOT NULL UNIQUE,
    nome            TEXT    COLLATE "C" NOT NULL,
    stazione        TEXT    NOT NULL,
    intermediario   TEXT    NOT NULL,
    segregazione    TEXT    NOT NULL,
    contatti        TEXT    NOT NULL,
    created_at      TEXT    COLLATE "C" NOT NULL
);

CREATE TABLE servizi (
    ente            TEXT    COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    slug            TEXT    COLLATE "C" NOT NULL,
    nome            TEXT    COLLATE "C" NOT NULL,
    descrizione     TEXT    NOT NULL,
    argomento       TEXT    NOT NULL,
    scheda          TEXT    NOT NULL,
    tassonomia      TEXT    NOT NULL,
    iban            TEXT    NOT NULL,
    iban_postale    TEXT,
    spontaneo       TEXT,
    attivo          BOOLEAN NOT NULL,
    ordine          BIGINT  NOT NULL,
    created_at      TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, slug)
);

-- The next value of the counter behind the IUVs of an ente.
CREATE TABLE iuv_contatori (
    ente            TEXT    COLLATE "C" NOT NULL PRIMARY KEY REFERENCES enti (codice_fiscale),
    prossimo        BIGINT  NOT NULL CHECK (prossimo >= 0)
);
