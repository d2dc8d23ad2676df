-- The sites that may show our pages in a frame, each by its exact origin, as the ente said it. Nobody else may.
CREATE TABLE origini_embed (
    ente        TEXT COLLATE "C" NOT NULL REFERENCES enti (codice_fiscale),
    origine     TEXT COLLATE "C" NOT NULL,
    created_at  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, origine)
);
