// The element on a comune's own site, another origin with a strict policy: our form in a frame, and the link where that cannot be.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { another, MENSA, SpontaneoPage } from '../pages/spontaneo';
import { Comune, csp } from '../support/comune';
import { violations } from '../support/axe';
import { expect, test, type Page } from '../support/test';

const MENSA_EMBED = '/embed/valdoria/servizi/mensa-scolastica';
/** Published, and so never changed: other sites name them. The newest stands in the README. */
const PUBLISHED: Record<string, string> = {
  'v1.0.0': 'sha384-qTJeWsUDwGoqj7nfa1+au86xP7EpesZeXXCpnbFXRVg4q/hUN7DcaKNNyKeDD7vs',
};

interface Sites {
  /** Registered by the ente. */
  comune: Comune;
  /** Registered by nobody. */
  altro: Comune;
}

const it = test.extend<Sites>({
  comune: async ({ demo }, use) => {
    const comune = await Comune.start();
    demo.sportello('embed', 'allow', 'valdoria', comune.origine);
    await use(comune);
    demo.sportello('embed', 'forbid', 'valdoria', comune.origine);
    await comune.stop();
  },
  altro: async ({}, use) => {
    const altro = await Comune.start();
    await use(altro);
    await altro.stop();
  },
});

/** The snippet of the README. */
const element = (portale: string, attributes = 'servizio="mensa-scolastica"', integrity = PUBLISHED['v1.0.0']) =>
  `<script src="${portale}/embed/v1.0.0/pagamenti.js" integrity="${integrity}" crossorigin="anonymous" async></script>
   <pagamenti-comune ente="valdoria" ${attributes}><a href="${portale}/valdoria/servizi/mensa-scolastica">Paga la mensa scolastica</a></pagamenti-comune>`;

const link = (page: Page) => page.getByRole('link', { name: 'Paga la mensa scolastica' });
const frame = (page: Page, n = 0) => page.frameLocator('pagamenti-comune iframe').nth(n);
const height = (page: Page, n = 0) => page.locator('pagamenti-comune iframe').nth(n).evaluate((frame) => frame.getBoundingClientRect().height);

/** Notes the events of the elements, in the order they come. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const heard: string[] = ((window as unknown as { heard: string[] }).heard = []);
    for (const name of ['pronto', 'continua', 'bloccato']) document.addEventListener(`pagamenti:${name}`, () => heard.push(name));
  });
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

it('the form stands in the comune’s page as tall as it is, and pays in the whole window', async ({ page, demo, comune, checkout, esito }) => {
  const portale = demo.json.web;
  const heard = await listen(page);
  await page.goto(comune.put('/', element(portale), csp(portale)));
  await expect(frame(page).getByRole('heading', { level: 1 })).toHaveText('Dati del pagamento');
  await expect.poll(heard).toEqual(['pronto']);
  await expect(link(page)).toBeHidden();
  await expect.poll(() => height(page)).toBeGreaterThan(600);
  const within = await frame(page).locator('html').evaluate((html) => html.scrollHeight - html.clientHeight);
  expect(within, 'nothing to scroll inside the frame').toBeLessThanOrEqual(1);
  await expect(page.locator('pagamenti-comune iframe')).toHaveAttribute('title', 'Paga la mensa scolastica');
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways, 'the frame is as wide as its place').toBe(0);
  expect(await violations(page), 'axe, the frame with it').toEqual([]);

  const fields = new SpontaneoPage(frame(page) as unknown as Page, demo);
  await fields.fill(another());
  expect(await page.context().cookies(), 'a frame has no cookie').toEqual([]);
  await fields.continua.click();
  await page.waitForURL('**/riepilogo/*');
  expect(new URL(page.url()).origin).toBe(portale);
  await expect(page.getByRole('main')).toContainText('Maria Rossi');
  await page.getByRole('button', { name: 'Paga ora' }).click();
  await checkout.choose('Carta che paga', { ritardo: 0 });
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  const cookies = await page.context().cookies();
  expect(cookies.filter((cookie) => cookie.domain !== new URL(portale).hostname)).toEqual([]);
});

it('what is wrong is told in the whole window, and what was typed in the frame is there', async ({ page, demo, comune, spontaneo }) => {
  const portale = demo.json.web;
  await page.goto(comune.put('/', element(portale), csp(portale)));
  const fields = new SpontaneoPage(frame(page) as unknown as Page, demo);
  await fields.fill({ ...MENSA, codiceFiscale: 'RSSMRA80A41F205X' });
  await fields.continua.click();
  await expect(spontaneo.riepilogoErrori).toBeVisible();
  expect(new URL(page.url()).origin).toBe(portale);
  await expect(spontaneo.nome).toHaveValue('Maria Rossi');
  await spontaneo.codiceFiscale.fill(MENSA.codiceFiscale!);
  await spontaneo.continua.click();
  await page.waitForURL('**/riepilogo/*');
});

it('the look-up of a notice stands there too, in the language of the element', async ({ page, demo, comune }) => {
  const portale = demo.json.web;
  const { numero } = demo.avviso('APERTA', 'Verbale');
  await page.goto(comune.put('/', element(portale, 'lang="de"'), csp(portale)));
  await expect(frame(page).locator('html')).toHaveAttribute('lang', 'de');
  await frame(page).locator('#numero').fill(numero);
  await frame(page).getByRole('button', { name: 'Weiter' }).click();
  await page.waitForURL('**/de/valdoria/avviso/v/*');
  expect(page.url()).not.toContain(numero);
});

it('the frame grows with what it says', async ({ page, demo, comune }) => {
  const portale = demo.json.web;
  await page.goto(comune.put('/', element(portale, ''), csp(portale)));
  await frame(page).getByText('Dove trovo il codice?').waitFor();
  await expect.poll(() => height(page)).not.toBe(480);
  const before = await height(page);
  await frame(page).getByText('Dove trovo il codice?').click();
  await expect.poll(() => height(page)).toBeGreaterThan(before + 20);
});

it('where scripts of ours are not allowed, or are not the ones that were published, the link is there', async ({ page, demo, comune, complaints }) => {
  const portale = demo.json.web;
  for (const [path, body, policy] of [
    ['/no-script', element(portale), `default-src 'none'; frame-src ${portale}`],
    ['/changed', element(portale, undefined, 'sha384-' + 'A'.repeat(64)), csp(portale)],
    ['/no-such-ente', element(portale).replace('ente="valdoria"', 'ente="../x"'), csp(portale)],
  ] as const) {
    await page.goto(comune.put(path, body, policy), { waitUntil: 'networkidle' });
    await expect(link(page)).toBeVisible();
    await expect(page.locator('iframe')).toHaveCount(0);
    await link(page).click();
    await page.waitForURL('**/valdoria/servizi/mensa-scolastica');
  }
  complaints.length = 0;
});

it('a site that the ente has not named shows no frame of ours, and the element gives the link back', async ({ page, demo, altro, complaints }) => {
  const portale = demo.json.web;
  const heard = await listen(page);
  await page.goto(altro.put('/', element(portale), csp(portale)));
  await expect(link(page)).toBeVisible();
  await expect(page.locator('pagamenti-comune iframe')).toBeHidden();
  expect(await heard()).toEqual(['bloccato']);
  expect(complaints.join('\n')).toContain('frame-ancestors');
  complaints.length = 0;
  // and where frames are not allowed by the site itself
  await page.goto(altro.put('/no-frames', element(portale), `default-src 'none'; script-src ${portale}`));
  await expect(link(page)).toBeVisible();
  complaints.length = 0;
});

it('messages of others change nothing', async ({ page, demo, comune, altro }) => {
  const portale = demo.json.web;
  const policy = `default-src 'none'; script-src 'self' ${portale}; frame-src ${portale} ${altro.origine}`;
  const forged = (to: string) => `for (const altezza of [5999, 201]) ${to}.postMessage({ sportello: 1, tipo: 'altezza', altezza }, '*');`;
  comune.put('/forged.js', `window.forge = () => { ${forged('window')} };`, '');
  altro.put('/forged.js', forged('parent'), '');
  const evil = altro.put('/evil', '<script src="/forged.js"></script>', '');
  const heard = await listen(page);
  const two = `${element(portale)}${element(portale, '')}<script src="/forged.js"></script><iframe title="altro" src="${evil}"></iframe>`;
  await page.goto(comune.put('/', two, policy));
  await expect.poll(heard).toEqual(['pronto', 'pronto']);
  // each as tall as its own page, and no more on its way
  await expect.poll(async () => (await frame(page, 0).locator('body').boundingBox())!.height - (await height(page, 0))).toBeCloseTo(0, -1);
  await expect.poll(async () => (await frame(page, 1).locator('body').boundingBox())!.height - (await height(page, 1))).toBeCloseTo(0, -1);
  const before = [await height(page, 0), await height(page, 1)];
  await page.evaluate(() => (window as unknown as { forge: () => void }).forge());
  await page.frame({ url: evil })!.evaluate(() => {
    for (const altezza of [5998, 202]) parent.postMessage({ sportello: 1, tipo: 'altezza', altezza }, '*');
  });
  // our own frame, and one that speaks nonsense: of the right origin, clamped or thrown away
  for (const altezza of ['900', null, { valueOf: 1 }, 1.5]) {
    await page.frame({ url: /\/embed\/valdoria\/avviso/ })!.evaluate((altezza) => parent.postMessage({ sportello: 1, tipo: 'altezza', altezza }, '*'), altezza as never);
  }
  await page.waitForTimeout(300);
  expect([await height(page, 0), await height(page, 1)]).toEqual(before);
  for (const [said, shown] of [[1_000_000, 6000], [-5, 200]]) {
    await page.frame({ url: /\/embed\/valdoria\/avviso/ })!.evaluate((altezza) => parent.postMessage({ sportello: 1, tipo: 'altezza', altezza }, '*'), said);
    await expect.poll(() => height(page, 1)).toBe(shown);
    expect(await height(page, 0), 'each frame has its own height').toBe(before[0]);
  }
});

it('the frame speaks to the page that the ente named, and listens to nobody else', async ({ page, demo, comune, altro }) => {
  const portale = demo.json.web;
  const src = `${portale}${MENSA_EMBED}?origine=${encodeURIComponent(comune.origine)}`;
  const evil = altro.put('/evil', '', '');
  comune.put('/note.js', `window.heard = []; addEventListener('message', ({ data }) => heard.push(data.tipo));`, '');
  const body = `<script src="/note.js"></script><iframe title="modulo" src="${src}"></iframe><iframe title="altro" src="${evil}"></iframe>`;
  await page.goto(comune.put('/', body, `default-src 'none'; script-src 'self'; frame-src ${portale} ${altro.origine}`));
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await expect.poll(heard).toEqual(['pronto']);
  await page.frame({ url: evil })!.evaluate(() => parent.frames[0].postMessage({ sportello: 1, tipo: 'misura' }, '*'));
  await page.evaluate(() => window.frames[0].postMessage({ sportello: 2, tipo: 'misura' }, '*'));
  await page.waitForTimeout(300);
  expect(await heard(), 'not asked by the page it stands in').toEqual(['pronto']);
  await page.evaluate(() => window.frames[0].postMessage({ sportello: 1, tipo: 'misura' }, '*'));
  await expect.poll(heard).toContain('altezza');
});

test('a published element is the one that was published, and the README names the newest', async ({ request }) => {
  const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
  for (const [version, integrity] of Object.entries(PUBLISHED)) {
    const bytes = await (await request.get(`/embed/${version}/pagamenti.js`)).body();
    expect(`sha384-${createHash('sha384').update(bytes).digest('base64')}`, version).toBe(integrity);
  }
  const [newest, integrity] = Object.entries(PUBLISHED).at(-1)!;
  expect(readme).toContain(`/embed/${newest}/pagamenti.js`);
  expect(readme).toContain(integrity);
});
