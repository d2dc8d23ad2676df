-- How an ente looks, as JSON: nothing searches the parts. Its emblem beside it, since lists of enti do not show it.
ALTER TABLE enti ADD COLUMN aspetto TEXT NOT NULL DEFAULT '{}';

CREATE TABLE loghi (
    ente            TEXT    NOT NULL PRIMARY KEY REFERENCES enti (codice_fiscale),
    impronta        TEXT    NOT NULL,
    png             BLOB    NOT NULL,
    updated_at      TEXT    NOT NULL
);

-- How often each service was paid on each day in Rome, for the list of those that are paid most. Nothing of who paid.
CREATE TABLE frequenze (
    ente            TEXT    NOT NULL REFERENCES enti (codice_fiscale),
    giorno          TEXT    NOT NULL,
    servizio        TEXT    NOT NULL,
    quanti          BIGINT  NOT NULL CHECK (typeof(quanti) = 'integer'),
    PRIMARY KEY (ente, giorno, servizio)
);

-- what was paid before; the day is that of UTC, which is near enough
INSERT INTO frequenze (ente, giorno, servizio, quanti)
    SELECT r.ente, SUBSTR(r.pagata_at, 1, 10), p.servizio, COUNT(*)
    FROM rate r JOIN posizioni p ON p.ente = r.ente AND p.id = r.posizione_id
    WHERE r.pagata_at IS NOT NULL AND p.servizio IS NOT NULL GROUP BY r.ente, SUBSTR(r.pagata_at, 1, 10), p.servizio;
