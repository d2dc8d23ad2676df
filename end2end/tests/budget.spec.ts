// What a slow phone downloads. Limits are bytes as they travel; the times are printed, and only judged roughly: they are this machine's.

import { get, type IncomingMessage } from 'node:http';
import { QUIET_MS, SLOW_CPU, visit } from '../support/slow_phone';
import { expect, test } from '../support/test';

const KB = 1_000;
/** The islands, with brotli. */
const WASM_MAX = 115 * KB;
/** All that a first visit to a page moves. */
const MOVED_MAX = 200 * KB;
/** What starts them, with brotli. */
const JS_MAX = 12 * KB;
/** What looks after the form of a service, instead of the islands, and what starts it. */
const FORM_WASM_MAX = 70 * KB;
const FORM_JS_MAX = 6 * KB;
/** The style sheet after the purge, with brotli. */
const CSS_MAX = 30 * KB;
/** Google's line between "needs improvement" and "poor" for the largest contentful paint. */
const LCP_MS_MAX = 4_000;
/** The longest that a finger waits. */
const TASK_MS_MAX = 150;

/** A file as a browser gets it, counted before it is unpacked. */
function transfer(url: string): Promise<{ bytes: number; encoding: string | undefined }> {
  return new Promise((resolve, reject) => {
    const count = (response: IncomingMessage) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve({ bytes, encoding: response.headers['content-encoding'] }));
    };
    get(url, { headers: { 'accept-encoding': 'gzip, deflate, br' } }, count).on('error', reject);
  });
}

const found = (html: string, pattern: RegExp): string => pattern.exec(html)?.[0] ?? '';

/** What a page names of the files under `pkg/`, by kind: bytes with brotli. */
async function files(html: string, portal: string): Promise<Record<string, number>> {
  const kinds = { wasm: /\/pkg\/[^"]+\.wasm/, js: /\/pkg\/[^"]+\.js/, css: /\/pkg\/[^"]+\.css/ };
  const sizes: Record<string, number> = {};
  for (const [kind, pattern] of Object.entries(kinds)) {
    const path = found(html, pattern);
    expect(path, kind).not.toBe('');
    const { bytes, encoding } = await transfer(portal + path);
    expect(encoding, path).toBe('br');
    sizes[kind] = bytes;
  }
  console.log(`    bytes with brotli: ${JSON.stringify(sizes)}`);
  return sizes;
}

test('islands and style travel compressed, within their budgets', async ({ request, demo }) => {
  const sizes = await files(await (await request.get('/')).text(), demo.json.web);
  expect(sizes.wasm).toBeLessThanOrEqual(WASM_MAX);
  expect(sizes.js).toBeLessThanOrEqual(JS_MAX);
  expect(sizes.css).toBeLessThanOrEqual(CSS_MAX);
});

test('the form of a service brings what looks after it, and not the islands', async ({ page, request, demo }) => {
  const path = '/valdoria/servizi/centro-estivo/paga';
  const sizes = await files(await (await request.get(path)).text(), demo.json.web);
  expect(sizes.wasm).toBeLessThanOrEqual(FORM_WASM_MAX);
  expect(sizes.js).toBeLessThanOrEqual(FORM_JS_MAX);
  const modules: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) modules.push(request.url().split('/').at(-1)!);
  });
  await page.goto(path, { waitUntil: 'networkidle' });
  expect(modules).toEqual(['modulo.wasm']);
});

test('a page without islands has no script and loads none', async ({ page, spontaneo }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (/\.(js|wasm)$/.test(request.url()) || request.resourceType() === 'script') scripts.push(request.url());
  });
  const quiet = async (name: string) => {
    expect.soft(await page.content(), name).not.toContain('<script');
    expect.soft(await page.content(), name).not.toContain('.wasm');
    expect.soft(scripts.splice(0), name).toEqual([]);
  };
  for (const path of ['/aiuto', '/accessibilita', '/valdoria', '/valdoria/privacy', '/valdoria/servizi/mensa-scolastica', '/nessuno']) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await quiet(path);
  }
  await spontaneo.toSummary();
  scripts.length = 0;
  await page.reload({ waitUntil: 'networkidle' });
  await quiet('riepilogo');
});

test('a slow phone shows each page in time', async ({ page, demo, ricerca }) => {
  await ricerca.fromEnte(demo.avviso('APERTA', 'Verbale').numero);
  const form = (servizio: string) => `/valdoria/servizi/${servizio}/paga`;
  // the second has rows and is the largest of the demo
  const pages = { home: '/', ente: '/valdoria', form: form('mensa-scolastica'), modulo: form('centro-estivo'), avviso: page.url() };
  for (const [name, url] of Object.entries(pages)) {
    const { bytes, lcp, blocking } = await visit(page, url);
    console.log(`    slow phone: ${name.padEnd(6)} ${String(bytes).padStart(7)} bytes, largest paint after ${lcp} ms, blocked for ${blocking} ms`);
    expect(bytes, 'bytes were counted').toBeGreaterThan(10 * KB);
    expect.soft(bytes, name).toBeLessThanOrEqual(MOVED_MAX);
    expect.soft(lcp, name).toBeLessThan(LCP_MS_MAX);
  }
});

test('a slow phone keeps up with who types into a form of many rows', async ({ page }) => {
  await page.goto('/valdoria/servizi/centro-estivo/paga', { waitUntil: 'networkidle' });
  await expect(page.getByRole('button', { name: 'Aggiorna' })).toBeHidden();
  const add = page.getByRole('button', { name: 'Aggiungi: Bambino' });
  while (await add.isVisible()) await add.click();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', SLOW_CPU);
  await page.evaluate(() => {
    const tasks: number[] = ((window as unknown as { tasks: number[] }).tasks = []);
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(Math.round(duration)))).observe({ type: 'longtask' });
  });
  // the meter is at work: a task of our own is seen
  const tasks = () => page.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
  await page.evaluate(() => void setTimeout(() => { for (const end = performance.now() + 200; performance.now() < end; ); }));
  await expect.poll(tasks).toHaveLength(1);
  const weeks = page.getByLabel('Quante settimane');
  const rows = await weeks.count();
  for (let row = 0; row < rows; row += 1) await weeks.nth(row).pressSequentially('12', { delay: 50 });
  await page.getByRole('radio', { name: 'Scuola Calvino' }).check();
  await page.waitForTimeout(QUIET_MS);
  const long = await tasks();
  console.log(`    typing into ${rows} rows: tasks beyond 50 ms ${JSON.stringify(long)}`);
  expect(rows).toBeGreaterThan(1);
  expect(Math.max(0, ...long)).toBeLessThanOrEqual(TASK_MS_MAX);
});
