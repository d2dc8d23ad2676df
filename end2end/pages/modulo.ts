import { expect, type Locator, type Page } from '@playwright/test';

/** The form of a service, of whatever fields. */
export class ModuloPage {
  readonly continua: Locator;
  readonly aggiorna: Locator;
  readonly importo: Locator;
  readonly errori: Locator;

  constructor(private readonly page: Page) {
    this.continua = page.getByRole('button', { name: 'Continua' });
    this.aggiorna = page.getByRole('button', { name: 'Aggiorna' });
    this.importo = page.locator('[data-importo]');
    this.errori = page.locator('.error-summary');
  }

  /** Waits until what an answer brings up is there: by itself, or without scripts after "Aggiorna". */
  async until(ready: () => Promise<boolean>): Promise<void> {
    await expect(async () => {
      if (await ready()) return;
      // the code of the page may take the button away while it is on its way to be pressed
      if (await this.aggiorna.isVisible()) await this.aggiorna.click({ timeout: 1_000 }).catch(() => {});
      expect(await ready()).toBe(true);
    }).toPass({ timeout: 20_000 });
  }

  /** The field of a row: `bambini.2.settimane`. */
  field(path: string): Locator {
    return this.page.locator(`[id="${path}"]`);
  }

  /** Two children at the school, one with lunch: 246,00 €. */
  async fillEstivo(): Promise<void> {
    const { page } = this;
    await page.getByRole('radio', { name: 'Scuola Calvino' }).check();
    const turno = page.getByLabel('Turno');
    await this.until(async () => (await turno.locator('option').count()) === 2);
    await turno.selectOption({ label: 'Dal 15 giugno al 10 luglio' });
    await this.field('bambini.1.nascita').fill('05/03/2018');
    await this.field('bambini.1.settimane').fill('2');
    await page.getByRole('checkbox', { name: /^Pranzo/ }).check();
    await page.getByRole('button', { name: 'Aggiungi: Bambino' }).click();
    await this.field('bambini.2.nascita').fill('01/07/2020');
    await this.field('bambini.2.settimane').fill('1');
    await page.getByRole('checkbox', { name: 'Ho letto il regolamento' }).check();
    await page.getByLabel(/^Codice fiscale\s*\*?$/).fill('RSSMRA80A41F205B');
    await page.getByLabel(/^Nome e cognome, o denominazione\s*\*?$/).fill('Maria Rossi');
  }
}
