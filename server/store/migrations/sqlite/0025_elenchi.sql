-- The lists of the reserved area, newest first, page by page: whatever one asks for, as many rows are read as are shown.
CREATE INDEX posizioni_stato ON posizioni (ente, stato, created_at, id);
CREATE INDEX posizioni_servizio ON posizioni (ente, servizio, stato, created_at, id);
CREATE INDEX ricevute_arrivo ON ricevute (ente_destinatario, received_at, seq);
CREATE INDEX ricevute_iuv ON ricevute (ente_destinatario, iuv);
-- what somebody has to look at
CREATE INDEX ricevute_anomale ON ricevute (ente_destinatario, received_at, seq) WHERE stato IN ('RICEVUTA', 'ANOMALA', 'QUARANTENA');
CREATE INDEX flussi_incompleti ON flussi (ente, pubblicato_at) WHERE stato = 'INCOMPLETO';
-- what came in by day, without reading the rows
CREATE INDEX ledger_giorni ON ledger (ente, at, beneficiario, importo_cents, ricevuta_id);

-- The words of the names of debtors, in small letters: somebody is found by surname, by name, by both. Personal data: a row goes with its position.
CREATE TABLE parole_debitori (
    ente            TEXT NOT NULL,
    parola          TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    posizione_id    TEXT NOT NULL,
    PRIMARY KEY (ente, parola, created_at, posizione_id),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id)
);
CREATE INDEX parole_posizione ON parole_debitori (ente, posizione_id);
-- those of before: words between blanks, five at the most
INSERT INTO parole_debitori (ente, parola, created_at, posizione_id)
WITH RECURSIVE pezzi (ente, id, created_at, parola, resto, n) AS (
    SELECT ente, id, created_at, '', LOWER(debitore_nome) || ' ', 0 FROM posizioni
    UNION ALL
    SELECT ente, id, created_at, SUBSTR(resto, 1, INSTR(resto, ' ') - 1), SUBSTR(resto, INSTR(resto, ' ') + 1), n + 1
    FROM pezzi WHERE resto <> '' AND n < 5
)
SELECT DISTINCT ente, parola, created_at, id FROM pezzi WHERE LENGTH(parola) > 1;
