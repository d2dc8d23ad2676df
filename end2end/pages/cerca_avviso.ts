import type { Locator, Page } from '@playwright/test';
import type { Demo } from '../support/demo';

/** The look-up forms: the portal's home, an ente's home, the page where they come back with errors. */
export class CercaAvvisoPage {
  readonly numero: Locator;
  readonly codiceFiscaleEnte: Locator;
  readonly continua: Locator;
  readonly riepilogoErrori: Locator;
  /** Under the field of the number. */
  readonly errore: Locator;

  constructor(
    private readonly page: Page,
    private readonly demo: Demo,
  ) {
    this.numero = page.getByLabel('Codice avviso');
    this.codiceFiscaleEnte = page.getByLabel('Codice fiscale dell’ente creditore');
    this.continua = page.getByRole('button', { name: 'Continua' });
    this.riepilogoErrori = page.locator('.error-summary');
    this.errore = page.locator('#numero-errore.invalid-feedback');
  }

  async fromPortale(numero: string, ente: string): Promise<void> {
    await this.page.goto('/');
    await this.numero.fill(numero);
    await this.codiceFiscaleEnte.fill(ente);
    await this.continua.click();
  }

  async fromEnte(numero: string, slug = this.demo.json.ente.slug): Promise<void> {
    await this.page.goto(`/${slug}`);
    await this.numero.fill(numero);
    await this.continua.click();
  }
}
