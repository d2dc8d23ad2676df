-- The form of a service in the language of `domain::modulo`, as JSON; how it is asked for at a counter beside it. `spontaneo`, the simpler
-- form of before, is written no more: where it alone is there, it is translated as it is read.
ALTER TABLE servizi ADD COLUMN modulo TEXT CHECK (modulo IS NULL OR (spontaneo IS NULL AND octet_length(modulo) <= 262144));
ALTER TABLE servizi ADD COLUMN su_richiesta TEXT;

-- Where the ente books a part of the money, as its form says: nothing that pagoPA is told.
ALTER TABLE versamenti ADD COLUMN capitolo TEXT;
ALTER TABLE versamenti ADD COLUMN accertamento TEXT;
ALTER TABLE versamenti ADD COLUMN anno BIGINT;
