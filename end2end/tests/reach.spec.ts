// Whoever sees little, or aims badly: the pages at 320 px (WCAG 1.4.10), with text twice as large (1.4.4), with what is pressed at least
// 24 px (2.5.8), in the colours of the system, without movement; and on paper.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { STATES } from '../support/states';
import { expect, test } from '../support/test';

// untouched notices of every kind
test.use({ casa: 'vista' });
test.setTimeout(300_000);

/** Those that only have to be opened, and what is most of a journey. */
const WALKED = STATES.filter(({ name, ours }) => ours !== false && !/checkout|frattempo|esito-|ritorno/.test(name));
const screens = (project: string) => {
  const folder = join(__dirname, '..', 'screens', project);
  mkdirSync(folder, { recursive: true });
  return folder;
};

test('every page fits 320 px, also with text twice as large, and what is pressed can be hit', async ({ page, demo }, { project }) => {
  test.skip(project.name !== 'desktop', 'the width is set here');
  for (const { name, reach } of WALKED) {
    await test.step(name, async () => {
      await page.context().clearCookies();
      await page.setViewportSize({ width: 320, height: 640 });
      // the next address may be a place in this page, whose text was just made larger
      await page.goto('about:blank');
      await reach({ page, demo });
      const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(await excess(), `${name}: pixels that stick out at 320 px`).toBe(0);
      const small = await page.evaluate(() => {
        // a link in running text is as high as its line (2.5.8, "Inline"); what nobody sees nobody presses
        const inline = (node: Element) => getComputedStyle(node).display === 'inline' && node.closest('p, li, dd, address, small, td') !== null;
        return [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main summary, header a, footer a')]
          .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('.visually-hidden, .skiplinks') && !inline(node))
          .map((node) => ({ node, box: node.getBoundingClientRect() }))
          .filter(({ node, box }) => box.height > 1 && (box.height < 24 || box.width < 24) && !(node as HTMLInputElement).labels?.length)
          .map(({ node, box }) => `${node.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`);
      });
      expect.soft(small, `${name}: smaller than 24 px`).toEqual([]);
      await page.setViewportSize({ width: 640, height: 800 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      expect.soft(await excess(), `${name}: pixels that stick out with text twice as large`).toBe(0);
    });
  }
});

test('on a phone the payment button is above the codes', async ({ page, demo, avviso, ricerca }, { project }) => {
  test.skip(project.name !== 'phone', 'on a desktop they stand side by side');
  await ricerca.fromEnte(demo.avviso('APERTA', 'TARI').numero);
  const [button, codes] = [await avviso.paga.boundingBox(), await avviso.codici.boundingBox()];
  expect(button!.y).toBeLessThan(codes!.y);
  await expect(page.getByText('Che cos’è questo avviso?')).toBeVisible();
});

test('in the colours of the system, without movement', async ({ page, demo, ricerca }, { project }) => {
  test.skip(project.name !== 'desktop');
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  for (const path of ['/valdoria', '/pietralta', '/valdoria?q=mensa', '/nessuno']) {
    await page.goto(path);
    const name = path.replace(/\W+/g, '-').replace(/^-/, '');
    await page.screenshot({ path: join(screens(project.name), `contrasto-${name}.png`), fullPage: true });
    const moving = await page.evaluate(() => document.getAnimations().filter((a) => Number(a.effect?.getComputedTiming().duration) > 10).length);
    expect(moving, path).toBe(0);
  }
  await ricerca.fromEnte(demo.avviso('APERTA', 'TARI').numero);
  await page.screenshot({ path: join(screens(project.name), 'contrasto-avviso.png'), fullPage: true });
});

test('on paper there is nothing to press, and a notice and its codes are there', async ({ page, demo, ricerca }, { project }) => {
  test.skip(project.name !== 'desktop');
  const folder = screens(project.name);
  const print = async (name: string) => {
    await page.emulateMedia({ media: 'print' });
    for (const part of ['.it-footer', '.skiplinks', 'button', '.btn', '.languages', '.breadcrumb-container']) {
      for (const node of await page.locator(part).all()) await expect(node, `${name}: ${part}`).toBeHidden();
    }
    await page.pdf({ path: join(folder, `carta-${name}.pdf`), preferCSSPageSize: true });
    await page.emulateMedia({ media: 'screen' });
  };
  for (const path of ['/', '/aiuto', '/accessibilita', '/valdoria', '/valdoria?q=mensa', '/valdoria/privacy', '/valdoria/servizi/tari', '/nessuno']) {
    await page.goto(path);
    await print(path.replace(/\W+/g, '-').replace(/^-/, '') || 'portale');
  }
  await ricerca.fromEnte(demo.avviso('APERTA', 'TARI').numero);
  await page.emulateMedia({ media: 'print' });
  const qr = await page.locator('.qr svg').boundingBox();
  // 25 mm and its quiet zone: 31.5 mm at 96 dpi
  expect(qr!.width).toBeGreaterThan(110);
  await print('avviso');
});
