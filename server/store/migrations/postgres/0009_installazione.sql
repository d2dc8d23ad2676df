-- What is one for the whole installation, however many servers it has: written once, by the first that says it.
CREATE TABLE installazione (
    nome    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    valore  TEXT NOT NULL
);
