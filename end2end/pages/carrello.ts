import type { Locator, Page } from '@playwright/test';

/** The cart: several notices in one payment. */
export class CarrelloPage {
  readonly voci: Locator;
  readonly totale: Locator;
  readonly paga: Locator;
  readonly vuoto: Locator;
  /** On the page of a notice, or on a summary. */
  readonly aggiungi: Locator;

  constructor(private readonly page: Page) {
    this.voci = page.locator('.cart-item');
    this.totale = page.locator('.total .money');
    this.paga = page.getByRole('button', { name: 'Paga ora' });
    this.vuoto = page.getByText('Il carrello è vuoto.');
    this.aggiungi = page.getByRole('button', { name: 'Aggiungi al carrello' });
  }

  /** From the page of a notice, or from a summary. */
  async add(): Promise<void> {
    await this.aggiungi.click();
    await this.page.waitForURL('**/carrello');
  }

  async remove(causale: string): Promise<void> {
    await this.page.getByRole('button', { name: `Togli ${causale}` }).click();
  }
}
