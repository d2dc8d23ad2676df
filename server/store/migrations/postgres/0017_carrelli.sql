-- Where whoever pays wants to be told of it: gone when it is no longer needed.
ALTER TABLE tentativi ADD COLUMN email TEXT;
-- Trips of several notices in one cart: its id, which is the idCart of all of them.
ALTER TABLE tentativi ADD COLUMN carrello TEXT COLLATE "C";
-- Keyed digest of ente, service, causale and debtor of a payment without a notice.
ALTER TABLE tentativi ADD COLUMN impronta TEXT COLLATE "C";

-- addresses past their time
CREATE INDEX tentativi_email ON tentativi (created_at) WHERE email IS NOT NULL;
CREATE INDEX tentativi_carrello ON tentativi (carrello, chiave) WHERE carrello IS NOT NULL;
-- the same thing paid, or being paid, a short time ago
CREATE INDEX tentativi_impronta ON tentativi (impronta, created_at) WHERE impronta IS NOT NULL;
