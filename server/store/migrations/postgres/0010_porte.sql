-- The doors towards pagoPA: how an ente is connected, which changes of its positions must still be told, what was said.

-- STAZIONE: the Nodo asks our station. STAZIONE_ACA: it does, and every notice is mirrored to ACA for when we are down.
-- GPD: pagoPA keeps the positions and answers for us.
ALTER TABLE enti ADD COLUMN modello TEXT NOT NULL DEFAULT 'STAZIONE' CHECK (modello IN ('STAZIONE', 'STAZIONE_ACA', 'GPD'));

-- One row for each position that has ever had something to tell: how often it changed, and up to where the other side knows.
CREATE TABLE specchi (
    ente            TEXT COLLATE "C" NOT NULL,
    posizione_id    TEXT COLLATE "C" NOT NULL,
    voluta          BIGINT  NOT NULL CHECK (voluta >= 1),
    inviata         BIGINT  NOT NULL CHECK (inviata >= 0),
    -- how it stands over there, as far as we were told; empty: it was never there
    stato           TEXT,
    -- why the last change was refused for good; no personal data
    rifiuto         TEXT,
    updated_at      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, posizione_id),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id)
);
-- what the other side does not know yet, by age
CREATE INDEX specchi_indietro ON specchi (updated_at) WHERE inviata < voluta;
-- and what it never knew, of one ente
CREATE INDEX specchi_nuovi ON specchi (ente, posizione_id) WHERE inviata < voluta AND stato IS NULL AND rifiuto IS NULL;

-- Giornale degli eventi: every message with pagoPA, in and out. No bodies, no identifiers in full: kept for 24 months.
CREATE TABLE giornale (
    seq                 BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at                  TEXT COLLATE "C" NOT NULL,
    verso               TEXT COLLATE "C" NOT NULL CHECK (verso IN ('ENTRATA', 'USCITA')),
    controparte         TEXT COLLATE "C" NOT NULL,
    operazione          TEXT    NOT NULL,
    ente                TEXT COLLATE "C",
    -- masked
    riferimento         TEXT,
    -- keyed digest of the whole: who has an identifier finds its messages, who has the table finds no identifier
    impronta            TEXT COLLATE "C",
    esito               TEXT    NOT NULL,
    -- HTTP; empty: no answer
    stato               BIGINT,
    -- of the fault, when there is one
    codice              TEXT,
    durata_ms           BIGINT  NOT NULL,
    -- empty: not counted
    byte_richiesta      BIGINT,
    byte_risposta       BIGINT,
    sha256_richiesta    TEXT,
    sha256_risposta     TEXT
);
CREATE INDEX giornale_at ON giornale (at);
CREATE INDEX giornale_ente ON giornale (ente, seq);
CREATE INDEX giornale_impronta ON giornale (impronta, seq) WHERE impronta IS NOT NULL;

CREATE TRIGGER giornale_never_changes BEFORE UPDATE ON giornale
    FOR EACH ROW EXECUTE FUNCTION never('giornale: rows are only added, and go when their time is over');
