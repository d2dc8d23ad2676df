// One walk over every page in every state. Each is photographed for people to look at, screens/<project>/<name>.png, and must
// be accessible to axe, HTML by the standard, as the Modello Comuni wants it, as narrow as its window, with one heading of level 1, and
// quiet in the console. With SPORTELLO_FULL (`make test-full`) each is seen in the four other languages as well.

import { join } from 'node:path';
import { violations } from '../support/axe';
import { keepDocument, mistakes } from '../support/html';
import { breaches } from '../support/modello_comuni';
import { inLingua, LINGUE, routeOf, routes } from '../support/routes';
import { STATES } from '../support/states';
import { expect, test, type Page } from '../support/test';

const FULL = Boolean(process.env.SPORTELLO_FULL);
// untouched notices of every kind
test.use({ casa: 'ogni pagina' });
// three dozen pages, a second or two each, five times with all languages; a busy machine three times as long
test.setTimeout(FULL ? 1_500_000 : 300_000);

interface Seen {
  page: Page;
  name: string;
  /** As the server sent it. */
  html: string;
  scripts: boolean;
  complaints: string[];
}

/** What must hold for a page, whatever it says. */
async function look({ page, name, html, scripts, complaints }: Seen): Promise<void> {
  const route = routeOf(page.url());
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(excess, `${name}: pixels that stick out to the right`).toBe(0);
  await expect.soft(page.getByRole('heading', { level: 1 }), `${name}: headings of level 1`).toHaveCount(1);
  // axe is a script itself
  if (scripts) expect.soft(await violations(page), `${name}: axe`).toEqual([]);
  expect.soft(await mistakes(html), `${name}: HTML`).toEqual([]);
  expect.soft(complaints.splice(0), `${name}: console`).toEqual([]);
  if (route === null) return;
  expect.soft(await breaches(page, { sheet: route === '/:ente/servizi/:servizio' && !/non-trovata/.test(name) }), `${name}: Modello Comuni`).toEqual([]);
  await expect.soft(page.getByRole('main'), `${name}: the pages are ours`).toHaveAttribute('id', 'contenuto');
}

test('every page in every state', async ({ page, demo, complaints }, { project }) => {
  const scripts = project.use.javaScriptEnabled !== false;
  const document = keepDocument(page);
  const missed = new Set(routes());
  for (const { name, ours, reach } of STATES) {
    await test.step(name, async () => {
      await page.context().clearCookies();
      await reach({ page, demo });
      await page.screenshot({ path: join(__dirname, '..', 'screens', project.name, `${name}.png`), fullPage: true, animations: 'disabled' });
      await look({ page, name, html: await document(), scripts, complaints });
      if (ours === false) return;
      const [url, route] = [page.url(), routeOf(page.url())];
      expect.soft(route, `${name}: ${url} is a page of app/src/routes.rs`).not.toBeNull();
      missed.delete(route!);
      if (!FULL) return;
      for (const lingua of LINGUE) {
        await page.goto(inLingua(url, lingua));
        await expect.soft(page.locator('html'), `${name}, ${lingua}`).toHaveAttribute('lang', lingua);
        await look({ page, name: `${name}, ${lingua}`, html: await document(), scripts, complaints });
      }
    });
  }
  expect([...missed], 'pages of app/src/routes.rs that no state of support/states.ts reaches').toEqual([]);
});

/** Forms whose page comes back with everything that is wrong with them. */
const FORMS = ['', '/valdoria/avviso', '/valdoria/servizi/mensa-scolastica/paga', '/valdoria/servizi/donazione/paga'];

for (const lingua of LINGUE) {
  test(`forms that come back, in ${lingua}`, async ({ page, complaints }, { project }) => {
    test.skip(!FULL, 'with every language');
    const document = keepDocument(page);
    for (const path of FORMS) {
      await page.goto(`/${lingua}${path}`);
      await page.locator('main form[method=post] button.btn-primary').first().click();
      await page.locator('.error-summary').waitFor();
      await expect.soft(page.locator('html'), path).toHaveAttribute('lang', lingua);
      await look({ page, name: `${path || '/'}, ${lingua}, errors`, html: await document(), scripts: project.use.javaScriptEnabled !== false, complaints });
    }
  });
}
