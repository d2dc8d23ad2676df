-- The record: who gets each cent of each receipt, and chains in which nothing can be changed, left out or taken away unseen.

-- One line for each transfer of a receipt, in the order of the receipt from 1; line 0 is what its transfers leave over of its
-- amount. So the lines of a receipt always add up to it.
CREATE TABLE ledger (
    seq             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    ricevuta_id     TEXT    NOT NULL REFERENCES ricevute (id),
    indice          INTEGER NOT NULL CHECK (indice >= 0),
    -- whose book: the addressee of the receipt
    ente            TEXT    NOT NULL,
    beneficiario    TEXT    NOT NULL,
    importo_cents   BIGINT  NOT NULL CHECK (typeof(importo_cents) = 'integer'),
    at              TEXT    NOT NULL,
    UNIQUE (ricevuta_id, indice)
);
CREATE INDEX ledger_ente ON ledger (ente, seq);

-- Who did what that no citizen and no Nodo can do. No personal data beyond who did it.
CREATE TABLE audit (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    at          TEXT    NOT NULL,
    chi         TEXT    NOT NULL,
    azione      TEXT    NOT NULL,
    ente        TEXT,
    soggetto    TEXT    NOT NULL,
    dettaglio   TEXT    NOT NULL
);

-- The end of each chain: `ricevute:CODICE_FISCALE_ENTE`, `audit`. Writing the next link holds its row.
CREATE TABLE catene (
    nome    TEXT    NOT NULL PRIMARY KEY,
    seq     BIGINT  NOT NULL CHECK (seq >= 0),
    hash    TEXT    NOT NULL CHECK (length(hash) = 64)
);

-- hash = SHA-256 of the hash before, the chain, seq, subject and digest of the subject's row; seq has no gaps.
CREATE TABLE anelli (
    catena      TEXT    NOT NULL REFERENCES catene (nome),
    seq         BIGINT  NOT NULL CHECK (seq >= 1),
    soggetto    TEXT    NOT NULL,
    digest      TEXT    NOT NULL CHECK (length(digest) = 64),
    hash        TEXT    NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (catena, seq),
    UNIQUE (catena, soggetto)
);

CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'ledger: rows are only added');
END;
CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'ledger: rows are only added');
END;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: rows are only added');
END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: rows are only added');
END;
CREATE TRIGGER anelli_never_change BEFORE UPDATE ON anelli
BEGIN
    SELECT RAISE(ABORT, 'anelli: rows are only added');
END;
CREATE TRIGGER anelli_are_never_deleted BEFORE DELETE ON anelli
BEGIN
    SELECT RAISE(ABORT, 'anelli: rows are only added');
END;
CREATE TRIGGER catene_only_grow BEFORE UPDATE ON catene WHEN NEW.nome <> OLD.nome OR NEW.seq < OLD.seq
BEGIN
    SELECT RAISE(ABORT, 'catene: a chain only grows');
END;
CREATE TRIGGER catene_are_never_deleted BEFORE DELETE ON catene
BEGIN
    SELECT RAISE(ABORT, 'catene: a chain only grows');
END;

-- the receipts of a position
CREATE INDEX ricevute_posizione ON ricevute (ente, posizione_id);
CREATE INDEX ricevute_inbox ON ricevute (inbox_id);
