-- Letters to people (e-mail): the outbox of what somebody must be told. One for each event: the receipt that came, the reminder that was
-- asked for, the reminder that is due. Written with the event, in its transaction, beside the job that sends it; deleted after thirty days.
CREATE TABLE lettere (
    id          TEXT    NOT NULL PRIMARY KEY,
    ente        TEXT    NOT NULL REFERENCES enti (codice_fiscale),
    tipo        TEXT    NOT NULL CHECK (tipo IN ('RICEVUTA', 'CONFERMA', 'PROMEMORIA')),
    -- the receipt, or the reminder
    soggetto    TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    -- the same for all spellings of an address
    chiave      TEXT    NOT NULL,
    lingua      TEXT    NOT NULL CHECK (lingua IN ('it', 'en', 'de', 'fr', 'sl')),
    stato       TEXT    NOT NULL CHECK (stato IN ('DA_INVIARE', 'AFFIDATA', 'INVIATA', 'RIFIUTATA', 'INCERTA', 'TRALASCIATA')),
    -- why it went no further; no personal data
    perche      TEXT,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    UNIQUE (tipo, soggetto)
);
CREATE INDEX lettere_at ON lettere (created_at);
-- how many an address got lately
CREATE INDEX lettere_chiave ON lettere (chiave, created_at);
CREATE INDEX lettere_aperte ON lettere (id) WHERE stato IN ('DA_INVIARE', 'AFFIDATA');

-- Who asked to be reminded of a due date. Nobody is written to before the address is confirmed, but to ask for that.
CREATE TABLE promemoria (
    id              TEXT    NOT NULL PRIMARY KEY,
    ente            TEXT    NOT NULL REFERENCES enti (codice_fiscale),
    posizione_id    TEXT    NOT NULL,
    numero_avviso   TEXT    NOT NULL,
    email           TEXT    NOT NULL,
    chiave          TEXT    NOT NULL,
    lingua          TEXT    NOT NULL CHECK (lingua IN ('it', 'en', 'de', 'fr', 'sl')),
    -- so many before the due date
    giorni          BIGINT  NOT NULL CHECK (typeof(giorni) = 'integer' AND giorni >= 0),
    -- of the notice, when it was asked for
    scadenza        TEXT    NOT NULL,
    -- on which it is to be written
    giorno          TEXT    NOT NULL,
    created_at      TEXT    NOT NULL,
    confermato_at   TEXT,
    scritto_at      TEXT,
    UNIQUE (ente, numero_avviso, chiave)
);
CREATE INDEX promemoria_dovuti ON promemoria (giorno, id) WHERE confermato_at IS NOT NULL AND scritto_at IS NULL;
CREATE INDEX promemoria_scadenza ON promemoria (scadenza);
CREATE INDEX promemoria_da_confermare ON promemoria (created_at) WHERE confermato_at IS NULL;

-- In which language the payer was being talked to; empty: nobody noted it.
ALTER TABLE tentativi ADD COLUMN lingua TEXT CHECK (lingua IN ('it', 'en', 'de', 'fr', 'sl'));
