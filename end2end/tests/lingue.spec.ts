// What everybody may see, in each of the other languages: accessible, no wider than its window, spoken by a reader in its own voice.
// Every state of every page is walked through in Italian (every_page.spec.ts).

import { violations } from '../support/axe';
import { expect, test } from '../support/test';

test.setTimeout(300_000);

const PATHS = ['', '/aiuto', '/accessibilita', '/valdoria', '/valdoria/privacy', '/valdoria/avviso', '/valdoria/servizi/mensa-scolastica', '/valdoria/servizi/mensa-scolastica/paga'];

for (const lingua of ['en', 'de', 'fr', 'sl']) {
  test(`the open pages in ${lingua}`, async ({ page, complaints }, { project }) => {
    test.skip(project.name !== 'phone', 'the narrowest window has the longest words');
    for (const path of PATHS) {
      const address = `/${lingua}${path}`;
      await page.goto(address);
      await expect.soft(page.locator('html'), address).toHaveAttribute('lang', lingua);
      await expect.soft(page.getByRole('heading', { level: 1 }), `${address}: headings of level 1`).toHaveCount(1);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(excess, `${address}: pixels that stick out to the right`).toBe(0);
      expect.soft(await violations(page), `${address}: axe`).toEqual([]);
      expect.soft(complaints.splice(0), `${address}: console`).toEqual([]);
    }
  });

  test(`a field says in ${lingua} what the server would say`, async ({ page }) => {
    test.skip(test.info().project.name !== 'phone', 'one browser is enough for words');
    await page.goto(`/${lingua}/valdoria/avviso`);
    const field = page.locator('#numero');
    await field.fill('3014 4132');
    await field.press('Enter');
    const said = await page.locator('#numero-errore').innerText();
    expect(said).toContain('18');
    await page.goto(`/${lingua}/valdoria/avviso`);
    await field.fill('3014 4132');
    await field.press('Tab');
    await expect(page.locator('#numero-errore')).toHaveText(said.trim(), { useInnerText: true });
  });
}
