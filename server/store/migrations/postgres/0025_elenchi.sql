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
    ente            TEXT COLLATE "C" NOT NULL,
    parola          TEXT COLLATE "C" NOT NULL,
    created_at      TEXT COLLATE "C" NOT NULL,
    posizione_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, parola, created_at, posizione_id),
    FOREIGN KEY (ente, posizione_id) REFERENCES posizioni (ente, id)
);
CREATE INDEX parole_posizione ON parole_debitori (ente, posizione_id);
-- those of before: words between blanks, five at the most
INSERT INTO parole_debitori (ente, parola, created_at, posizione_id)
SELECT DISTINCT p.ente, w.parola, p.created_at, p.id
FROM posizioni p CROSS JOIN LATERAL (SELECT UNNEST((STRING_TO_ARRAY(LOWER(p.debitore_nome), ' '))[1:5]) AS parola) w
WHERE LENGTH(w.parola) > 1;
