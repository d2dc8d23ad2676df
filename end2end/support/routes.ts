// The pages there are, as the app itself lists them: app/src/routes.rs. A page that is added there is missed here until a state reaches it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(__dirname, '..', '..', 'app', 'src', 'routes.rs');
/** Languages whose addresses begin with their code; Italian ones do not. */
export const LINGUE = ['en', 'de', 'fr', 'sl'] as const;

/** `/:ente/avviso/:numero`, …; those with fixed names first, as the router takes them. */
export function routes(): string[] {
  const found = [...readFileSync(SOURCE, 'utf8').matchAll(/path!\("([^"]+)"\)/g)].map(([, path]) => path);
  if (found.length === 0) throw new Error(`${SOURCE} has no routes that can be read`);
  return found.sort((a, b) => a.split(':').length - b.split(':').length);
}

/** Which of them an address is; null: none. */
export function routeOf(url: string): string | null {
  const said = new URL(url).pathname.replace(new RegExp(`^/(${LINGUE.join('|')})(?=/|$)`), '') || '/';
  // back from a provider with nothing: the page of coming in says why, in its place
  const path = said === '/accesso/ritorno' ? '/accesso' : said;
  const is = (route: string) => new RegExp(`^${route.replace(/:[^/]+/g, '[^/]+')}$`).test(path);
  return routes().find(is) ?? null;
}

/** The same page in another language. */
export function inLingua(url: string, lingua: string): string {
  const { pathname, search } = new URL(url);
  return `/${lingua}${pathname === '/' ? '' : pathname}${search}`;
}
