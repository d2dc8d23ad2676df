// A payment without a notice: service, form, summary, Checkout, receipt.

import { another, type Dati, MENSA } from '../pages/spontaneo';
import { expect, test } from '../support/test';
import { euro } from '../support/words';

/** Everything wrong at once, each in its own way. */
const SBAGLIATI: Dati = {
  voce: 'Buoni pasto',
  quantita: '61',
  dettaglio: 'Mensa di RSSMRA80A41F205B',
  codiceFiscale: 'RSSMRA80A41F205X',
  nome: 'M',
  email: 'maria.rossi',
};

test('a service is found, its form filled in, checked, paid, and the receipt appears by itself', async ({ page, spontaneo, checkout, esito }) => {
  await page.goto('/valdoria');
  await page.getByRole('link', { name: 'Mensa scolastica' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mensa scolastica');
  await page.getByRole('link', { name: 'Paga online' }).first().click();
  const dati = another();
  const causale = `Buoni pasto - ${dati.dettaglio}`;
  await spontaneo.fill(dati);
  await spontaneo.continua.click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Controlla e paga');
  const main = page.getByRole('main');
  for (const text of [causale, 'Maria Rossi', 'RSSMRA80A41F205B', 'L’intestatario stesso']) {
    await expect(main).toContainText(text);
  }
  await expect(spontaneo.email).toHaveValue('maria.rossi@posta.example');
  await expect(spontaneo.totale).toHaveText(euro(4_800));
  await spontaneo.paga.click();
  await expect(page.getByText(causale)).toBeVisible();
  await checkout.choose('Carta che paga', { ritardo: 1_500 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  await expect(esito.ricevuta).toContainText(euro(4_800));
  await expect(esito.ricevuta).toContainText('Maria Rossi');
});

test('every wrong field is told at once, above and at the field, and what was typed stays', async ({ page, spontaneo }) => {
  await spontaneo.goto();
  await spontaneo.fill(SBAGLIATI);
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await spontaneo.continua.click();
  expect((await answer).status()).toBe(422);

  await expect(page).toHaveTitle(/^Errore: /);
  await expect(spontaneo.riepilogoErrori.getByRole('heading')).toHaveText('Ci sono 5 informazioni da correggere');
  const wrong = [
    ['quantita', 'Il numero più grande che puoi scrivere è 60.', SBAGLIATI.quantita],
    ['dettaglio', 'Togli il codice fiscale da questo testo', SBAGLIATI.dettaglio],
    ['codice_fiscale', 'C’è un carattere sbagliato', SBAGLIATI.codiceFiscale],
    ['nome', 'Scrivi almeno 2 caratteri.', SBAGLIATI.nome],
    ['email', 'Non sembra un indirizzo e-mail', SBAGLIATI.email],
  ] as const;
  for (const [field, message, typed] of wrong) {
    const input = page.locator(`#${field}`);
    await expect(input).toHaveValue(typed!);
    await expect(input).toHaveAttribute('aria-invalid', 'true');
    await expect(input).toHaveAccessibleDescription(new RegExp(message));
    await expect(spontaneo.riepilogoErrori.locator(`a[href="#${field}"]`)).toContainText(message);
  }
  await expect(page.getByRole('radio', { name: 'Buoni pasto' })).toBeChecked();
  await spontaneo.riepilogoErrori.getByRole('link', { name: /Codice fiscale/ }).click();
  await expect(spontaneo.codiceFiscale).toBeFocused();

  await spontaneo.fill(MENSA);
  await spontaneo.continua.click();
  await expect(spontaneo.totale).toHaveText(euro(4_800));
});

test('nothing chosen and nothing typed: the message stands at the choice too', async ({ page, spontaneo }) => {
  await spontaneo.goto();
  await spontaneo.continua.click();
  const choice = page.getByRole('group', { name: 'Che cosa vuoi pagare?' });
  await expect(choice).toContainText('Scegli una voce.');
  await expect(spontaneo.riepilogoErrori.locator('a[href="#voce"]')).toBeVisible();
  await expect(spontaneo.nome).toHaveAccessibleDescription(/Compila questo campo/);
});

test('"Modifica" leads back to the form with everything typed, and the change counts', async ({ page, spontaneo }) => {
  await spontaneo.toSummary();
  await page.getByRole('link', { name: 'Modifica cosa paghi' }).click();
  await expect(page.getByRole('radio', { name: 'Buoni pasto' })).toBeChecked();
  await expect(spontaneo.quantita).toHaveValue(MENSA.quantita!);
  await expect(spontaneo.dettaglio).toHaveValue(/^3B primaria, pranzo/);
  await expect(spontaneo.codiceFiscale).toHaveValue(MENSA.codiceFiscale!);
  await expect(spontaneo.nome).toHaveValue(MENSA.nome!);
  await expect(spontaneo.email).toHaveValue(MENSA.email!);
  await spontaneo.quantita.fill('12');
  await spontaneo.continua.click();
  await expect(spontaneo.totale).toHaveText(euro(5_760));
});

test('whoever pays for another person stands in the summary, and the receipt is for whom they pay', async ({ page, spontaneo, checkout, esito }) => {
  await spontaneo.toSummary({ ...another(), versante: { codiceFiscale: 'BNCLCU75M12H501Q', nome: 'Luca Bianchi' } });
  const main = page.getByRole('main');
  await expect(main).toContainText('Luca Bianchi');
  await expect(main).toContainText('BNCLCU75M12H501Q');
  await spontaneo.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  await expect(esito.ricevuta).toContainText('Maria Rossi');
});

test('the box of the other payer wants its two fields, and only when it is checked', async ({ page, spontaneo }) => {
  await spontaneo.goto();
  await spontaneo.fill(MENSA);
  await spontaneo.altroVersante.check();
  await spontaneo.shown(spontaneo.versanteCodiceFiscale);
  await spontaneo.continua.click();
  await expect(spontaneo.versanteCodiceFiscale).toHaveAccessibleDescription(/Compila questo campo/);
  await expect(spontaneo.versanteNome).toHaveAccessibleDescription(/Compila questo campo/);
  await spontaneo.altroVersante.uncheck();
  await spontaneo.continua.click();
  await expect(page.getByRole('main')).toContainText('L’intestatario stesso');
});

test('a gift is of the amount one writes, as Italians write it', async ({ spontaneo }) => {
  const giver = { codiceFiscale: MENSA.codiceFiscale, nome: MENSA.nome };
  await spontaneo.toSummary({ ...giver, importo: '1.234,5' }, 'donazione');
  await expect(spontaneo.totale).toHaveText(euro(123_450));
});

test('a refused card leaves the payment open, and a second try pays', async ({ spontaneo, avviso, checkout, esito }) => {
  await spontaneo.toSummary();
  await spontaneo.paga.click();
  await checkout.choose('Carta rifiutata');
  await expect(esito.titolo).toHaveText('Il pagamento non risulta riuscito');
  await esito.riprova.click();
  await avviso.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
});
