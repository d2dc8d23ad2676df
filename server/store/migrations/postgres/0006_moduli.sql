-- The form a citizen filled in, as it was typed. Personal data: it goes with its position.
CREATE TABLE moduli (
    ente         TEXT COLLATE "C" NOT NULL,
    posizione_id TEXT COLLATE "C" NOT NULL,
    modulo       TEXT NOT NULL,
    PRIMARY KEY (ente, posizione_id),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id)
);

-- the list of an ente's positions, oldest first
CREATE INDEX posizioni_of_ente ON posizioni (ente, created_at, id);
