// One walk over every page in every state. Each is photographed for people to look at, screens/<project>/<name>.png, and must
// be accessible to axe, as narrow as its window, with one heading of level 1, and quiet in the console.

import { join } from 'node:path';
import { violations } from '../support/axe';
import { STATES } from '../support/states';
import { expect, test } from '../support/test';

// three dozen pages, a second or two each; a busy machine three times as long
test.setTimeout(300_000);

test('every page in every state', async ({ page, demo, complaints }, { project }) => {
  const scripts = project.use.javaScriptEnabled !== false;
  for (const { name, ours, reach } of STATES) {
    await test.step(name, async () => {
      await page.context().clearCookies();
      await reach({ page, demo });
      await page.screenshot({ path: join(__dirname, '..', 'screens', project.name, `${name}.png`), fullPage: true, animations: 'disabled' });
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(excess, `${name}: pixels that stick out to the right`).toBe(0);
      await expect.soft(page.getByRole('heading', { level: 1 }), `${name}: headings of level 1`).toHaveCount(1);
      // axe is a script itself
      if (scripts) expect.soft(await violations(page), `${name}: axe`).toEqual([]);
      expect.soft(complaints.splice(0), `${name}: console`).toEqual([]);
      if (ours !== false) await expect.soft(page.getByRole('main'), `${name}: the pages are ours`).toHaveAttribute('id', 'contenuto');
    });
  }
});
