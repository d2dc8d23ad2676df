import type { Locator, Page } from '@playwright/test';
import type { Demo } from '../support/demo';

/** What a citizen types; a missing field is left alone. */
export interface Dati {
  voce?: string;
  quantita?: string;
  importo?: string;
  dettaglio?: string;
  codiceFiscale?: string;
  nome?: string;
  email?: string;
  versante?: { codiceFiscale: string; nome: string };
}

export const MENSA: Dati = {
  voce: 'Buoni pasto',
  quantita: '10',
  dettaglio: '3B primaria, marzo',
  codiceFiscale: 'RSSMRA80A41F205B',
  nome: 'Maria Rossi',
  email: 'maria.rossi@posta.example',
};

let count = 0;

/** The same, for something that nobody has paid yet: the second of two that are alike is asked about. */
export function another(): Dati {
  count += 1;
  return { ...MENSA, dettaglio: `3B primaria, pranzo ${count}` };
}

/** The form of a payment without a notice, and its summary. */
export class SpontaneoPage {
  readonly quantita: Locator;
  readonly importo: Locator;
  readonly dettaglio: Locator;
  readonly codiceFiscale: Locator;
  readonly nome: Locator;
  readonly email: Locator;
  readonly altroVersante: Locator;
  readonly versanteCodiceFiscale: Locator;
  readonly versanteNome: Locator;
  readonly continua: Locator;
  readonly riepilogoErrori: Locator;
  readonly totale: Locator;
  readonly paga: Locator;

  constructor(
    private readonly page: Page,
    private readonly demo: Demo,
  ) {
    this.quantita = page.getByLabel('Quantità');
    this.importo = page.getByRole('textbox', { name: /^Importo/ });
    this.dettaglio = page.locator('#dettaglio');
    this.codiceFiscale = page.getByLabel(/^Codice fiscale\s*\*?$/);
    this.nome = page.getByLabel(/^Nome e cognome, o denominazione\s*\*?$/);
    this.email = page.getByLabel('E-mail');
    this.altroVersante = page.getByLabel('Paga un’altra persona');
    this.versanteCodiceFiscale = page.getByLabel('Codice fiscale di chi paga');
    this.versanteNome = page.getByLabel('Nome e cognome, o denominazione, di chi paga');
    this.continua = page.getByRole('button', { name: 'Continua' });
    this.riepilogoErrori = page.locator('.error-summary');
    this.totale = page.locator('.total .money');
    this.paga = page.getByRole('button', { name: 'Paga ora' });
  }

  async goto(servizio = 'mensa-scolastica'): Promise<void> {
    await this.page.goto(`/${this.demo.json.ente.slug}/servizi/${servizio}/paga`);
  }

  async fill(dati: Dati): Promise<void> {
    if (dati.voce !== undefined) await this.page.getByRole('radio', { name: dati.voce }).check();
    if (dati.quantita !== undefined) await (await this.shown(this.quantita)).fill(dati.quantita);
    if (dati.importo !== undefined) await this.importo.fill(dati.importo);
    if (dati.dettaglio !== undefined) await this.dettaglio.fill(dati.dettaglio);
    if (dati.codiceFiscale !== undefined) await this.codiceFiscale.fill(dati.codiceFiscale);
    if (dati.nome !== undefined) await this.nome.fill(dati.nome);
    if (dati.email !== undefined) await this.email.fill(dati.email);
    if (dati.versante) {
      await this.altroVersante.check();
      await (await this.shown(this.versanteCodiceFiscale)).fill(dati.versante.codiceFiscale);
      await this.versanteNome.fill(dati.versante.nome);
    }
  }

  /** A field that an answer brings up: by itself, or without scripts after "Aggiorna". */
  async shown(field: Locator): Promise<Locator> {
    if (!(await field.isVisible())) {
      const aggiorna = this.page.getByRole('button', { name: 'Aggiorna' });
      // the code of the page may take the button away while it is on its way to be pressed
      if (await aggiorna.isVisible()) await aggiorna.click({ timeout: 2_000 }).catch(() => {});
    }
    await field.waitFor();
    return field;
  }

  /** From the empty form to the summary. */
  async toSummary(dati: Dati = another(), servizio?: string): Promise<void> {
    await this.goto(servizio);
    await this.fill(dati);
    await this.continua.click();
    await this.page.waitForURL('**/riepilogo/*');
  }
}
