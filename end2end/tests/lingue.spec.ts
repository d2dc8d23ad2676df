// What a field says while one types is what the server would say, in each of the other languages. The pages themselves are walked through
// in every_page.spec.ts.

import { LINGUE } from '../support/routes';
import { expect, test } from '../support/test';

for (const lingua of LINGUE) {
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
