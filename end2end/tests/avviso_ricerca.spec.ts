// A notice looked up by other ways than typing its number, and more often than anybody needs to.

import type { Browser, Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { grouped, UNKNOWN, withCheck } from '../support/words';

/** What is free at one address, as `server/config/default.toml` says. */
const FREE = 30;

/** Everybody here is on this machine: an address for each test, as a proxy would tell it. */
let addresses = 0;
async function somebody(page: Page): Promise<string> {
  const address = `198.51.100.${(addresses += 1)}`;
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': address });
  return address;
}

async function guess(page: Page, address: string): Promise<void> {
  for (let i = 0; i < FREE; i += 1) {
    const form = { numero: withCheck(`30199${String(i).padStart(11, '0')}`) };
    const answer = await page.request.post('/valdoria/avviso', { form, headers: { 'x-forwarded-for': address } });
    expect(answer.status()).toBe(404);
  }
}

/** What a camera would see of a notice's page. Drawn in a page of its own: ours may have no scripts. */
async function photo(browser: Browser, svg: string): Promise<Buffer> {
  const sheet = await browser.newPage({ viewport: { width: 900, height: 1200 } });
  await sheet.setContent(`<body style="background:#eee"><div style="width:300px;margin:500px 80px;background:white;padding:30px">${svg}</div>`);
  const picture = await sheet.screenshot({ type: 'jpeg', quality: 80 });
  await sheet.close();
  return picture;
}

test('a pasted number with blanks and line breaks is found, and so is the text of a QR', async ({ page, demo, ricerca, avviso }) => {
  const { numero, importo_cents } = demo.avviso('APERTA', 'Verbale');
  await ricerca.fromEnte(`  ${grouped(numero)} `);
  await expect(avviso.codici).toContainText(grouped(numero));
  await ricerca.fromEnte(`PAGOPA|002|${numero}|${demo.json.ente.codice_fiscale}|${importo_cents}`);
  await expect(avviso.codici).toContainText(grouped(numero));
  expect(page.url()).not.toContain(numero);
});

test('a photograph of the notice leads to it', async ({ browser, page, demo, ricerca, avviso }) => {
  const { numero } = demo.avviso('APERTA', 'Verbale');
  await ricerca.fromEnte(numero);
  const picture = await photo(browser, await avviso.qr.evaluate((element) => element.outerHTML));
  await page.goto('/valdoria/avviso');
  await page.getByLabel('Carica una foto dell’avviso').setInputFiles({ name: 'avviso.jpg', mimeType: 'image/jpeg', buffer: picture });
  await page.getByRole('button', { name: 'Leggi il codice dalla foto' }).click();
  await expect(avviso.codici).toContainText(grouped(numero));
  expect(page.url()).not.toContain(numero);
});

test('a photograph without a code says how to take a better one', async ({ browser, page }) => {
  await page.goto('/valdoria/avviso');
  await page.getByLabel('Carica una foto dell’avviso').setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: await photo(browser, '') });
  await page.getByRole('button', { name: 'Leggi il codice dalla foto' }).click();
  await expect(page.getByRole('alert')).toContainText('Nella foto non troviamo un codice QR');
  await expect(page.getByLabel('Carica una foto dell’avviso')).toBeVisible();
});

test('who guessed too often waits a little, by himself, and finds the notice', async ({ page, demo, ricerca, avviso, javaScriptEnabled }, { project }) => {
  const { numero } = demo.avviso('APERTA', 'Verbale');
  await guess(page, await somebody(page));
  const begun = Date.now();
  await ricerca.fromEnte(numero);
  if (javaScriptEnabled === false) {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Un momento');
    await expect(page.getByText('Non hai pagato nulla')).toBeVisible();
    await page.screenshot({ path: `screens/${project.name}/attesa.png`, fullPage: true });
  }
  await expect(avviso.codici).toContainText(grouped(numero), { timeout: 25_000 });
  console.log(`    from the button to the notice: ${Date.now() - begun} ms`);
  // the wait without scripts is ten seconds: work is done before
  if (javaScriptEnabled !== false) expect(Date.now() - begun).toBeLessThan(9_000);
});

test('while it works the page says so, stays alive, and a miss ends as every miss', async ({ page, ricerca, javaScriptEnabled }, { project }) => {
  test.skip(javaScriptEnabled === false, 'work is a script’s');
  await guess(page, await somebody(page));
  // holds the page that waits: what it leads to does not come
  let arrive = () => {};
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/cerca/**', async (route) => {
    await held;
    await route.continue();
  });
  await ricerca.fromEnte(UNKNOWN);
  await expect(page.getByRole('status')).toContainText('Controllo in corso');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.screenshot({ path: `screens/${project.name}/attesa.png`, fullPage: true });
  arrive();
  await expect(ricerca.errore).toContainText('Non troviamo un avviso con questo codice', { timeout: 25_000 });
  await expect(ricerca.numero).toHaveValue(UNKNOWN);
  expect(page.url()).not.toContain(UNKNOWN);
});

test.describe('by camera', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'cameras are a script’s');
  const open = (page: Page) => page.getByRole('button', { name: 'Inquadra il codice QR con la fotocamera' });

  /** Chromium on Linux reads no codes and this machine has no camera: both are stood in for, and say what was done to them. */
  async function camera(page: Page, codes: string[]): Promise<void> {
    await page.addInitScript((codes) => {
      const seen = [...codes];
      Object.assign(window, {
        stopped: 0,
        BarcodeDetector: class {
          detect = async () => {
            const rawValue = seen.shift();
            return rawValue ? [{ rawValue }] : [];
          };
        },
      });
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d')!;
        setInterval(() => context.fillRect(0, 0, Math.random() * 99, 99), 50);
        const stream = canvas.captureStream(20);
        for (const track of stream.getTracks()) {
          const stop = track.stop.bind(track);
          track.stop = () => {
            (window as unknown as { stopped: number }).stopped += 1;
            stop();
          };
        }
        return stream;
      };
    }, codes);
  }

  test('the code of a notice in front of the camera leads to it', async ({ page, demo, avviso }) => {
    const { numero, importo_cents } = demo.avviso('APERTA', 'Verbale');
    await camera(page, ['', 'https://example.org', `PAGOPA|002|${numero}|${demo.json.ente.codice_fiscale}|${importo_cents}`]);
    await page.goto('/valdoria/avviso');
    await open(page).click();
    await expect(avviso.codici).toContainText(grouped(numero));
  });

  test('it can be closed with Escape, and then nobody looks any more', async ({ page }, { project }) => {
    await camera(page, ['https://example.org']);
    await page.goto('/valdoria/avviso');
    await open(page).click();
    await expect(page.getByRole('status').filter({ hasText: 'Questo codice non è di un avviso pagoPA' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Chiudi la fotocamera' })).toBeFocused();
    await page.screenshot({ path: `screens/${project.name}/fotocamera.png`, fullPage: true });
    await page.keyboard.press('Escape');
    await expect(open(page)).toBeFocused();
    await expect.poll(() => page.evaluate(() => (window as unknown as { stopped: number }).stopped)).toBe(1);
  });

  test('where the browser reads no codes there is no button, and the photograph is there', async ({ page }) => {
    await page.goto('/valdoria/avviso');
    await expect(page.getByLabel('Carica una foto dell’avviso')).toBeVisible();
    await expect(open(page)).toBeHidden();
  });
});
