// A rich form of a service: rows, choices that depend on choices, an amount that is reckoned. With scripts it answers while one types;
// without, its buttons do the same.

import { ModuloPage } from '../pages/modulo';
import { violations } from '../support/axe';
import { expect, test } from '../support/test';
import { euro } from '../support/words';

const ESTIVO = '/valdoria/servizi/centro-estivo/paga';
const MENSA = '/valdoria/servizi/mensa-isee/paga';

test('two children are enrolled, and what is paid is what the form said', async ({ page, spontaneo }) => {
  const modulo = new ModuloPage(page);
  await page.goto(ESTIVO);
  await modulo.fillEstivo();
  await modulo.until(async () => (await modulo.importo.textContent()) === euro(24_600));
  await modulo.continua.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Controlla e paga');
  await expect(spontaneo.totale).toHaveText(euro(24_600));
  const main = page.getByRole('main');
  for (const text of ['Bambino 1, Servizi in più', 'Pranzo, 25,00 € a settimana', 'Bambino 2, Per questo bambino', euro(5_600)]) {
    await expect(main).toContainText(text);
  }
  await page.getByRole('link', { name: 'Modifica cosa paghi' }).click();
  await expect(modulo.field('bambini.2.settimane')).toHaveValue('1');
  await page.getByRole('button', { name: 'Togli Bambino 2' }).click();
  await expect(modulo.field('bambini.2.settimane')).toHaveCount(0);
  await modulo.until(async () => (await modulo.importo.textContent()) === euro(19_000));
});

test('an answer brings up a question, and another answer takes it away', async ({ page }) => {
  const modulo = new ModuloPage(page);
  await page.goto(MENSA);
  const isee = modulo.field('isee');
  await expect(isee).toBeHidden();
  await page.getByLabel('Siamo residenti nel comune').check();
  const certificate = page.getByLabel('Abbiamo un’attestazione ISEE valida');
  await modulo.until(() => certificate.isVisible());
  await certificate.check();
  await modulo.until(() => isee.isVisible());
  await isee.fill('5.000,00');
  const price = page.locator('[data-campo="prezzo"] [data-valore]');
  await modulo.until(async () => (await price.textContent()) === euro(210));
  await page.getByLabel('Siamo residenti nel comune').uncheck();
  await modulo.until(() => isee.isHidden());
  await modulo.until(async () => (await price.textContent()) === euro(520));
});

test('a form that comes back says what is wrong at each row, and every link leads there', async ({ page }, { project }) => {
  const modulo = new ModuloPage(page);
  await page.goto(ESTIVO);
  await page.getByRole('button', { name: 'Aggiungi: Bambino' }).click();
  await modulo.field('bambini.2.settimane').fill('0');
  await modulo.continua.click();
  await expect(page).toHaveTitle(/^Errore: /);
  await expect(modulo.field('bambini.2.settimane')).toHaveValue('0');
  await expect(modulo.field('bambini.2.settimane')).toHaveAccessibleDescription(/Il numero più piccolo che puoi scrivere è 1/);
  await modulo.errori.getByRole('link', { name: /^Bambino 2, Quante settimane/ }).click();
  await expect(modulo.field('bambini.2.settimane')).toBeFocused();
  // axe waits for timers, and there are none without scripts
  if (project.name !== 'nojs') expect(await violations(page)).toEqual([]);
});

test('a rich form is accessible, and no wider than its window', async ({ page }, { project }) => {
  test.setTimeout(180_000);
  const modulo = new ModuloPage(page);
  for (const path of [ESTIVO, MENSA, '/valdoria/servizi/suolo-pubblico/paga', '/sl/valdoria/servizi/centro-estivo/paga']) {
    await page.goto(path);
    await expect(modulo.importo).toBeVisible();
    if (project.name !== 'nojs') expect.soft(await violations(page), path).toEqual([]);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(excess, path).toBe(0);
  }
});

test('rows come and go by keyboard, and the focus goes where one goes on', async ({ page }, { project }) => {
  test.skip(project.name === 'nojs', 'without scripts a new page comes');
  const modulo = new ModuloPage(page);
  await page.goto(ESTIVO);
  await expect(modulo.aggiorna).toBeHidden();
  await page.getByRole('button', { name: 'Aggiungi: Bambino' }).focus();
  await page.keyboard.press('Enter');
  await expect(modulo.field('bambini.2.nascita')).toBeFocused();
  await page.getByRole('button', { name: 'Togli Bambino 2' }).focus();
  await page.keyboard.press('Enter');
  await expect(modulo.field('bambini')).toBeFocused();
  await expect(modulo.field('bambini.2.nascita')).toHaveCount(0);
  // one there must be
  await expect(page.getByRole('button', { name: /^Togli/ })).toBeHidden();
});

test('while one types nothing is held against anybody; when the field is left, it is', async ({ page }, { project }) => {
  test.skip(project.name === 'nojs', 'without scripts the server says it');
  const modulo = new ModuloPage(page);
  await page.goto(ESTIVO);
  await expect(modulo.aggiorna).toBeHidden();
  const weeks = modulo.field('bambini.1.settimane');
  const message = page.locator('[id="bambini.1.settimane-errore"]');
  await weeks.pressSequentially('0');
  await expect(message).toHaveText('');
  await weeks.blur();
  await expect(message).toContainText('Il numero più piccolo che puoi scrivere è 1.');
  await expect(weeks).toHaveAttribute('aria-invalid', 'true');
  await weeks.fill('4');
  await expect(message).toHaveText('');
  await expect(weeks).not.toHaveAttribute('aria-invalid');
});
