-- Quarantine ends when somebody has looked: a message named here is settled. Beside the inbox, not in it: what came in and how it was
-- judged are facts, and the biggest table is not written anew for one more state.
CREATE TABLE inbox_risolti (
    inbox_id    TEXT    COLLATE "C" NOT NULL PRIMARY KEY REFERENCES inbox (id),
    -- no personal data
    perche      TEXT                NOT NULL,
    at          TEXT    COLLATE "C" NOT NULL
);

CREATE TRIGGER inbox_risolti_never_change BEFORE UPDATE ON inbox_risolti
    FOR EACH ROW EXECUTE FUNCTION never('inbox_risolti: rows are only added');
CREATE TRIGGER inbox_risolti_are_never_deleted BEFORE DELETE ON inbox_risolti
    FOR EACH ROW EXECUTE FUNCTION never('inbox_risolti: rows are only added');
CREATE TRIGGER inbox_risolti_are_never_emptied BEFORE TRUNCATE ON inbox_risolti
    FOR EACH STATEMENT EXECUTE FUNCTION never('inbox_risolti: rows are only added');
