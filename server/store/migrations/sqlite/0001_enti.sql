-- Enti and what can be paid to them. JSON where nothing searches the parts.
CREATE TABLE enti (
    codice_fiscale  TEXT    NOT NULL PRIMARY KEY,
    slug            TEXT    NOT NULL UNIQUE,
    nome            TEXT    NOT NULL,
    stazione        TEXT    NOT NULL,
    intermediario   TEXT    NOT NULL,
    segregazione    TEXT    NOT NULL,
    contatti        TEXT    NOT NULL,
    created_at      TEXT    NOT NULL
);

CREATE TABLE servizi (
    ente            TEXT    NOT NULL REFERENCES enti (codice_fiscale),
    slug            TEXT    NOT NULL,
    nome            TEXT    NOT NULL,
    descrizione     TEXT    NOT NULL,
    argomento       TEXT    NOT NULL,
    scheda          TEXT    NOT NULL,
    tassonomia      TEXT    NOT NULL,
    iban            TEXT    NOT NULL,
    iban_postale    TEXT,
    spontaneo       TEXT,
    attivo          BOOLEAN NOT NULL CHECK (attivo IN (FALSE, TRUE)),
    ordine          INTEGER NOT NULL,
    created_at      TEXT    NOT NULL,
    PRIMARY KEY (ente, slug)
);

-- The next value of the counter behind the IUVs of an ente.
CREATE TABLE iuv_contatori (
    ente            TEXT    NOT NULL PRIMARY KEY REFERENCES enti (codice_fiscale),
    prossimo        BIGINT  NOT NULL CHECK (typeof(prossimo) = 'integer' AND prossimo >= 0)
);
