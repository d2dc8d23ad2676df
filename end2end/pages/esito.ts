import type { Locator, Page } from '@playwright/test';

/** How one trip to Checkout ended. */
export class EsitoPage {
  readonly titolo: Locator;
  readonly ricevuta: Locator;
  readonly pdf: Locator;
  readonly riprova: Locator;

  constructor(page: Page) {
    this.titolo = page.getByRole('heading', { level: 1 });
    this.ricevuta = page.getByRole('article', { name: 'Ricevuta di pagamento' });
    this.pdf = page.getByRole('link', { name: 'Scarica la ricevuta (PDF)' });
    this.riprova = page.getByRole('link', { name: 'Riprova' });
  }
}
