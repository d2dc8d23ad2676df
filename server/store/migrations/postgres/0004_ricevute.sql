-- What came in, byte by byte, before anybody judged it; and the receipts read from it. Facts: they are added, never changed.
CREATE TABLE inbox (
    id              TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    received_at     TEXT    COLLATE "C" NOT NULL,
    peer            TEXT,
    operazione      TEXT    COLLATE "C" NOT NULL,
    raw             BYTEA   NOT NULL,
    -- SHA-256 in hexadecimal: 32 bytes, 64 characters
    sha256          TEXT    COLLATE "C" NOT NULL CHECK (length(sha256) = 64),
    esito           TEXT    COLLATE "C" NOT NULL CHECK (esito IN ('RICEVUTO', 'ACCETTATO', 'RIPETUTO', 'QUARANTENA')),
    dettaglio       TEXT
);
CREATE INDEX inbox_esito ON inbox (esito);

CREATE TABLE ricevute (
    -- order of arrival: clocks can go back. Given at the INSERT, seen at the COMMIT: between different notices a lower number can
    -- appear after a higher one, so it is no place to go on from
    seq                 BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                  TEXT    COLLATE "C" NOT NULL UNIQUE,
    -- `idPA` of the envelope; one payment in favour of two enti arrives once for each
    ente_destinatario   TEXT    COLLATE "C" NOT NULL,
    receipt_id          TEXT    COLLATE "C" NOT NULL,
    -- the ente of the notice: need not be one of ours
    ente                TEXT    COLLATE "C" NOT NULL,
    numero_avviso       TEXT    COLLATE "C" NOT NULL,
    iuv                 TEXT    COLLATE "C" NOT NULL,
    importo_cents       BIGINT  NOT NULL CHECK (importo_cents >= 0),
    pagata_il           TEXT    COLLATE "C",
    stato               TEXT    COLLATE "C" NOT NULL CHECK (stato IN ('RICEVUTA', 'VALIDA', 'ANOMALA', 'QUARANTENA', 'RISOLTA')),
    anomalie            TEXT    NOT NULL,
    contenuto           TEXT    NOT NULL,
    contenuto_sha256    TEXT    COLLATE "C" NOT NULL CHECK (length(contenuto_sha256) = 64),
    inbox_id            TEXT    COLLATE "C" NOT NULL REFERENCES inbox (id),
    posizione_id        TEXT    COLLATE "C",
    received_at         TEXT    COLLATE "C" NOT NULL,
    UNIQUE (ente_destinatario, receipt_id),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id)
);
CREATE INDEX ricevute_avviso ON ricevute (ente, numero_avviso, seq);

-- Says no, in the words the trigger brings.
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END;
$$;

CREATE TRIGGER inbox_raw_is_kept BEFORE UPDATE OF id, received_at, peer, operazione, raw, sha256 ON inbox
    FOR EACH ROW EXECUTE FUNCTION never('inbox: what came in never changes');
CREATE TRIGGER inbox_judged_stays_judged BEFORE UPDATE OF esito ON inbox
    FOR EACH ROW WHEN (NEW.esito = 'RICEVUTO' AND OLD.esito <> 'RICEVUTO')
    EXECUTE FUNCTION never('inbox: a judged row cannot become unjudged');
CREATE TRIGGER inbox_is_never_deleted BEFORE DELETE ON inbox
    FOR EACH ROW EXECUTE FUNCTION never('inbox: rows are never deleted');
CREATE TRIGGER inbox_is_never_emptied BEFORE TRUNCATE ON inbox
    FOR EACH STATEMENT EXECUTE FUNCTION never('inbox: rows are never deleted');

CREATE TRIGGER ricevute_facts_are_kept BEFORE UPDATE OF
    seq, id, ente_destinatario, receipt_id, ente, numero_avviso, iuv, importo_cents, pagata_il, anomalie, contenuto,
    contenuto_sha256, inbox_id, posizione_id, received_at ON ricevute
    FOR EACH ROW EXECUTE FUNCTION never('ricevute: only the state may change');
CREATE TRIGGER ricevute_are_never_deleted BEFORE DELETE ON ricevute
    FOR EACH ROW EXECUTE FUNCTION never('ricevute: rows are never deleted');
CREATE TRIGGER ricevute_are_never_emptied BEFORE TRUNCATE ON ricevute
    FOR EACH STATEMENT EXECUTE FUNCTION never('ricevute: rows are never deleted');
