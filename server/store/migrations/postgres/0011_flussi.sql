-- What PSPs say they credited (FdR), and the receipts that have to be asked for because of it.

-- Subjects of every kind have a life: the list of their kinds is the program's.
ALTER TABLE transizioni DROP CONSTRAINT transizioni_soggetto_check;

-- A flow, by the four names it is fetched by. A higher revision takes the place of a lower one, which is kept.
CREATE TABLE flussi (
    id                  TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    ente                TEXT    COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    psp                 TEXT    COLLATE "C" NOT NULL,
    fdr                 TEXT    COLLATE "C" NOT NULL,
    revisione           BIGINT  NOT NULL CHECK (revisione >= 1),
    stato               TEXT    COLLATE "C" NOT NULL CHECK (stato IN ('ELENCATO', 'COMPLETO', 'INCOMPLETO', 'SUPERATO')),
    pubblicato_at       TEXT    COLLATE "C" NOT NULL,
    -- what it says of itself; empty until it is fetched
    data_flusso         TEXT,
    nome_psp            TEXT,
    regolamento         TEXT,
    data_regolamento    TEXT,
    bic                 TEXT,
    pagamenti           BIGINT,
    importo_cents       BIGINT  CHECK (importo_cents IS NULL OR importo_cents >= 0),
    -- why it is not complete, as JSON
    mancanze            TEXT    NOT NULL,
    created_at          TEXT    COLLATE "C" NOT NULL,
    updated_at          TEXT    COLLATE "C" NOT NULL,
    UNIQUE (ente, psp, fdr, revisione)
);
CREATE INDEX flussi_ente ON flussi (ente, pubblicato_at, id);
-- what is to be fetched
CREATE INDEX flussi_elencati ON flussi (ente, pubblicato_at, id) WHERE stato = 'ELENCATO';

CREATE TABLE fdr_righe (
    flusso_id       TEXT    COLLATE "C" NOT NULL REFERENCES flussi (id),
    -- unique in its flow
    indice          BIGINT  NOT NULL CHECK (indice >= 0),
    iuv             TEXT    COLLATE "C" NOT NULL,
    -- the receipt's `receiptId`
    iur             TEXT    COLLATE "C" NOT NULL,
    id_transfer     BIGINT  NOT NULL CHECK (id_transfer BETWEEN 1 AND 5),
    importo_cents   BIGINT  NOT NULL CHECK (importo_cents >= 0),
    -- EXECUTED 0, REVOKED 3, STAND_IN 4, STAND_IN_NO_RPT 8, NO_RPT 9
    esito           BIGINT  NOT NULL CHECK (esito IN (0, 3, 4, 8, 9)),
    data_at         TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (flusso_id, indice)
);
CREATE INDEX fdr_righe_iur ON fdr_righe (iur);

CREATE TRIGGER fdr_righe_never_change BEFORE UPDATE ON fdr_righe
    FOR EACH ROW EXECUTE FUNCTION never('fdr_righe: rows are only added');
CREATE TRIGGER fdr_righe_are_never_deleted BEFORE DELETE ON fdr_righe
    FOR EACH ROW EXECUTE FUNCTION never('fdr_righe: rows are only added');
CREATE TRIGGER fdr_righe_are_never_emptied BEFORE TRUNCATE ON fdr_righe
    FOR EACH STATEMENT EXECUTE FUNCTION never('fdr_righe: rows are only added');
CREATE TRIGGER flussi_facts_are_kept BEFORE UPDATE OF
    id, ente, psp, fdr, revisione, pubblicato_at, data_flusso, nome_psp, regolamento, data_regolamento, bic, pagamenti, importo_cents,
    mancanze, created_at ON flussi
    FOR EACH ROW WHEN (OLD.stato <> 'ELENCATO') EXECUTE FUNCTION never('flussi: only the state of a fetched flow may change');
CREATE TRIGGER flussi_are_never_deleted BEFORE DELETE ON flussi
    FOR EACH ROW EXECUTE FUNCTION never('flussi: rows are never deleted');
CREATE TRIGGER flussi_are_never_emptied BEFORE TRUNCATE ON flussi
    FOR EACH STATEMENT EXECUTE FUNCTION never('flussi: rows are never deleted');

-- Up to where the list of an ente was read: the largest `published`.
CREATE TABLE fdr_cursori (
    ente            TEXT    COLLATE "C" NOT NULL PRIMARY KEY REFERENCES enti (codice_fiscale),
    pubblicato_at   TEXT    COLLATE "C" NOT NULL
);

-- Receipts that a flow names and that never came. They are asked for one by one, as often as pagoPA allows.
CREATE TABLE recuperi (
    ente            TEXT    COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    iur             TEXT    COLLATE "C" NOT NULL,
    iuv             TEXT    COLLATE "C" NOT NULL,
    flusso_id       TEXT    COLLATE "C" NOT NULL REFERENCES flussi (id),
    stato           TEXT    COLLATE "C" NOT NULL CHECK (stato IN ('ATTESA', 'RECUPERATA', 'ARRIVATA', 'INTROVABILE')),
    -- the lower one is asked for first
    priorita        BIGINT  NOT NULL,
    tentativi       BIGINT  NOT NULL CHECK (tentativi >= 0),
    non_prima_at    TEXT    COLLATE "C" NOT NULL,
    -- why it could not be had the last time; no personal data
    errore          TEXT,
    created_at      TEXT    COLLATE "C" NOT NULL,
    updated_at      TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, iur)
);
CREATE INDEX recuperi_attesa ON recuperi (non_prima_at) WHERE stato = 'ATTESA';

-- What may be called so often in so long has so many rows, each with when it was last used. By the clock of the database, for all
-- servers together. Biz Events: 10 calls in 60 minutes (SANP, "Recupero ricevuta").
CREATE TABLE razioni (
    controparte     TEXT    COLLATE "C" NOT NULL,
    numero          BIGINT  NOT NULL,
    usata_at        TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (controparte, numero)
);

-- The accounts that pagoPA has on record, as last fetched.
CREATE TABLE iban_registrati (
    ente            TEXT    COLLATE "C" NOT NULL,
    iban            TEXT    COLLATE "C" NOT NULL,
    attivo          BOOLEAN NOT NULL,
    valido_da_at    TEXT    COLLATE "C" NOT NULL,
    etichetta       TEXT,
    visto_at        TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, iban)
);
