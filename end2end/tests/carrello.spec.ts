// Several notices in one payment, what is asked once more before it begins, and a draft that is taken up again.

import { CarrelloPage } from '../pages/carrello';
import { another, MENSA } from '../pages/spontaneo';
import { expect, test } from '../support/test';
import { euro } from '../support/words';

// notices are taken one after the other
test.use({ casa: 'carrello' });

const DONAZIONE = '/pietralta/servizi/donazione/paga';

test('notices of two enti are paid together, and each has its receipt', async ({ page, demo, ricerca, spontaneo, checkout }) => {
  const carrello = new CarrelloPage(page);
  const { numero, importo_cents, causale } = demo.take('TARI');
  await ricerca.fromEnte(numero);
  await carrello.add();
  await expect(carrello.voci).toHaveCount(1);
  await page.goto(DONAZIONE);
  await spontaneo.fill({ importo: '20', codiceFiscale: MENSA.codiceFiscale, nome: MENSA.nome });
  await spontaneo.continua.click();
  await carrello.add();
  await expect(carrello.voci).toHaveCount(2);
  await expect(carrello.voci.first()).toContainText('Comune di Valdoria');
  await expect(carrello.voci.last()).toContainText('Comune di Pietralta');
  await expect(carrello.totale).toHaveText(euro(importo_cents + 2_000));
  await expect(page.getByRole('link', { name: /^Carrello/ })).toContainText('2');

  await carrello.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 1_500 });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pagamento riuscito', { timeout: 20_000 });
  await expect(carrello.voci).toHaveCount(2);
  await page.getByRole('link', { name: `Ricevuta ${causale}` }).click();
  await expect(page.getByRole('article', { name: 'Ricevuta di pagamento' })).toContainText(euro(importo_cents));
  await page.goto('/carrello');
  await expect(carrello.vuoto).toBeVisible();
});

test('after a refused card the cart is still there, and one notice can be taken out', async ({ page, demo, ricerca, spontaneo, checkout }) => {
  const carrello = new CarrelloPage(page);
  const { numero, causale } = demo.take('TARI');
  await ricerca.fromEnte(numero);
  await carrello.add();
  await spontaneo.toSummary();
  await carrello.add();
  await carrello.paga.click();
  await checkout.choose('Carta rifiutata');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Il pagamento non risulta riuscito');
  await page.getByRole('link', { name: 'Torna al carrello' }).click();
  await expect(carrello.voci).toHaveCount(2);
  await carrello.remove(causale);
  await expect(carrello.voci).toHaveCount(1);
  await expect(carrello.voci).toContainText('Buoni pasto');
});

test('the same thing for the same person is asked about once more', async ({ page, spontaneo, checkout, esito }) => {
  const dati = another();
  await spontaneo.toSummary(dati);
  await spontaneo.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });

  await spontaneo.toSummary(dati);
  await spontaneo.paga.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Prima di pagare, controlla');
  await expect(page.getByRole('alert')).toContainText('risulta pagato');
  await page.getByRole('button', { name: 'Vai al pagamento' }).click();
  await expect(page.locator('.error-summary')).toContainText('Voglio pagare lo stesso');
  await page.getByRole('checkbox', { name: 'Voglio pagare lo stesso' }).check();
  await page.getByRole('button', { name: 'Vai al pagamento' }).click();
  await expect(checkout.titolo).toBeVisible();
});

test('an instalment is chosen on the page of the whole, and an address is shown back', async ({ page, demo, ricerca, avviso, checkout, esito }) => {
  const { numero } = demo.take('TARI');
  await ricerca.fromEnte(numero);
  const scelta = page.getByRole('group', { name: /Che cosa paghi/ });
  const altra = scelta.getByRole('radio', { checked: false }).filter({ hasNot: page.locator('[value="0"]') }).last();
  await altra.check();
  await page.getByLabel('E-mail (facoltativa)').fill('luca@posta.example');
  await avviso.paga.click();
  await expect(page.getByRole('main')).toContainText('luca@posta.example');
  await page.getByRole('button', { name: 'Vai al pagamento' }).click();
  await checkout.choose('Carta rifiutata');
  await expect(esito.titolo).toHaveText('Il pagamento non risulta riuscito');
});

test('the reduced amount of a fine is chosen on the page of the whole, and that is what is paid', async ({
  page,
  demo,
  ricerca,
  avviso,
  checkout,
  esito,
}) => {
  const rows = demo.json.avvisi.filter((a) => a.causale.startsWith('Verbale n. 1107'));
  const [ridotto, intero] = rows.sort((a, b) => a.importo_cents - b.importo_cents);
  await ricerca.fromEnte(intero.numero);
  await page.getByRole('radio', { name: /Importo ridotto/ }).check();
  await avviso.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  await expect(esito.ricevuta).toContainText(euro(ridotto.importo_cents));
  await ricerca.fromEnte(intero.numero);
  await expect(avviso.paga).toHaveCount(0);
});

test('a payment that was begun is taken up again, or thrown away', async ({ page, spontaneo }) => {
  await spontaneo.toSummary();
  await page.goto('/valdoria');
  await page.getByRole('button', { name: 'Riprendi il pagamento iniziato' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Controlla e paga');
  await expect(spontaneo.totale).toHaveText(euro(4_800));
  await page.goto('/');
  await page.getByRole('button', { name: 'Non sono io: elimina' }).click();
  await expect(page.getByRole('button', { name: 'Riprendi il pagamento iniziato' })).toHaveCount(0);
});
