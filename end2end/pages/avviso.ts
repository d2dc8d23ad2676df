import type { Locator, Page } from '@playwright/test';

/** A notice that was found. */
export class AvvisoPage {
  readonly dati: Locator;
  readonly codici: Locator;
  readonly stato: Locator;
  readonly importo: Locator;
  readonly qr: Locator;
  readonly paga: Locator;
  readonly avvertenza: Locator;

  constructor(page: Page) {
    this.dati = page.getByRole('group', { name: 'Dati dell’avviso' });
    this.stato = this.dati.locator('.badge');
    this.importo = this.dati.locator('.money');
    this.codici = page.getByRole('group', { name: 'Codici dell’avviso' });
    this.qr = this.codici.locator('.qr svg');
    this.paga = page.getByRole('button', { name: 'Vai al pagamento' });
    this.avvertenza = page.getByRole('alert');
  }
}
