// The rules of the "App di valutazione dei modelli" (italia/pa-website-validator-ng 1.1.38, municipality) that one page can keep or break
// by itself. Those about a comune's whole site (menus, first level pages, appointments) are not a payment portal's.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** C.SI.1.1 */
const FONTS = ['Titillium Web', 'Lora', 'Roboto Mono'];
/** C.SI.1.2: of the classes of a page, so many of a hundred are Bootstrap Italia's. */
const KNOWN_PERCENT_MIN = 30;
/** C.SI.1.2 */
const ITALIA_MAJOR_MIN = 2;
/** C.SI.1.3: the voices of a service's sheet that are obligatory, beside title and description. `service-generic-access` or one of its kind. */
const SHEET = ['service-title', 'service-description', 'service-addressed', 'service-how-to', 'service-needed', 'service-achieved', 'service-calendar-text', 'service-contacts'];

const ITALIA = join(__dirname, '..', '..', 'style', 'node_modules', 'bootstrap-italia', 'dist', 'css', 'bootstrap-italia.min.css');
let known: Set<string> | undefined;

/** Every class that Bootstrap Italia has a rule for. */
function knownClasses(): Set<string> {
  known ??= new Set([...readFileSync(ITALIA, 'utf8').matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  return known;
}

/** What a page has, as the validator reads it. */
async function read(page: Page) {
  return page.evaluate(() => {
    const texts = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6, p')];
    const first = (element: Element) => getComputedStyle(element).fontFamily.split(',')[0].replaceAll(/["']/g, '').trim();
    const of = (name: string) => document.querySelector<HTMLAnchorElement>(`a[data-element="${name}"]`)?.href ?? null;
    return {
      fonts: [...new Set(texts.flatMap((element) => [element, ...element.querySelectorAll('*')]).map(first))],
      // it strips double quotes and no others
      version: getComputedStyle(document.documentElement).getPropertyValue('--bootstrap-italia-version').trim().replaceAll('"', ''),
      classes: [...new Set([...document.querySelectorAll('[class]')].flatMap((element) => [...element.classList]))],
      accessibility: of('accessibility-link'),
      privacy: of('privacy-policy-link'),
      elements: [...document.querySelectorAll('[data-element]')].map((element) => element.getAttribute('data-element')!),
    };
  });
}

/** One line for each rule that the page breaks. */
export async function breaches(page: Page, { sheet = false } = {}): Promise<string[]> {
  const found = await read(page);
  const wrong: string[] = [];
  const strange = found.fonts.filter((font) => !FONTS.includes(font));
  if (strange.length > 0) wrong.push(`C.SI.1.1: fonts ${strange.join(', ')}`);
  if (!/^\d+\.\d+\.\d+$/.test(found.version) || parseInt(found.version) < ITALIA_MAJOR_MIN) wrong.push(`C.SI.1.2: version "${found.version}"`);
  const share = (found.classes.filter((name) => knownClasses().has(name)).length * 100) / Math.max(found.classes.length, 1);
  if (share < KNOWN_PERCENT_MIN) wrong.push(`C.SI.1.2: ${Math.floor(share)} % of the classes are Bootstrap Italia's`);
  if (!found.accessibility) wrong.push('C.SI.3.2: no link to the declaration of accessibility');
  if (!found.privacy) wrong.push('C.SI.3.3: no link to the privacy notice');
  const host = new URL(page.url()).hostname;
  const strangers = (await page.context().cookies()).filter(({ domain }) => domain !== host).map(({ name, domain }) => `${name} of ${domain}`);
  if (strangers.length > 0) wrong.push(`C.SI.3.1: cookies ${strangers.join(', ')}`);
  if (sheet) {
    const missing = SHEET.filter((name) => !found.elements.includes(name));
    if (missing.length > 0) wrong.push(`C.SI.1.3: ${missing.join(', ')} not there`);
    if (!found.elements.some((name) => /^service-(generic|booking|online)-access$/.test(name))) wrong.push('C.SI.1.3: no access to the service');
  }
  return wrong;
}
