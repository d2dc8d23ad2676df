-- Trips to Checkout.
CREATE TABLE tentativi (
    id                  TEXT    NOT NULL PRIMARY KEY,
    ente                TEXT    NOT NULL,
    posizione_id        TEXT    NOT NULL,
    numero_avviso       TEXT    NOT NULL,
    importo_cents       BIGINT  NOT NULL CHECK (typeof(importo_cents) = 'integer' AND importo_cents >= 0),
    stato               TEXT    NOT NULL
        CHECK (stato IN ('CREATO', 'INVIATO', 'RITORNATO', 'FALLITO', 'SCADUTO', 'CHIUSO_DA_RICEVUTA')),
    esito_dichiarato    TEXT    CHECK (esito_dichiarato IN ('OK', 'ANNULLATO', 'ERRORE', 'ATTESA')),
    chiave              TEXT    NOT NULL,
    sessione_sha256     TEXT,
    cart_url            TEXT,
    problema            TEXT,
    created_at          TEXT    NOT NULL,
    returned_at         TEXT,
    updated_at          TEXT    NOT NULL,
    FOREIGN KEY (ente, posizione_id, numero_avviso) REFERENCES rate (ente, posizione_id, numero_avviso)
);

-- A second click finds the trip that is under way instead of starting another.
CREATE UNIQUE INDEX tentativi_aperti ON tentativi (chiave) WHERE stato IN ('CREATO', 'INVIATO');
CREATE INDEX tentativi_avviso ON tentativi (ente, numero_avviso, created_at);
