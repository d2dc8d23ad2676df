import { expect, type Locator, type Page } from '@playwright/test';

type Carta = 'Carta che paga' | 'Carta rifiutata' | 'Torna indietro senza pagare';

/** The sandbox's page in place of pagoPA's. */
export class CheckoutPage {
  readonly titolo: Locator;

  constructor(private readonly page: Page) {
    this.titolo = page.getByRole('heading', { level: 1, name: 'Paga il tuo avviso' });
  }

  /** `ritardo`: when the receipt comes, in milliseconds; `copie`: how often, 0 means never. */
  async choose(carta: Carta, { ritardo, copie }: { ritardo?: number; copie?: number } = {}): Promise<void> {
    await expect(this.titolo).toBeVisible();
    await this.page.getByRole('radio', { name: carta }).check();
    if (ritardo !== undefined || copie !== undefined) {
      await this.page.getByText('Opzioni di prova').click();
      if (ritardo !== undefined) await this.page.getByLabel('Ritardo della ricevuta').fill(String(ritardo));
      if (copie !== undefined) await this.page.getByLabel('Copie della ricevuta').fill(String(copie));
    }
    await this.page.getByRole('button', { name: 'Continua' }).click();
  }
}
