-- A debt, the ways to pay it, the transfers of each. Every key of a tenant begins with the tenant: a row of one ente cannot
-- point to a row of another.
CREATE TABLE posizioni (
    id              TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    ente            TEXT    COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    servizio        TEXT    COLLATE "C",
    stato           TEXT    COLLATE "C" NOT NULL
        CHECK (stato IN ('BOZZA', 'APERTA', 'PARZIALMENTE_PAGATA', 'PAGATA', 'ANNULLATA', 'SCADUTA')),
    causale         TEXT    NOT NULL,
    debitore_cf     TEXT    NOT NULL,
    debitore_nome   TEXT    NOT NULL,
    debitore_email  TEXT,
    versante_cf     TEXT,
    versante_nome   TEXT,
    versante_email  TEXT,
    created_at      TEXT    COLLATE "C" NOT NULL,
    updated_at      TEXT    COLLATE "C" NOT NULL,
    UNIQUE (ente, id),
    FOREIGN KEY (ente, servizio) REFERENCES servizi (ente, slug),
    CHECK ((versante_cf IS NULL) = (versante_nome IS NULL)),
    CHECK (versante_email IS NULL OR versante_cf IS NOT NULL)
);

CREATE TABLE rate (
    ente                TEXT    COLLATE "C" NOT NULL,
    numero_avviso       TEXT    COLLATE "C" NOT NULL,
    posizione_id        TEXT    COLLATE "C" NOT NULL,
    ordine              BIGINT  NOT NULL,
    -- both empty: the single payment
    rata_numero         BIGINT,
    rata_di             BIGINT,
    importo_cents       BIGINT  NOT NULL CHECK (importo_cents >= 0),
    scadenza            TEXT    COLLATE "C",
    non_oltre_scadenza  BOOLEAN NOT NULL,
    pagata              BOOLEAN NOT NULL,
    pagata_at           TEXT    COLLATE "C",
    PRIMARY KEY (ente, numero_avviso),
    -- finds the options of a position, and lets a trip name position and notice in one key
    UNIQUE (ente, posizione_id, numero_avviso),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id),
    CHECK ((rata_numero IS NULL) = (rata_di IS NULL))
);

CREATE TABLE versamenti (
    ente            TEXT    COLLATE "C" NOT NULL,
    numero_avviso   TEXT    COLLATE "C" NOT NULL,
    -- 1 to 5: `idTransfer` of paForNode.xsd
    indice          BIGINT  NOT NULL CHECK (indice BETWEEN 1 AND 5),
    -- who gets it: can be another ente
    beneficiario    TEXT    COLLATE "C" NOT NULL,
    nome_ente       TEXT    NOT NULL,
    importo_cents   BIGINT  NOT NULL CHECK (importo_cents >= 0),
    iban            TEXT,
    iban_postale    TEXT,
    bollo_hash      TEXT,
    bollo_provincia TEXT,
    tassonomia      TEXT    NOT NULL,
    causale         TEXT    NOT NULL,
    PRIMARY KEY (ente, numero_avviso, indice),
    FOREIGN KEY (ente, numero_avviso) REFERENCES rate (ente, numero_avviso),
    -- an account or a stamp, never both, never neither
    CHECK ((iban IS NULL) = (bollo_hash IS NOT NULL)),
    CHECK ((bollo_hash IS NULL) = (bollo_provincia IS NULL)),
    CHECK (iban_postale IS NULL OR iban IS NOT NULL)
);
