// A notice: looked up, looked at, paid through Checkout, receipt.

import { readQr } from '../support/qr';
import { expect, test } from '../support/test';
import { euro, grouped, UNKNOWN } from '../support/words';

/** Long enough to see the page that waits. */
const RITARDO = 2_500;

test('a notice found from the ente’s home is paid, and its receipt appears by itself', async ({ page, demo, ricerca, avviso, checkout, esito }) => {
  const { numero, importo_cents } = demo.take();
  await ricerca.fromEnte(grouped(numero));
  await expect(avviso.stato).toHaveText('Da pagare');
  await avviso.paga.click();
  await checkout.choose('Carta che paga', { ritardo: RITARDO });

  await expect(esito.titolo).toHaveText('Stiamo verificando il pagamento');
  await expect(page.getByText('Non pagare di nuovo')).toBeVisible();
  await expect(esito.pdf).toHaveCount(0);

  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  await expect(esito.ricevuta).toContainText(euro(importo_cents));
  await expect(esito.ricevuta).toContainText(grouped(numero));
  const pdf = await page.request.get((await esito.pdf.getAttribute('href'))!);
  expect(pdf.status()).toBe(200);
  expect(pdf.headers()['content-type']).toBe('application/pdf');
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
});

test('the portal’s home finds a notice by its number and the codice fiscale of its ente', async ({ browser, page, demo, ricerca, avviso }) => {
  const { numero, importo_cents, causale } = demo.avviso('APERTA', 'Verbale');
  await ricerca.fromPortale(numero, demo.json.ente.codice_fiscale);
  await expect(page).toHaveTitle('Avviso di pagamento – Comune di Valdoria');
  expect(page.url()).not.toContain(numero);
  await expect(avviso.importo).toContainText(euro(importo_cents));
  await expect(avviso.dati).toContainText(causale);
  await expect(avviso.codici).toContainText(grouped(numero));
  await expect(avviso.codici).toContainText(demo.json.ente.codice_fiscale);
  const text = `PAGOPA|002|${numero}|${demo.json.ente.codice_fiscale}|${importo_cents}`;
  expect(await readQr(browser, avviso.qr)).toBe(text);
});

test('nothing on a notice’s page tells who must pay', async ({ page, demo, ricerca }) => {
  const { numero, codice_fiscale_debitore } = demo.avviso('APERTA', 'Verbale');
  const [[nome]] = demo.query(`SELECT debitore_nome FROM posizioni WHERE debitore_cf = '${codice_fiscale_debitore}'`);
  await ricerca.fromEnte(numero);
  const html = await page.content();
  expect(html).not.toContain(codice_fiscale_debitore);
  expect(html).not.toContain(nome);
});

for (const [carta, titolo] of [
  ['Carta rifiutata', 'Il pagamento non risulta riuscito'],
  ['Torna indietro senza pagare', 'Pagamento interrotto'],
] as const) {
  test(`after "${carta}" the page says so, and a second try pays`, async ({ demo, ricerca, avviso, checkout, esito }) => {
    await ricerca.fromEnte(demo.take().numero);
    await avviso.paga.click();
    await checkout.choose(carta);
    await expect(esito.titolo).toHaveText(titolo);
    await expect(esito.ricevuta).toHaveCount(0);
    await esito.riprova.click();
    await avviso.paga.click();
    await checkout.choose('Carta che paga', { ritardo: 0 });
    await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  });
}

for (const [stato, causale, badge, testo] of [
  ['PAGATA', 'Verbale', 'Pagato', 'risulta già pagato'],
  // the whole of a debt of which an instalment was paid
  ['PAGATA', 'TARI', 'Sostituito dalle rate', 'si continua a rate'],
  ['ANNULLATA', '', 'Annullato', 'ha annullato questo avviso'],
  ['SCADUTA', '', 'Scaduto', 'non si può più pagare'],
] as const) {
  test(`a notice that is ${stato} is "${badge}" and cannot be paid`, async ({ page, demo, ricerca, avviso }) => {
    await ricerca.fromEnte(demo.avviso(stato, causale).numero);
    await expect(avviso.stato).toHaveText(badge);
    await expect(page.getByRole('main')).toContainText(testo);
    await expect(avviso.paga).toHaveCount(0);
    await expect(avviso.qr).toHaveCount(0);
  });
}

test('a number of nobody, of another ente and of a draft get one and the same answer', async ({ page, demo, ricerca }) => {
  const [[draft]] = demo.query(`SELECT r.numero_avviso FROM rate r JOIN posizioni p ON p.id = r.posizione_id WHERE p.stato = 'BOZZA' LIMIT 1`);
  const { numero } = demo.avviso('APERTA');
  const answers = new Set<string>();
  for (const [typed, slug] of [[UNKNOWN, 'valdoria'], [String(draft), 'valdoria'], [numero, 'pietralta'], [UNKNOWN, 'pietralta']]) {
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await ricerca.fromEnte(typed, slug);
    expect((await answer).status()).toBe(404);
    await expect(ricerca.numero).toHaveValue(typed);
    answers.add((await ricerca.riepilogoErrori.innerText()) + (await ricerca.errore.innerText()));
  }
  expect([...answers]).toHaveLength(1);
  expect([...answers][0]).toContain('Non troviamo un avviso con questo codice');
});

test('an address with the number, as others print it, leads to one without', async ({ page, demo, avviso }) => {
  const { numero } = demo.avviso('APERTA');
  await page.goto(`/valdoria/avviso/${numero}`);
  await expect(avviso.codici).toContainText(grouped(numero));
  expect(page.url()).not.toContain(numero);
  const wrong = await page.goto(`/valdoria/avviso/${UNKNOWN}`);
  expect(wrong?.status()).toBe(404);
});

test('a notice paid elsewhere while its page was open is not paid twice', async ({ page, demo, ricerca, avviso }) => {
  const taken = demo.take();
  await ricerca.fromEnte(taken.numero);
  await demo.payAtCounter(taken);
  await avviso.paga.click();
  await expect(avviso.avvertenza).toContainText('Il pagamento non è partito');
  await expect(avviso.stato).toHaveText('Pagato');
  expect(new URL(page.url()).origin).toBe(demo.json.web);
});

test('when Checkout fails the page stays, says so, and a second click pays', async ({ demo, ricerca, avviso, checkout, esito }) => {
  await ricerca.fromEnte(demo.take().numero);
  try {
    await demo.setFault('errore_500');
    await avviso.paga.click();
    await expect(avviso.avvertenza).toContainText('pagoPA non risponde');
    await demo.setFault('rifiuta_422');
    await avviso.paga.click();
    await expect(avviso.avvertenza).toContainText('pagoPA non accetta questo pagamento');
  } finally {
    await demo.setFault('nessuno');
  }
  await avviso.paga.click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
});

test('the address Checkout leads back to works once, and only in the browser that paid', async ({ browser, page, demo, ricerca, avviso, checkout, esito }) => {
  const back = page.waitForRequest('**/ritorno/*');
  await ricerca.fromEnte(demo.take().numero);
  await avviso.paga.click();
  await checkout.choose('Torna indietro senza pagare');
  const url = (await back).url();
  await page.goto(url);
  await expect(esito.titolo).toHaveText('Pagamento interrotto');
  const stranger = await browser.newContext({ baseURL: demo.json.web });
  const answer = await stranger.request.get(url, { maxRedirects: 0 });
  expect(answer.status()).toBe(410);
  expect(await answer.text()).toContain('Questo indirizzo è già stato usato');
  await stranger.close();
});
