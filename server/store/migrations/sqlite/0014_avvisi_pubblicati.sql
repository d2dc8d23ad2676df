-- What a notice asked for and where the money was to go when it left draft, kept beside it: a hand that changes an amount or an account
-- in `rate` or `versamenti` does not change it here. No personal data.
CREATE TABLE avvisi_pubblicati (
    ente            TEXT    NOT NULL,
    numero_avviso   TEXT    NOT NULL,
    -- of the transfer
    indice          BIGINT  NOT NULL CHECK (typeof(indice) = 'integer'),
    posizione_id    TEXT    NOT NULL,
    -- of the whole notice
    rata_cents      BIGINT  NOT NULL CHECK (typeof(rata_cents) = 'integer'),
    scadenza        TEXT,
    importo_cents   BIGINT  NOT NULL CHECK (typeof(importo_cents) = 'integer'),
    beneficiario    TEXT    NOT NULL,
    iban            TEXT,
    iban_postale    TEXT,
    bollo_hash      TEXT,
    tassonomia      TEXT    NOT NULL,
    at              TEXT    NOT NULL,
    PRIMARY KEY (ente, numero_avviso, indice)
);

-- those that are there already: as they are now, nobody knows better
INSERT INTO avvisi_pubblicati
    SELECT r.ente, r.numero_avviso, v.indice, r.posizione_id, r.importo_cents, r.scadenza, v.importo_cents, v.beneficiario, v.iban,
        v.iban_postale, v.bollo_hash, v.tassonomia, p.updated_at
    FROM posizioni p JOIN rate r ON r.ente = p.ente AND r.posizione_id = p.id
    JOIN versamenti v ON v.ente = r.ente AND v.numero_avviso = r.numero_avviso
    WHERE p.stato <> 'BOZZA' ORDER BY r.ente, r.numero_avviso, v.indice;

CREATE TRIGGER avvisi_pubblicati_never_change BEFORE UPDATE ON avvisi_pubblicati
BEGIN
    SELECT RAISE(ABORT, 'avvisi_pubblicati: rows are only added');
END;
CREATE TRIGGER avvisi_pubblicati_are_never_deleted BEFORE DELETE ON avvisi_pubblicati
BEGIN
    SELECT RAISE(ABORT, 'avvisi_pubblicati: rows are only added');
END;

-- the metrics count them, every few seconds
CREATE INDEX flussi_stato ON flussi (stato);
