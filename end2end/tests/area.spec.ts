// Who wants it comes in, sees what is his, pays it, finds the receipt, goes out. Without scripts too.

import { AreaPage } from '../pages/area';
import { expect, test } from '../support/test';
import { euro } from '../support/words';

test('my notices, one of them paid, my payments, and out', async ({ page, demo, ricerca, avviso, checkout, esito }) => {
  const area = new AreaPage(page);
  const { numero, causale, importo_cents, codice_fiscale_debitore } = demo.take('TARI');
  await page.goto('/valdoria');
  await page.getByRole('link', { name: 'Accedi all’area personale' }).click();
  await area.entra(codice_fiscale_debitore);
  await expect(page).toHaveTitle('I miei avvisi – Portale dei pagamenti');
  expect(page.url()).not.toContain(codice_fiscale_debitore);
  await expect(page.getByRole('main')).not.toContainText(codice_fiscale_debitore);

  const riga = area.righe.filter({ hasText: causale });
  await expect(riga).toContainText('Da pagare');
  await riga.getByRole('link').click();
  await expect(avviso.stato.first()).toHaveText('Da pagare');
  // of a debt in instalments the one that no other test pays
  await ricerca.fromEnte(numero);
  await avviso.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });

  await page.getByRole('link', { name: 'Area personale' }).click();
  await page.getByRole('link', { name: 'I miei pagamenti' }).click();
  await expect(area.righe.filter({ hasText: euro(importo_cents) })).not.toHaveCount(0);
  const pdf = await page.request.get((await area.righe.getByRole('link', { name: 'Ricevuta (PDF)' }).first().getAttribute('href'))!);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await area.righe.getByRole('link').first().click();
  await expect(esito.ricevuta).toContainText(euro(importo_cents));

  await page.goto('/mie?stato=da-pagare&ordine=ultimi');
  await expect(page.getByLabel('Ordine')).toHaveValue('ultimi');
  await page.getByLabel('Stato').selectOption('annullati');
  await page.getByRole('button', { name: 'Filtra' }).click();
  await expect(page).toHaveURL(/stato=annullati/);
  await expect(area.righe).toHaveCount(0);

  await area.esci.click();
  await expect(page.getByText('Sei uscito')).toBeVisible();
  await page.goto('/mie');
  await expect(page).toHaveURL(/\/accesso$/);
});

test('who cancels at the provider is told so, in the language of the page', async ({ page }) => {
  await page.goto('/de/accesso');
  await page.getByRole('link', { name: 'Mit CIE anmelden' }).click();
  await page.getByRole('button', { name: 'Annulla' }).click();
  await expect(page.getByRole('alert')).toContainText('Sie haben sich nicht angemeldet');
});
