-- The record: who gets each cent of each receipt, and chains in which nothing can be changed, left out or taken away unseen.

-- One line for each transfer of a receipt, in the order of the receipt from 1; line 0 is what its transfers leave over of its
-- amount. So the lines of a receipt always add up to it.
CREATE TABLE ledger (
    seq             BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ricevuta_id     TEXT    COLLATE "C" NOT NULL REFERENCES ricevute (id),
    indice          BIGINT  NOT NULL CHECK (indice >= 0),
    -- whose book: the addressee of the receipt
    ente            TEXT    COLLATE "C" NOT NULL,
    beneficiario    TEXT    COLLATE "C" NOT NULL,
    importo_cents   BIGINT  NOT NULL,
    at              TEXT    COLLATE "C" NOT NULL,
    UNIQUE (ricevuta_id, indice)
);
CREATE INDEX ledger_ente ON ledger (ente, seq);

-- Who did what that no citizen and no Nodo can do. No personal data beyond who did it.
CREATE TABLE audit (
    seq         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT    COLLATE "C" NOT NULL UNIQUE,
    at          TEXT    COLLATE "C" NOT NULL,
    chi         TEXT    NOT NULL,
    azione      TEXT    COLLATE "C" NOT NULL,
    ente        TEXT    COLLATE "C",
    soggetto    TEXT    COLLATE "C" NOT NULL,
    dettaglio   TEXT    NOT NULL
);

-- The end of each chain: `ricevute:CODICE_FISCALE_ENTE`, `audit`. Writing the next link holds its row.
CREATE TABLE catene (
    nome    TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    seq     BIGINT  NOT NULL CHECK (seq >= 0),
    hash    TEXT    COLLATE "C" NOT NULL CHECK (length(hash) = 64)
);

-- hash = SHA-256 of the hash before, the chain, seq, subject and digest of the subject's row; seq has no gaps.
CREATE TABLE anelli (
    catena      TEXT    COLLATE "C" NOT NULL REFERENCES catene (nome),
    seq         BIGINT  NOT NULL CHECK (seq >= 1),
    soggetto    TEXT    COLLATE "C" NOT NULL,
    digest      TEXT    COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    hash        TEXT    COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (catena, seq),
    UNIQUE (catena, soggetto)
);

CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger
    FOR EACH ROW EXECUTE FUNCTION never('ledger: rows are only added');
CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION never('ledger: rows are only added');
CREATE TRIGGER ledger_is_never_emptied BEFORE TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION never('ledger: rows are only added');
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION never('audit: rows are only added');
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION never('audit: rows are only added');
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION never('audit: rows are only added');
CREATE TRIGGER anelli_never_change BEFORE UPDATE ON anelli
    FOR EACH ROW EXECUTE FUNCTION never('anelli: rows are only added');
CREATE TRIGGER anelli_are_never_deleted BEFORE DELETE ON anelli
    FOR EACH ROW EXECUTE FUNCTION never('anelli: rows are only added');
CREATE TRIGGER anelli_are_never_emptied BEFORE TRUNCATE ON anelli
    FOR EACH STATEMENT EXECUTE FUNCTION never('anelli: rows are only added');
CREATE TRIGGER catene_only_grow BEFORE UPDATE ON catene
    FOR EACH ROW WHEN (NEW.nome <> OLD.nome OR NEW.seq < OLD.seq)
    EXECUTE FUNCTION never('catene: a chain only grows');
CREATE TRIGGER catene_are_never_deleted BEFORE DELETE ON catene
    FOR EACH ROW EXECUTE FUNCTION never('catene: a chain only grows');
CREATE TRIGGER catene_are_never_emptied BEFORE TRUNCATE ON catene
    FOR EACH STATEMENT EXECUTE FUNCTION never('catene: a chain only grows');

-- the receipts of a position
CREATE INDEX ricevute_posizione ON ricevute (ente, posizione_id);
CREATE INDEX ricevute_inbox ON ricevute (inbox_id);
