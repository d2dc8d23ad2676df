-- The act a debt comes from (verbale, cartella, pratica): what its receipt names. A kind and a number, or nothing.
ALTER TABLE posizioni ADD COLUMN atto_tipo TEXT;
ALTER TABLE posizioni ADD COLUMN atto_numero TEXT CHECK ((atto_numero IS NULL) = (atto_tipo IS NULL));
-- `2026-03-02`
ALTER TABLE posizioni ADD COLUMN atto_data TEXT;
