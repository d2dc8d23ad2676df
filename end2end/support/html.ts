// Whether what the server sent is HTML by the standard: html-validate, its rules of conformance and of accessibility.

import { HtmlValidate } from 'html-validate';
import type { Page, Response } from '@playwright/test';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // the page that waits for a receipt asks again every five seconds where no script does it for it, and says so
    'meta-refresh': 'off',
  },
});

/** Keeps the last document of a page, as it travelled: a DOM that is written out again has forgotten its mistakes. */
export function keepDocument(page: Page): () => Promise<string> {
  let last: Response | null = null;
  page.on('response', (response) => {
    const request = response.request();
    const leadsOn = response.status() >= 300 && response.status() < 400;
    if (request.isNavigationRequest() && request.frame() === page.mainFrame() && !leadsOn) last = response;
  });
  return async () => (last ? last.text() : '');
}

/** One line for each mistake: the rule, where, and what it says. */
export async function mistakes(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, selector, message }) => `${ruleId}: ${selector ?? ''}: ${message}`));
}
