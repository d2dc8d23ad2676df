// A digital revenue stamp on a document. With scripts the file never leaves the browser; without, the server digests it and keeps nothing.

import { createHash } from 'node:crypto';
import { CheckoutPage } from '../pages/checkout';
import { ModuloPage } from '../pages/modulo';
import { violations } from '../support/axe';
import { Comune } from '../support/comune';
import { expect, test, type Page } from '../support/test';
import { euro } from '../support/words';

const BOLLO = '/valdoria/servizi/marca-da-bollo/paga';
/** More than the browser digests at once. */
const ISTANZA = { name: 'istanza.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(2_500_000, 'Al Comune di Valdoria. ') };
const sha256 = (bytes: Buffer, as: 'hex' | 'base64') => createHash('sha256').update(bytes).digest(as);

const PRONTA = 'L’impronta del documento è pronta.';

/** All but the document. */
async function fillTheRest(page: Page): Promise<void> {
  await page.getByLabel(/^Provincia di residenza/).selectOption({ label: 'Belluno' });
  await page.getByLabel(/^Codice fiscale\s*\*?$/).fill('RSSMRA85T10A562S');
  await page.getByLabel(/^Nome e cognome, o denominazione\s*\*?$/).fill('Mario Rossi');
}

test('a stamp is bought on a document, and taken away with the receipt', async ({ page }, { project }) => {
  const modulo = new ModuloPage(page);
  const scripts = project.name !== 'nojs';
  const sent: { kind: string; length: number }[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/paga')) return;
    sent.push({ kind: request.headers()['content-type'] ?? '', length: request.postDataBuffer()?.length ?? 0 });
  });
  await page.goto(BOLLO);
  // the code of the page has come once what it does is done
  if (scripts) await expect(modulo.field('documento-file')).not.toHaveAttribute('name');
  await page.getByLabel('Scegli il file').setInputFiles(ISTANZA);
  if (scripts) {
    await expect(modulo.field('documento')).toHaveValue(sha256(ISTANZA.buffer, 'hex'));
    await expect(page.locator('[id="documento-errore"]')).toHaveText(PRONTA);
  }
  await fillTheRest(page);
  await modulo.continua.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Controlla e paga');
  const main = page.getByRole('main');
  for (const text of [euro(1_600), sha256(ISTANZA.buffer, 'base64'), 'Belluno']) await expect(main).toContainText(text);
  await expect(main).not.toContainText('istanza.pdf');
  expect(sent.length).toBe(1);
  if (scripts) {
    expect(sent[0]!.kind).toBe('application/x-www-form-urlencoded');
    expect(sent[0]!.length).toBeLessThan(2_000);
  } else {
    expect(sent[0]!.kind).toContain('multipart/form-data');
  }
  await page.getByRole('button', { name: 'Paga ora' }).click();
  await new CheckoutPage(page).choose('Carta che paga');
  const stamp = page.getByRole('link', { name: 'Scarica la marca da bollo (XML)' });
  await expect(stamp).toBeVisible({ timeout: 20_000 });
  const download = page.waitForEvent('download');
  await stamp.click();
  expect((await download).suggestedFilename()).toBe('marca-da-bollo.xml');
});

test('a form that comes back has the digest, and the file need not be chosen again', async ({ page }, { project }) => {
  const modulo = new ModuloPage(page);
  const scripts = project.name !== 'nojs';
  await page.goto(BOLLO);
  if (scripts) await expect(modulo.field('documento-file')).not.toHaveAttribute('name');
  await page.getByLabel('Scegli il file').setInputFiles(ISTANZA);
  if (scripts) await expect(modulo.field('documento')).toHaveValue(/^[0-9a-f]{64}$/);
  await modulo.continua.click();
  await expect(page).toHaveTitle(/^Errore: /);
  await expect(modulo.field('documento')).toHaveValue(sha256(ISTANZA.buffer, 'hex'));
  await expect(page.locator('[id="documento-errore"]')).toHaveText(PRONTA);
  if (scripts) expect(await violations(page)).toEqual([]);
  await fillTheRest(page);
  await modulo.continua.click();
  await expect(page.getByRole('main')).toContainText(sha256(ISTANZA.buffer, 'base64'));
});

test('who sends the form while a large document is read waits for its digest', async ({ page }, { project }) => {
  test.skip(project.name === 'nojs', 'without scripts the file itself is sent');
  const modulo = new ModuloPage(page);
  const large = { ...ISTANZA, buffer: Buffer.alloc(40_000_000, 'Allegati. ') };
  await page.goto(BOLLO);
  await expect(modulo.field('documento-file')).not.toHaveAttribute('name');
  await fillTheRest(page);
  // at once: after the form has heard of the file, and before any of it is read
  await page.evaluate(() => {
    document.addEventListener('change', () => document.querySelector<HTMLFormElement>('#modulo')!.requestSubmit(), { once: true });
  });
  await page.getByLabel('Scegli il file').setInputFiles(large);
  await expect(page.getByRole('main')).toContainText(sha256(large.buffer, 'base64'), { timeout: 20_000 });
});

test('an empty file is told, and so is what is no digest', async ({ page }, { project }) => {
  const modulo = new ModuloPage(page);
  const scripts = project.name !== 'nojs';
  const message = page.locator('[id="documento-errore"]');
  await page.goto(BOLLO);
  if (scripts) await expect(modulo.field('documento-file')).not.toHaveAttribute('name');
  await page.getByLabel('Scegli il file').setInputFiles({ name: 'vuoto.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) });
  if (!scripts) await modulo.continua.click();
  await expect(message).toContainText('Il documento è vuoto');
  await page.getByLabel('Scegli il file').setInputFiles([]);
  await modulo.field('documento').fill('istanza.pdf');
  await modulo.field('documento').blur();
  if (!scripts) await modulo.continua.click();
  await expect(message).toContainText('Non sembra un’impronta SHA-256');
  await expect(modulo.field('documento')).toHaveAttribute('aria-invalid', 'true');
});

test('the page is accessible and no wider than its window, empty and with errors', async ({ page }, { project }) => {
  const modulo = new ModuloPage(page);
  for (const path of [BOLLO, `/de${BOLLO}`]) {
    await page.goto(path);
    for (const stage of ['empty', 'errors']) {
      if (stage === 'errors') await page.locator('form#modulo .actions button').click();
      await expect(modulo.importo).toBeVisible();
      if (project.name !== 'nojs') expect.soft(await violations(page), `${path} ${stage}`).toEqual([]);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(excess, `${path} ${stage}`).toBe(0);
    }
  }
});

test('in the frame of the comune’s site a document is chosen like anywhere else', async ({ page, demo }, { project }) => {
  const comune = await Comune.start();
  demo.sportello('embed', 'allow', 'valdoria', comune.origine);
  try {
    const portale = demo.json.web;
    const frame = `<iframe src="${portale}/embed/valdoria/servizi/marca-da-bollo" title="Marca da bollo" width="100%" height="1400"></iframe>`;
    await page.goto(comune.put('/', frame, `default-src 'none'; frame-src ${portale}`));
    const inside = page.frameLocator('iframe') as unknown as Page;
    if (project.name !== 'nojs') await expect(inside.locator('[id="documento-file"]')).not.toHaveAttribute('name');
    await inside.getByLabel('Scegli il file').setInputFiles(ISTANZA);
    if (project.name !== 'nojs') await expect(inside.locator('[id="documento"]')).toHaveValue(/^[0-9a-f]{64}$/);
    await fillTheRest(inside);
    await inside.getByRole('button', { name: 'Continua' }).click();
    await page.waitForURL('**/riepilogo/*');
    await expect(page.getByRole('main')).toContainText(sha256(ISTANZA.buffer, 'base64'));
  } finally {
    await comune.stop();
  }
});
