// Every page of the site in every state a citizen can bring it to. What looks at all pages walks this list.
//
// To add one: its name (also the file name of its screenshot) and how one gets there. Not here, because only time leads to them:
// a look-up after half an hour, a summary after two hours.

import type { Page } from '@playwright/test';
import { AreaPage } from '../pages/area';
import { AvvisoPage } from '../pages/avviso';
import { CarrelloPage } from '../pages/carrello';
import { CercaAvvisoPage } from '../pages/cerca_avviso';
import { CheckoutPage } from '../pages/checkout';
import { ModuloPage } from '../pages/modulo';
import { another, SpontaneoPage } from '../pages/spontaneo';
import type { Avviso, Demo } from './demo';
import { UNKNOWN } from './words';

interface At {
  page: Page;
  demo: Demo;
}

export interface State {
  name: string;
  /** False for the pages of the sandbox: they stand for pagoPA's. */
  ours?: false;
  reach: (at: At) => Promise<void>;
}

/** A page that one only has to open. */
const open = (name: string, path: string): State => ({ name, reach: async ({ page }) => void (await page.goto(path)) });

/** A notice's page. */
const notice = (name: string, which: (demo: Demo) => Avviso): State => ({
  name,
  reach: ({ page, demo }) => new CercaAvvisoPage(page, demo).fromEnte(which(demo).numero),
});

/** A notice's page after "Vai al pagamento", when Checkout does not take the cart. */
const fault = (name: string, carts: 'errore_500' | 'rifiuta_422'): State => ({
  name,
  reach: async ({ page, demo }) => {
    await new CercaAvvisoPage(page, demo).fromEnte(demo.avviso('APERTA', 'settembre').numero);
    await demo.setFault(carts);
    await new AvvisoPage(page).paga.click();
    await page.getByRole('alert').waitFor();
    await demo.setFault('nessuno');
  },
});

/** The outcome of a payment without a notice: there are always more of them. */
const outcome = (name: string, titolo: string, choice: Parameters<CheckoutPage['choose']>): State => ({
  name,
  reach: async ({ page, demo }) => {
    const spontaneo = new SpontaneoPage(page, demo);
    await spontaneo.toSummary();
    await spontaneo.paga.click();
    await new CheckoutPage(page).choose(...choice);
    await page.getByRole('heading', { level: 1, name: titolo }).waitFor();
  },
});

/** A page of somebody's own. */
const own = (name: string, path: string, codiceFiscale: string): State => ({
  name,
  reach: async ({ page }) => {
    await page.goto('/accesso');
    await new AreaPage(page).entra(codiceFiscale);
    await page.getByRole('heading', { level: 1, name: 'I miei avvisi' }).waitFor();
    await page.goto(path);
  },
});

export const STATES: State[] = [
  open('portale', '/'),
  {
    name: 'portale-errori',
    reach: async ({ page, demo }) => {
      const ricerca = new CercaAvvisoPage(page, demo);
      await ricerca.fromPortale('3010 0000 0000 0000 0', '80001230458');
      await ricerca.riepilogoErrori.waitFor();
    },
  },
  open('aiuto', '/aiuto'),
  open('aiuto-risposta', '/aiuto#codice'),
  open('accessibilita', '/accessibilita'),
  open('privacy-portale', '/privacy'),
  open('ente', '/valdoria'),
  open('ente-piccolo', '/pietralta'),
  open('servizi-trovati', '/valdoria?q=scolastiche'),
  open('servizi-nessuno', '/valdoria?q=astronave'),
  open('servizi-codice', '/valdoria?q=301000000000000100'),
  open('privacy', '/valdoria/privacy'),
  open('cerca-avviso', '/valdoria/avviso'),
  open('ricevute', '/valdoria/ricevute'),
  {
    name: 'ricevute-nessuna',
    reach: async ({ page, demo }) => {
      await page.goto('/valdoria/ricevute');
      await page.getByLabel('Codice avviso').fill(UNKNOWN);
      await page.getByLabel('Codice fiscale dell’intestatario').fill(demo.avviso('APERTA').codice_fiscale_debitore);
      await page.getByRole('button', { name: 'Cerca la ricevuta' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'ricevuta-trovata',
    reach: async ({ page, demo }) => {
      const { numero, codice_fiscale_debitore } = demo.avviso('PAGATA', 'Verbale');
      await page.goto('/valdoria/ricevute');
      await page.getByLabel('Codice avviso').fill(numero);
      await page.getByLabel('Codice fiscale dell’intestatario').fill(codice_fiscale_debitore);
      await page.getByRole('button', { name: 'Cerca la ricevuta' }).click();
      await page.getByRole('article').waitFor();
    },
  },
  open('verifica-sconosciuta', '/verifica/nessuna'),
  {
    name: 'avviso-ricordamelo',
    reach: async ({ page, demo }) => {
      const rate = demo.json.avvisi.filter((a) => a.stato === 'APERTA' && a.causale.includes('TARI'));
      await new CercaAvvisoPage(page, demo).fromEnte(rate[rate.length - 1].numero);
      await page.getByText('Non paghi adesso? Ricordamelo per e-mail').click();
      await page.getByLabel('La tua e-mail').fill('nessuno');
      await page.getByRole('button', { name: 'Ricordamelo' }).click();
      await page.locator('#promemoria-email-errore').waitFor();
    },
  },
  {
    name: 'promemoria',
    reach: async ({ page, demo }) => {
      const email = `promemoria.${Date.now()}@posta.example`;
      const rate = demo.json.avvisi.filter((a) => a.stato === 'APERTA' && a.causale.includes('TARI'));
      await new CercaAvvisoPage(page, demo).fromEnte(rate[rate.length - 1].numero);
      await page.getByText('Non paghi adesso? Ricordamelo per e-mail').click();
      await page.getByLabel('La tua e-mail').fill(email);
      await page.getByRole('button', { name: 'Ricordamelo' }).click();
      await page.getByText(`Abbiamo scritto a ${email}`).waitFor();
      const [lettera] = await demo.letters(email, 1);
      await page.goto(/https?:\/\/\S+\/promemoria\/\S+/.exec(lettera.testo)![0]);
    },
  },
  {
    name: 'promemoria-disdetto',
    reach: async ({ page, demo }) => {
      await STATES.find((state) => state.name === 'promemoria')!.reach({ page, demo });
      await page.getByRole('button', { name: 'No, cancella l’indirizzo' }).click();
      await page.getByRole('heading', { level: 1, name: 'Promemoria disdetto' }).waitFor();
    },
  },
  {
    name: 'cerca-avviso-errori',
    reach: async ({ page, demo }) => {
      const ricerca = new CercaAvvisoPage(page, demo);
      await ricerca.fromEnte('3010 0000 0000 0000 01');
      await ricerca.errore.waitFor();
    },
  },
  {
    name: 'cerca-avviso-non-trovato',
    reach: async ({ page, demo }) => {
      const ricerca = new CercaAvvisoPage(page, demo);
      await ricerca.fromEnte(UNKNOWN);
      await ricerca.errore.waitFor();
    },
  },
  open('cerca-avviso-numero', `/valdoria/avviso/${UNKNOWN}`),
  notice('avviso', (demo) => demo.avviso('APERTA', 'Verbale')),
  {
    name: 'avviso-spiegato',
    reach: async ({ page, demo }) => {
      await new CercaAvvisoPage(page, demo).fromEnte(demo.avviso('APERTA', 'TARI').numero);
      await page.getByText('Che cos’è questo avviso?').click();
    },
  },
  notice('avviso-rate', (demo) => demo.avviso('APERTA', 'TARI')),
  notice('avviso-ridotto', (demo) => demo.avviso('APERTA', 'Verbale n. 1107')),
  notice('avviso-in-ritardo', (demo) => demo.avviso('APERTA', 'ottobre')),
  notice('avviso-bollo', (demo) => demo.avviso('APERTA', 'Accesso agli atti')),
  notice('avviso-pagato', (demo) => demo.avviso('PAGATA', 'Verbale')),
  notice('avviso-annullato', (demo) => demo.avviso('ANNULLATA')),
  notice('avviso-scaduto', (demo) => demo.avviso('SCADUTA')),
  fault('avviso-checkout-non-risponde', 'errore_500'),
  fault('avviso-checkout-rifiuta', 'rifiuta_422'),
  {
    name: 'avviso-pagato-nel-frattempo',
    reach: async ({ page, demo }) => {
      const taken = demo.take('TARI');
      await new CercaAvvisoPage(page, demo).fromEnte(taken.numero);
      await demo.payAtCounter(taken);
      await new AvvisoPage(page).paga.click();
      await page.getByRole('alert').waitFor();
    },
  },
  open('accesso', '/accesso'),
  {
    name: 'accesso-annullato',
    reach: async ({ page }) => {
      await page.goto('/accesso');
      await page.getByRole('link', { name: 'Entra con CIE' }).click();
      await page.getByRole('button', { name: 'Annulla' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'gestore-identita',
    ours: false,
    reach: async ({ page }) => {
      await page.goto('/accesso');
      await page.getByRole('link', { name: 'Entra con SPID' }).click();
      await page.getByRole('heading', { level: 1, name: 'Chi sei oggi?' }).waitFor();
    },
  },
  // Paolo Ferri has a notice to pay, Giulia Verdi has paid an instalment
  own('mie', '/mie', 'FRRPLA68S20D612P'),
  own('mie-vuoto', '/mie?stato=annullati', 'FRRPLA68S20D612P'),
  own('mie-pagamenti', '/mie/pagamenti', 'VRDGLI92D55L219I'),
  {
    name: 'mia-ricevuta',
    reach: async ({ page }) => {
      await own('', '/mie/pagamenti', 'VRDGLI92D55L219I').reach({ page } as At);
      await page.locator('tbody tr').getByRole('link').first().click();
      await page.getByRole('heading', { level: 2, name: 'Ricevuta di pagamento' }).waitFor();
    },
  },
  {
    name: 'accesso-uscita',
    reach: async ({ page }) => {
      await own('', '/mie', 'FRRPLA68S20D612P').reach({ page } as At);
      await new AreaPage(page).esci.click();
      await page.getByRole('alert').waitFor();
    },
  },
  open('servizio', '/valdoria/servizi/mensa-scolastica'),
  open('servizio-con-avviso', '/valdoria/servizi/tari'),
  open('spontaneo', '/valdoria/servizi/mensa-scolastica/paga'),
  open('spontaneo-donazione', '/valdoria/servizi/donazione/paga'),
  open('modulo-centro-estivo', '/valdoria/servizi/centro-estivo/paga'),
  open('modulo-suolo-pubblico', '/valdoria/servizi/suolo-pubblico/paga'),
  open('modulo-marca-da-bollo', '/valdoria/servizi/marca-da-bollo/paga'),
  open('servizio-altrove', '/valdoria/servizi/impianti-sportivi'),
  open('modulo-altrove', '/valdoria/servizi/impianti-sportivi/paga'),
  {
    name: 'modulo-errori',
    reach: async ({ page }) => {
      await page.goto('/valdoria/servizi/centro-estivo/paga');
      await page.getByLabel('Quante settimane').fill('40');
      await page.getByRole('button', { name: 'Continua' }).click();
      await page.locator('.error-summary').waitFor();
    },
  },
  {
    name: 'modulo-riepilogo',
    reach: async ({ page }) => {
      await page.goto('/valdoria/servizi/centro-estivo/paga');
      await new ModuloPage(page).fillEstivo();
      await page.getByRole('button', { name: 'Continua' }).click();
      await page.waitForURL('**/riepilogo/*');
    },
  },
  {
    name: 'spontaneo-errori',
    reach: async ({ page, demo }) => {
      const spontaneo = new SpontaneoPage(page, demo);
      await spontaneo.goto();
      await spontaneo.fill({ voce: 'Buoni pasto', quantita: '999', codiceFiscale: 'RSSMRA80A41F205X', email: 'maria.rossi' });
      await spontaneo.altroVersante.check();
      await spontaneo.continua.click();
      await spontaneo.riepilogoErrori.waitFor();
    },
  },
  { name: 'riepilogo', reach: ({ page, demo }) => new SpontaneoPage(page, demo).toSummary() },
  {
    name: 'riepilogo-altro-versante',
    reach: ({ page, demo }) =>
      new SpontaneoPage(page, demo).toSummary({ ...another(), versante: { codiceFiscale: 'BNCLCU75M12H501Q', nome: 'Luca Bianchi' } }),
  },
  open('carrello-vuoto', '/carrello'),
  {
    name: 'carrello',
    reach: async ({ page, demo }) => {
      await new CercaAvvisoPage(page, demo).fromEnte(demo.avviso('APERTA', 'Verbale').numero);
      await new CarrelloPage(page).add();
      await new SpontaneoPage(page, demo).toSummary();
      await new CarrelloPage(page).add();
    },
  },
  {
    name: 'esito-carrello',
    reach: async ({ page, demo }) => {
      const carrello = new CarrelloPage(page);
      for (const n of [1, 2]) {
        await new SpontaneoPage(page, demo).toSummary();
        await carrello.add();
        await carrello.voci.nth(n - 1).waitFor();
      }
      await carrello.paga.click();
      await new CheckoutPage(page).choose('Carta che paga', { ritardo: 0 });
      await page.getByRole('heading', { level: 1, name: 'Pagamento riuscito' }).waitFor();
    },
  },
  {
    name: 'ritorno-carrello-gia-usato',
    reach: async ({ page, demo }) => {
      const carrello = new CarrelloPage(page);
      await new SpontaneoPage(page, demo).toSummary();
      await carrello.add();
      await carrello.paga.click();
      const back = page.waitForRequest('**/carrello/ritorno/*');
      await new CheckoutPage(page).choose('Torna indietro senza pagare');
      const { href } = new URL((await back).url());
      await page.context().clearCookies();
      await page.goto(href);
    },
  },
  {
    name: 'conferma',
    reach: async ({ page, demo }) => {
      const [spontaneo, dati] = [new SpontaneoPage(page, demo), another()];
      await spontaneo.toSummary(dati);
      await spontaneo.paga.click();
      await new CheckoutPage(page).titolo.waitFor();
      await spontaneo.toSummary(dati);
      await spontaneo.email.fill('altro@posta.example');
      await spontaneo.paga.click();
      await page.getByRole('heading', { level: 1, name: 'Prima di pagare, controlla' }).waitFor();
    },
  },
  {
    name: 'ripresa',
    reach: async ({ page, demo }) => {
      await new SpontaneoPage(page, demo).toSummary();
      await page.goto('/valdoria');
    },
  },
  {
    name: 'checkout',
    ours: false,
    reach: async ({ page, demo }) => {
      const spontaneo = new SpontaneoPage(page, demo);
      await spontaneo.toSummary();
      await spontaneo.paga.click();
      await new CheckoutPage(page).titolo.waitFor();
    },
  },
  outcome('esito-in-verifica', 'Stiamo verificando il pagamento', ['Carta che paga', { copie: 0 }]),
  outcome('esito-rifiutato', 'Il pagamento non risulta riuscito', ['Carta rifiutata']),
  outcome('esito-interrotto', 'Pagamento interrotto', ['Torna indietro senza pagare']),
  outcome('esito-pagato', 'Pagamento riuscito', ['Carta che paga', { ritardo: 0 }]),
  {
    name: 'esito-pagato-rata',
    reach: async ({ page, demo }) => {
      await new CercaAvvisoPage(page, demo).fromEnte(demo.take('TARI').numero);
      await new AvvisoPage(page).paga.click();
      await new CheckoutPage(page).choose('Carta che paga', { ritardo: 0 });
      await page.getByRole('heading', { level: 1, name: 'Pagamento riuscito' }).waitFor();
    },
  },
  {
    name: 'ritorno-gia-usato',
    reach: async ({ page, demo }) => {
      const back = page.waitForRequest('**/ritorno/*');
      await outcome('', 'Pagamento interrotto', ['Torna indietro senza pagare']).reach({ page, demo });
      await page.context().clearCookies();
      await page.goto((await back).url());
    },
  },
  open('embed-avviso', '/embed/valdoria/avviso'),
  open('embed-servizio', '/embed/valdoria/servizi/mensa-scolastica'),
  open('non-trovata', '/nessuno'),
  open('non-trovata-ente', '/valdoria/servizi/nessuno'),
];
