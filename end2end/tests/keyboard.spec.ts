// The journeys without a mouse: what has the focus can be seen, and everything can be reached.

import { expect, test, type Page } from '../support/test';
import { euro } from '../support/words';

/** More steps than any of our pages has. */
const TABS_MAX = 60;

/** Presses Tab until something of that name has the focus; on the way each focus must be visible. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press('Tab');
    const { text, visible } = await page.evaluate(() => {
      const element = document.activeElement!;
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((label) => label.innerText) : [];
      // a radio button's row shows its focus for it
      const shown = [element, element.parentElement!, element.nextElementSibling ?? element].map((e) => getComputedStyle(e));
      const outlined = shown.some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none');
      return { text: [element.textContent, ...labels].join(' ').trim(), visible: outlined };
    });
    expect(visible, `the focus on "${text}" can be seen`).toBe(true);
    if (name.test(text)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** Presses Enter, and waits for the page it leads to. */
async function enter(page: Page, url: string): Promise<void> {
  await page.keyboard.press('Enter');
  await page.waitForURL(url);
}

test('the first Tab offers to skip to the content, and the focus goes there', async ({ page }) => {
  for (const path of ['/', '/valdoria', '/aiuto', '/valdoria/servizi/mensa-scolastica/paga', '/nessuno']) {
    await page.goto(path);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Vai al contenuto principale' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  }
});

test('a notice is paid by keyboard alone', async ({ page, demo, esito }) => {
  const { numero } = demo.take();
  await page.goto('/valdoria');
  await tabTo(page, /Codice avviso/);
  await page.keyboard.type(numero);
  await enter(page, '**/avviso/v/*');
  await tabTo(page, /Vai al pagamento/);
  await enter(page, '**/checkout/pagamento/*');
  await tabTo(page, /Carta che paga/);
  await page.keyboard.press('Space');
  await enter(page, '**/esito/*');
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
  await tabTo(page, /Scarica la ricevuta/);
});

test('a form is filled in, put right and paid by keyboard alone', async ({ page, esito }) => {
  await page.goto('/valdoria/servizi/mensa-scolastica/paga');
  await tabTo(page, /Buoni pasto/);
  await page.keyboard.press('Space');
  await expect(page.getByLabel('Quantità')).toBeVisible();
  await tabTo(page, /Quantità/);
  await page.keyboard.type('5');
  await tabTo(page, /Classe e periodo/);
  await page.keyboard.type('2A primaria, aprile');
  await tabTo(page, /^Codice fiscale/);
  await page.keyboard.type('RSSMRA80A41F205B');
  await page.keyboard.press('Enter');

  // the name is missing: the summary is the way to it
  await expect(page).toHaveTitle(/^Errore: /);
  await tabTo(page, /Nome e cognome, o denominazione: /);
  await page.keyboard.press('Enter');
  await expect(page.locator('#nome')).toBeFocused();
  await page.keyboard.type('Maria Rossi');
  await enter(page, '**/riepilogo/*');

  await expect(page.locator('.total .money')).toHaveText(euro(2_400));
  await tabTo(page, /Paga ora/);
  await enter(page, '**/checkout/pagamento/*');
  await tabTo(page, /Carta che paga/);
  await page.keyboard.press('Space');
  await enter(page, '**/esito/*');
  await expect(esito.titolo).toHaveText('Pagamento riuscito', { timeout: 15_000 });
});
