-- Trips to Checkout.
CREATE TABLE tentativi (
    id                  TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    ente                TEXT    COLLATE "C" NOT NULL,
    posizione_id        TEXT    COLLATE "C" NOT NULL,
    numero_avviso       TEXT    COLLATE "C" NOT NULL,
    importo_cents       BIGINT  NOT NULL CHECK (importo_cents >= 0),
    stato               TEXT    COLLATE "C" NOT NULL
        CHECK (stato IN ('CREATO', 'INVIATO', 'RITORNATO', 'FALLITO', 'SCADUTO', 'CHIUSO_DA_RICEVUTA')),
    esito_dichiarato    TEXT    COLLATE "C" CHECK (esito_dichiarato IN ('OK', 'ANNULLATO', 'ERRORE', 'ATTESA')),
    chiave              TEXT    COLLATE "C" NOT NULL,
    sessione_sha256     TEXT    COLLATE "C",
    cart_url            TEXT,
    problema            TEXT,
    created_at          TEXT    COLLATE "C" NOT NULL,
    returned_at         TEXT    COLLATE "C",
    updated_at          TEXT    COLLATE "C" NOT NULL,
    FOREIGN KEY (ente, posizione_id, numero_avviso) REFERENCES rate (ente, posizione_id, numero_avviso)
);

-- A second click finds the trip that is under way instead of starting another.
CREATE UNIQUE INDEX tentativi_aperti ON tentativi (chiave) WHERE stato IN ('CREATO', 'INVIATO');
CREATE INDEX tentativi_avviso ON tentativi (ente, numero_avviso, created_at);
