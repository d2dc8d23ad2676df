-- Positions that somebody asked for at a counter (paDemandPaymentNotice), by when: those that nobody paid do not stay for ever.
CREATE INDEX transizioni_richieste ON transizioni (at, id) WHERE evento = 'PUBBLICA' AND perche = 'paDemandPaymentNotice';
