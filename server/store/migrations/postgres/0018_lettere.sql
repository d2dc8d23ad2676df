-- Letters to people (e-mail): the outbox of what somebody must be told. One for each event: the receipt that came, the reminder that was
-- asked for, the reminder that is due. Written with the event, in its transaction, beside the job that sends it; deleted after thirty days.
CREATE TABLE lettere (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    ente        TEXT COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    tipo        TEXT COLLATE "C" NOT NULL CHECK (tipo IN ('RICEVUTA', 'CONFERMA', 'PROMEMORIA')),
    -- the receipt, or the reminder
    soggetto    TEXT COLLATE "C" NOT NULL,
    email       TEXT COLLATE "C" NOT NULL,
    -- the same for all spellings of an address
    chiave      TEXT COLLATE "C" NOT NULL,
    lingua      TEXT COLLATE "C" NOT NULL CHECK (lingua IN ('it', 'en', 'de', 'fr', 'sl')),
    stato       TEXT COLLATE "C" NOT NULL CHECK (stato IN ('DA_INVIARE', 'AFFIDATA', 'INVIATA', 'RIFIUTATA', 'INCERTA', 'TRALASCIATA')),
    -- why it went no further; no personal data
    perche      TEXT,
    created_at  TEXT COLLATE "C" NOT NULL,
    updated_at  TEXT COLLATE "C" NOT NULL,
    UNIQUE (tipo, soggetto)
);
CREATE INDEX lettere_at ON lettere (created_at);
-- how many an address got lately
CREATE INDEX lettere_chiave ON lettere (chiave, created_at);
CREATE INDEX lettere_aperte ON lettere (id) WHERE stato IN ('DA_INVIARE', 'AFFIDATA');

-- Who asked to be reminded of a due date. Nobody is written to before the address is confirmed, but to ask for that.
CREATE TABLE promemoria (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    ente            TEXT COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    posizione_id    TEXT COLLATE "C" NOT NULL,
    numero_avviso   TEXT COLLATE "C" NOT NULL,
    email           TEXT COLLATE "C" NOT NULL,
    chiave          TEXT COLLATE "C" NOT NULL,
    lingua          TEXT COLLATE "C" NOT NULL CHECK (lingua IN ('it', 'en', 'de', 'fr', 'sl')),
    -- so many before the due date
    giorni          BIGINT  NOT NULL CHECK (giorni >= 0),
    -- of the notice, when it was asked for
    scadenza        TEXT COLLATE "C" NOT NULL,
    -- on which it is to be written
    giorno          TEXT COLLATE "C" NOT NULL,
    created_at      TEXT COLLATE "C" NOT NULL,
    confermato_at   TEXT COLLATE "C",
    scritto_at      TEXT COLLATE "C",
    UNIQUE (ente, numero_avviso, chiave)
);
CREATE INDEX promemoria_dovuti ON promemoria (giorno, id) WHERE confermato_at IS NOT NULL AND scritto_at IS NULL;
CREATE INDEX promemoria_scadenza ON promemoria (scadenza);
CREATE INDEX promemoria_da_confermare ON promemoria (created_at) WHERE confermato_at IS NULL;

-- In which language the payer was being talked to; empty: nobody noted it.
ALTER TABLE tentativi ADD COLUMN lingua TEXT CHECK (lingua IN ('it', 'en', 'de', 'fr', 'sl'));
