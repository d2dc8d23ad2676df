import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

// The system's browser: nothing is downloaded. A browser under test talks to nobody but the demo.
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const desktop = { viewport: { width: 1280, height: 800 } };

const config: PlaywrightTestConfig = {
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
    { name: 'phone', use: phone, testIgnore: /hostile|keyboard|csp/ },
    { name: 'desktop', use: desktop, testIgnore: /budget/ },
    { name: 'nojs', use: { ...phone, javaScriptEnabled: false }, testMatch: /area|avviso|spontaneo|every_page/ },
  ],
};

export default defineConfig(config);
