-- Every step of every lifecycle. The first row of a subject has no `da`: replaying its rows gives its present state.
CREATE TABLE transizioni (
    -- rises along the steps of one subject, whose row is locked while its step is written; between subjects it says nothing
    seq         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    soggetto    TEXT    COLLATE "C" NOT NULL CHECK (soggetto IN ('posizione', 'tentativo', 'ricevuta')),
    id          TEXT    COLLATE "C" NOT NULL,
    da          TEXT    COLLATE "C",
    evento      TEXT    COLLATE "C" NOT NULL,
    a           TEXT    COLLATE "C" NOT NULL,
    perche      TEXT    NOT NULL,
    at          TEXT    COLLATE "C" NOT NULL
);
CREATE INDEX transizioni_soggetto ON transizioni (soggetto, id, seq);

CREATE TRIGGER transizioni_never_change BEFORE UPDATE ON transizioni
    FOR EACH ROW EXECUTE FUNCTION never('transizioni: rows are only added');
CREATE TRIGGER transizioni_are_never_deleted BEFORE DELETE ON transizioni
    FOR EACH ROW EXECUTE FUNCTION never('transizioni: rows are only added');
CREATE TRIGGER transizioni_are_never_emptied BEFORE TRUNCATE ON transizioni
    FOR EACH STATEMENT EXECUTE FUNCTION never('transizioni: rows are only added');
