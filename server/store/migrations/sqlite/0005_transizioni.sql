-- Every step of every lifecycle. The first row of a subject has no `da`: replaying its rows gives its present state.
CREATE TABLE transizioni (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    soggetto    TEXT    NOT NULL CHECK (soggetto IN ('posizione', 'tentativo', 'ricevuta')),
    id          TEXT    NOT NULL,
    da          TEXT,
    evento      TEXT    NOT NULL,
    a           TEXT    NOT NULL,
    perche      TEXT    NOT NULL,
    at          TEXT    NOT NULL
);
CREATE INDEX transizioni_soggetto ON transizioni (soggetto, id, seq);

CREATE TRIGGER transizioni_never_change BEFORE UPDATE ON transizioni
BEGIN
    SELECT RAISE(ABORT, 'transizioni: rows are only added');
END;
CREATE TRIGGER transizioni_are_never_deleted BEFORE DELETE ON transizioni
BEGIN
    SELECT RAISE(ABORT, 'transizioni: rows are only added');
END;
