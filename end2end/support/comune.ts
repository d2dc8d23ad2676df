// A comune's own site: another origin than the portal (127.0.0.1, where the portal is localhost: another site too, as cookies see it),
// with a policy as strict as a comune can have that wants the element at all.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of the site: what it says, and its Content-Security-Policy. */
export interface Pagina {
  html: string;
  csp: string;
}

/** What README tells a comune to allow: the portal's script, the portal's frames, and nothing else. */
export const csp = (portale: string) => `default-src 'none'; script-src ${portale}; frame-src ${portale}; base-uri 'none'; form-action 'none'`;

export class Comune {
  private constructor(
    private readonly server: Server,
    readonly origine: string,
    private readonly pagine: Map<string, Pagina>,
  ) {}

  static async start(): Promise<Comune> {
    const pagine = new Map<string, Pagina>();
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://comune');
      const pagina = pagine.get(pathname);
      // scripts of the site itself have no policy, and browsers ask for an icon
      const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
      response.writeHead(pagina ? 200 : 204, { 'content-type': type, ...(pagina?.csp ? { 'content-security-policy': pagina.csp } : {}) });
      response.end(pagina?.html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new Comune(server, `http://127.0.0.1:${port}`, pagine);
  }

  /** Puts a page on the site, and tells its address. */
  put(path: string, body: string, csp: string): string {
    const html = `<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Comune</title></head><body><main><h1>Il nostro comune</h1>${body}</main></body></html>`;
    this.pagine.set(path, { html: path.endsWith('.js') ? body : html, csp });
    return this.origine + path;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
