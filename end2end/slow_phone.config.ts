import { defineConfig } from '@playwright/test';
import { config, phone } from './playwright.config';

/** `make slow-phone`: a measurement, not a test of every change; its times are this machine's. */
export default defineConfig({
  ...config,
  testDir: 'measure',
  timeout: 600_000,
  reporter: [['list', { printSteps: false }]],
  projects: [{ name: 'slow-phone', use: phone }],
});
