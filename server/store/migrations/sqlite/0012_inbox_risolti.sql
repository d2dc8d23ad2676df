-- Quarantine ends when somebody has looked: a message named here is settled. Beside the inbox, not in it: what came in and how it was
-- judged are facts, and the biggest table is not written anew for one more state.
CREATE TABLE inbox_risolti (
    inbox_id    TEXT    NOT NULL PRIMARY KEY REFERENCES inbox (id),
    -- no personal data
    perche      TEXT    NOT NULL,
    at          TEXT    NOT NULL
);

CREATE TRIGGER inbox_risolti_never_change BEFORE UPDATE ON inbox_risolti
BEGIN
    SELECT RAISE(ABORT, 'inbox_risolti: rows are only added');
END;
CREATE TRIGGER inbox_risolti_are_never_deleted BEFORE DELETE ON inbox_risolti
BEGIN
    SELECT RAISE(ABORT, 'inbox_risolti: rows are only added');
END;
