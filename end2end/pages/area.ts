import { expect, type Locator, type Page } from '@playwright/test';

/** What is somebody's own, and the way there by the sandbox's provider of identity. */
export class AreaPage {
  readonly righe: Locator;
  readonly esci: Locator;

  constructor(private readonly page: Page) {
    this.righe = page.locator('tbody tr');
    this.esci = page.getByRole('button', { name: 'Esci' });
  }

  async entra(codiceFiscale: string, con: 'SPID' | 'CIE' = 'SPID'): Promise<void> {
    await this.page.getByRole('link', { name: `Entra con ${con}` }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: 'Chi sei oggi?' })).toBeVisible();
    await this.page.getByRole('radio', { name: codiceFiscale }).check();
    await this.page.getByRole('button', { name: 'Entra' }).click();
  }
}
