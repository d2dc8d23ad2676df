// After paying: the letter with its link, the search for a receipt, the page that verifies a paper, the reminder of a due date.

import { another } from '../pages/spontaneo';
import { expect, test } from '../support/test';
import { euro, grouped, UNKNOWN } from '../support/words';

// letters go out by a job
test.setTimeout(90_000);

/** The address after the line with that name. */
function link(testo: string, nome: string): string {
  const [, after] = testo.split(`${nome}:`);
  return after.trim().split(/\s/)[0];
}

test('who paid without a notice gets a letter, and its link shows the receipt', async ({ page, demo, spontaneo, checkout, esito }, { project }) => {
  const email = `ricevuta.${project.name}@posta.example`;
  await spontaneo.toSummary({ ...another(), email });
  await spontaneo.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  await expect(page.getByText('la ricevuta a r…@posta.example')).toBeVisible();
  const [lettera] = await demo.letters(email, 1);
  expect(lettera.oggetto).toContain('Pagamento ricevuto');
  await page.goto(link(lettera.testo, 'Apri la ricevuta'));
  await expect(page.getByRole('article', { name: 'Ricevuta di pagamento' })).toBeVisible();
  await expect(page.getByText('Questo collegamento scade')).toBeVisible();
});

test('a receipt is found again from the ente’s home, by notice and codice fiscale', async ({ page, demo }) => {
  const avviso = demo.take('Mensa scolastica');
  await demo.payAtCounter(avviso);
  await page.goto('/valdoria');
  await page.getByRole('link', { name: 'Hai già pagato? Ritrova la ricevuta' }).click();
  const cerca = page.getByRole('button', { name: 'Cerca la ricevuta' });
  await page.getByLabel('Codice avviso').fill(UNKNOWN);
  await page.getByLabel('Codice fiscale dell’intestatario').fill(avviso.codice_fiscale_debitore);
  await cerca.click();
  await expect(page.getByRole('alert')).toContainText('Non troviamo una ricevuta con questi dati');
  await expect(page.getByLabel('Codice fiscale dell’intestatario')).toHaveValue(avviso.codice_fiscale_debitore);
  await page.getByLabel('Codice avviso').fill(grouped(avviso.numero));
  await cerca.click();
  await expect(page.getByRole('article', { name: 'Ricevuta di pagamento' })).toContainText(euro(avviso.importo_cents));
  expect(page.url()).not.toContain(avviso.numero);
  const pdf = await page.request.get((await page.getByRole('link', { name: 'Scarica la ricevuta (PDF)' }).getAttribute('href'))!);
  expect(pdf.headers()['content-type']).toBe('application/pdf');
});

test('a reminder is asked for on a notice, confirmed by its letter, and called off', async ({ page, demo, ricerca }, { project }) => {
  const email = `promemoria.${project.name}@posta.example`;
  // the last instalment is due in months
  const rate = demo.json.avvisi.filter((a) => a.stato === 'APERTA' && a.causale.includes('TARI'));
  await ricerca.fromEnte(rate[rate.length - 1].numero);
  await page.getByText('Non paghi adesso? Ricordamelo per e-mail').click();
  await page.getByLabel('La tua e-mail').fill('nessuno');
  await page.getByRole('button', { name: 'Ricordamelo' }).click();
  await expect(page.locator('#promemoria-email-errore')).toContainText('Non sembra un indirizzo e-mail');
  await page.getByLabel('La tua e-mail').fill(email);
  await page.getByRole('radio', { name: '7 giorni prima' }).check();
  await page.getByRole('button', { name: 'Ricordamelo' }).click();
  await expect(page.getByRole('alert')).toContainText(`Abbiamo scritto a ${email}`);
  const [lettera] = await demo.letters(email, 1);
  await page.goto(link(lettera.testo, 'Conferma il promemoria'));
  await page.getByRole('button', { name: 'Sì, ricordamelo' }).click();
  await expect(page.getByText('Promemoria confermato')).toBeVisible();
  await page.getByRole('button', { name: 'Non ricordarmelo più' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Promemoria disdetto');
});
