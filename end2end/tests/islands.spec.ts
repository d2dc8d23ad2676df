// The small gifts of a page with scripts: messages while one types, copy buttons. Without scripts the journeys prove the rest.

import { expect, test } from '../support/test';

test('a notice number is praised when it is right and told wrong on leaving the field', async ({ page, demo }) => {
  const { numero } = demo.avviso('APERTA');
  await page.goto('/valdoria/avviso');
  const field = page.getByLabel('Codice avviso');
  const message = page.locator('#numero-errore');
  await field.pressSequentially('3010');
  await expect(message).toHaveText('');
  await field.blur();
  await expect(message).toContainText('Il codice avviso ha 18 cifre, non 4.');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill(numero);
  await expect(message).toHaveText('Il codice avviso è completo.');
  await expect(field).not.toHaveAttribute('aria-invalid');
});

test('a free amount says how it was understood', async ({ page }) => {
  await page.goto('/valdoria/servizi/donazione/paga');
  const field = page.getByRole('textbox', { name: /^Importo/ });
  await field.fill('1234,5');
  await expect(page.locator('#importo-errore')).toHaveText('Importo: 1.234,50\u00a0€');
  await field.fill('0,50');
  await field.blur();
  await expect(page.locator('#importo-errore')).toContainText('L’importo minimo è 1,00\u00a0€.');
});

test('what is typed before the code of the page has come is judged as soon as it is there', async ({ page }) => {
  let arrive = () => {};
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/valdoria/servizi/donazione/paga');
  await page.getByRole('textbox', { name: /^Importo/ }).fill('1234,5');
  await expect(page.locator('#importo-errore')).toHaveText('');
  arrive();
  await expect(page.locator('#importo-errore')).toHaveText('Importo: 1.234,50\u00a0€');
});

test('a message of the server goes away when the field is put right', async ({ page }) => {
  await page.goto('/valdoria/servizi/mensa-scolastica/paga');
  await page.getByRole('button', { name: 'Continua' }).click();
  const field = page.locator('#codice_fiscale');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('RSSMRA80A41F205B');
  await expect(page.locator('#codice_fiscale-errore')).toHaveText('Il codice fiscale è scritto correttamente.');
  await expect(field).not.toHaveAttribute('aria-invalid');
});

test('a code is copied with one click, without its blanks', async ({ page, context, demo, ricerca }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { numero } = demo.avviso('APERTA');
  await ricerca.fromEnte(numero);
  await page.getByRole('button', { name: 'Copia il codice avviso' }).click();
  await expect(page.getByRole('button', { name: 'Copiato il codice avviso' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(numero);
});
