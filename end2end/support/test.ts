// What every test gets: a running demo, the page objects, and a browser that must not complain about anything.

import { test as base, expect, type Page } from '@playwright/test';
import { AvvisoPage } from '../pages/avviso';
import { CercaAvvisoPage } from '../pages/cerca_avviso';
import { CheckoutPage } from '../pages/checkout';
import { EsitoPage } from '../pages/esito';
import { SpontaneoPage } from '../pages/spontaneo';
import { Demo } from './demo';

interface Fixtures {
  ricerca: CercaAvvisoPage;
  avviso: AvvisoPage;
  checkout: CheckoutPage;
  esito: EsitoPage;
  spontaneo: SpontaneoPage;
  /** What the browser complained about; a test that is about complaints may empty it. */
  complaints: string[];
}

interface Houses {
  /** A file that takes many notices names a demo of its own: `test.use({ casa: 'carrello' })`. */
  casa: string;
  demo: Demo;
}

export const test = base.extend<Fixtures, Houses>({
  casa: ['', { scope: 'worker', option: true }],
  demo: [
    // a worker with another name is another worker
    async ({ casa: _ }, use) => {
      const demo = await Demo.start();
      await use(demo);
      await demo.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ demo }, use) => use(demo.json.web),
  ricerca: async ({ page, demo }, use) => use(new CercaAvvisoPage(page, demo)),
  avviso: async ({ page }, use) => use(new AvvisoPage(page)),
  checkout: async ({ page }, use) => use(new CheckoutPage(page)),
  esito: async ({ page }, use) => use(new EsitoPage(page)),
  spontaneo: async ({ page, demo }, use) => use(new SpontaneoPage(page, demo)),
  complaints: [
    async ({ page, javaScriptEnabled }, use) => {
      const complaints: string[] = [];
      await listen(page, complaints, javaScriptEnabled !== false);
      await use(complaints);
      expect(complaints, 'no console error or warning, no exception, no violation of the Content-Security-Policy').toEqual([]);
    },
    { auto: true },
  ],
});

async function listen(page: Page, complaints: string[], scripts: boolean): Promise<void> {
  // a 4xx page is an answer, and Chromium reports it as an error of the console: pages are judged by their tests, files here
  const documents = new Set<string>();
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.add(request.url());
  });
  page.on('console', (message) => {
    const { url } = message.location();
    const answer = message.text().startsWith('Failed to load resource') && documents.has(url);
    // leptos preloads the islands' code; with scripts off nobody takes it
    const idle = !scripts && message.text().includes('was preloaded using link preload but not used');
    if (['error', 'warning'].includes(message.type()) && !answer && !idle) complaints.push(`${message.type()}: ${message.text()} (${url})`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP ${event.effectiveDirective} blocked ${event.blockedURI}`);
    });
  });
}

export { expect, type Page };
