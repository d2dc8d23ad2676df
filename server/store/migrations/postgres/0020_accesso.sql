-- Who wants it comes in with an identity: providers that an ente has of its own, questions that were answered, sessions.
CREATE TABLE fornitori_identita (
    ente            TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES enti (codice_fiscale),
    issuer          TEXT    NOT NULL,
    client_id       TEXT    NOT NULL,
    -- the claim that holds the codice fiscale
    claim           TEXT    NOT NULL,
    -- `acr` that are taken, with blanks between them; empty: any
    livelli         TEXT    NOT NULL,
    parametro_spid  TEXT    NOT NULL,
    parametro_cie   TEXT    NOT NULL,
    updated_at      TEXT COLLATE "C" NOT NULL
);

-- A question to a provider is answered once. Nothing is written when it is asked: that costs whoever asks nothing.
CREATE TABLE accessi_usati (
    -- SHA-256 of `state`
    stato_sha256    TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(stato_sha256) = 64),
    scade           TEXT COLLATE "C" NOT NULL
);
CREATE INDEX accessi_usati_scade ON accessi_usati (scade);

-- Personal data: rows go when their time is over.
CREATE TABLE sessioni (
    -- SHA-256 of what the browser holds: who reads this table comes in as nobody
    id_sha256       TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id_sha256) = 64),
    -- whose provider said who it is, and whose notices may be seen; empty: the portal's, and those of all
    ente            TEXT COLLATE "C" REFERENCES enti (codice_fiscale),
    codice_fiscale  TEXT    NOT NULL,
    nome            TEXT    NOT NULL,
    livello         TEXT,
    iniziata        TEXT    NOT NULL,
    -- the last request, to some minutes
    vista           TEXT COLLATE "C" NOT NULL,
    scade           TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessioni_scade ON sessioni (scade);

-- the notices of a person, of all enti; a key is compared by its bytes
ALTER TABLE posizioni ALTER COLUMN debitore_cf TYPE TEXT COLLATE "C";
CREATE INDEX posizioni_debitore ON posizioni (debitore_cf, stato);
