-- What came in, byte by byte, before anybody judged it; and the receipts read from it. Facts: they are added, never changed.
CREATE TABLE inbox (
    id              TEXT    NOT NULL PRIMARY KEY,
    received_at     TEXT    NOT NULL,
    peer            TEXT,
    operazione      TEXT    NOT NULL,
    raw             BLOB    NOT NULL,
    -- SHA-256 in hexadecimal: 32 bytes, 64 characters
    sha256          TEXT    NOT NULL CHECK (length(sha256) = 64),
    esito           TEXT    NOT NULL CHECK (esito IN ('RICEVUTO', 'ACCETTATO', 'RIPETUTO', 'QUARANTENA')),
    dettaglio       TEXT
);
CREATE INDEX inbox_esito ON inbox (esito);

CREATE TABLE ricevute (
    -- order of arrival: clocks can go back
    seq                 INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id                  TEXT    NOT NULL UNIQUE,
    -- `idPA` of the envelope; one payment in favour of two enti arrives once for each
    ente_destinatario   TEXT    NOT NULL,
    receipt_id          TEXT    NOT NULL,
    -- the ente of the notice: need not be one of ours
    ente                TEXT    NOT NULL,
    numero_avviso       TEXT    NOT NULL,
    iuv                 TEXT    NOT NULL,
    importo_cents       BIGINT  NOT NULL CHECK (typeof(importo_cents) = 'integer' AND importo_cents >= 0),
    pagata_il           TEXT,
    stato               TEXT    NOT NULL CHECK (stato IN ('RICEVUTA', 'VALIDA', 'ANOMALA', 'QUARANTENA', 'RISOLTA')),
    anomalie            TEXT    NOT NULL,
    contenuto           TEXT    NOT NULL,
    contenuto_sha256    TEXT    NOT NULL CHECK (length(contenuto_sha256) = 64),
    inbox_id            TEXT    NOT NULL REFERENCES inbox (id),
    posizione_id        TEXT,
    received_at         TEXT    NOT NULL,
    UNIQUE (ente_destinatario, receipt_id),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id)
);
CREATE INDEX ricevute_avviso ON ricevute (ente, numero_avviso, seq);

CREATE TRIGGER inbox_raw_is_kept BEFORE UPDATE OF id, received_at, peer, operazione, raw, sha256 ON inbox
BEGIN
    SELECT RAISE(ABORT, 'inbox: what came in never changes');
END;
CREATE TRIGGER inbox_judged_stays_judged BEFORE UPDATE OF esito ON inbox WHEN NEW.esito = 'RICEVUTO' AND OLD.esito <> 'RICEVUTO'
BEGIN
    SELECT RAISE(ABORT, 'inbox: a judged row cannot become unjudged');
END;
CREATE TRIGGER inbox_is_never_deleted BEFORE DELETE ON inbox
BEGIN
    SELECT RAISE(ABORT, 'inbox: rows are never deleted');
END;

CREATE TRIGGER ricevute_facts_are_kept BEFORE UPDATE OF
    seq, id, ente_destinatario, receipt_id, ente, numero_avviso, iuv, importo_cents, pagata_il, anomalie, contenuto,
    contenuto_sha256, inbox_id, posizione_id, received_at ON ricevute
BEGIN
    SELECT RAISE(ABORT, 'ricevute: only the state may change');
END;
CREATE TRIGGER ricevute_are_never_deleted BEFORE DELETE ON ricevute
BEGIN
    SELECT RAISE(ABORT, 'ricevute: rows are never deleted');
END;
