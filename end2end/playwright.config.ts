import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

// The system's browser: nothing is downloaded. A browser under test talks to nobody but the demo.
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const desktop = { viewport: { width: 1280, height: 800 } };

// `npm test`: every page in Italian on a phone, every journey with scripts and without, and once what no phone adds anything to.
// `npm run test:full` (SPORTELLO_FULL=1): every page in five languages, and everything on each of the three.
const FULL = Boolean(process.env.SPORTELLO_FULL);
const DESKTOP = /hostile|keyboard|csp/;
const NOJS = [/area/, /avviso/, /bollo/, /carrello/, /spontaneo/, /modulo/, /embed_plain/];

export const config: PlaywrightTestConfig = {
  testDir: 'tests',
  outputDir: 'results',
  // one demo for each project, in order: notices are paid and stay paid
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // a journey takes five seconds here; a busy machine five times as long
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [['list', { printSteps: false }]],
  use: {
    locale: 'it-IT',
    timezoneId: 'Europe/Rome',
    // a test that looks at many pages has a long time; a button that is not there has not
    actionTimeout: 20_000,
    navigationTimeout: 20_000,
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
  projects: [
    { name: 'phone', use: phone, testIgnore: DESKTOP },
    { name: 'desktop', use: desktop, ...(FULL ? { testIgnore: /budget/ } : { testMatch: DESKTOP }) },
    { name: 'nojs', use: { ...phone, javaScriptEnabled: false }, testMatch: FULL ? [...NOJS, /every_page/] : NOJS },
  ],
};

export default defineConfig(config);
