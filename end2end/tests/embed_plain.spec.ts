// The comune's page without any script: the plain frame for systems that take none, and the link inside the element.

import { MENSA, SpontaneoPage } from '../pages/spontaneo';
import { Comune } from '../support/comune';
import { expect, test, type Page } from '../support/test';

const MENSA_EMBED = '/embed/valdoria/servizi/mensa-scolastica';

test('the plain frame of the README leads to the summary in the whole window', async ({ page, demo, spontaneo }) => {
  const portale = demo.json.web;
  const comune = await Comune.start();
  demo.sportello('embed', 'allow', 'valdoria', comune.origine);
  try {
    const plain = `<iframe src="${portale}${MENSA_EMBED}" title="Mensa scolastica" width="100%" height="900"></iframe>`;
    await page.goto(comune.put('/', plain, `default-src 'none'; frame-src ${portale}`));
    const fields = new SpontaneoPage(page.frameLocator('iframe') as unknown as Page, demo);
    const { quantita, ...within } = MENSA;
    await fields.fill(within);
    await fields.continua.click();
    // what an answer brings up is asked in the whole window, with what was typed
    await page.waitForURL('**/paga');
    await expect(page.getByRole('main')).toContainText('Le tue risposte aprono altre domande');
    await spontaneo.fill({ quantita });
    await spontaneo.continua.click();
    await page.waitForURL('**/riepilogo/*');
    await expect(spontaneo.totale).toBeVisible();
  } finally {
    await comune.stop();
  }
});

test('where no script runs the element is its link', async ({ page, demo }) => {
  const comune = await Comune.start();
  try {
    const snippet = `<pagamenti-comune ente="valdoria"><a href="${demo.json.web}/valdoria/avviso">Paga un avviso</a></pagamenti-comune>`;
    await page.goto(comune.put('/', snippet, "default-src 'none'"));
    await page.getByRole('link', { name: 'Paga un avviso' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Paga un avviso');
  } finally {
    await comune.stop();
  }
});
