// The Content-Security-Policy. That no page violates it is watched in every test (support/test.ts); here: what it says, and that
// the watch works.

import { expect, test } from '../support/test';

test('every page has a policy that allows our own files, one script by its nonce, and forms to us and to Checkout', async ({ request, demo }) => {
  for (const path of ['/', '/aiuto', '/valdoria', '/valdoria/avviso', '/valdoria/servizi/mensa-scolastica/paga', '/nessuno']) {
    const answer = await request.get(path);
    const policy = new Map(
      answer.headers()['content-security-policy'].split(';').map((directive) => {
        const [name, ...sources] = directive.trim().split(/\s+/);
        return [name, sources];
      }),
    );
    expect(policy.get('default-src'), path).toEqual(["'none'"]);
    expect(policy.get('style-src'), path).toEqual(["'self'"]);
    expect(policy.get('form-action'), path).toEqual(["'self'", demo.json.sandbox]);
    for (const name of ['base-uri', 'object-src', 'frame-ancestors']) expect(policy.get(name), `${path} ${name}`).toEqual(["'none'"]);
    const nonce = /^'nonce-(.{16,})'$/.exec(policy.get('script-src')!.find((source) => source.startsWith("'nonce-"))!)![1];
    expect(policy.get('script-src'), path).toEqual(["'self'", `'nonce-${nonce}'`, "'wasm-unsafe-eval'"]);
    const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
    for (const script of scripts) expect(script, path).toContain(`nonce="${nonce}"`);
  }
});

test('the nonce is another one each time', async ({ request }) => {
  const policies = [await request.get('/'), await request.get('/')].map((answer) => answer.headers()['content-security-policy']);
  expect(policies[0]).not.toBe(policies[1]);
});

test('what the policy forbids is blocked, and the watch sees it', async ({ page, complaints }) => {
  await page.goto('/valdoria');
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<p style="color: red">rosso</p><img src="https://altrove.example/x.png" alt="">');
  });
  await expect.poll(() => complaints.join('\n')).toMatch(/CSP style-src-attr[\s\S]*CSP img-src|CSP img-src[\s\S]*CSP style-src-attr/);
  complaints.length = 0;
});

test('no page has a style, a script or an event handler of its own in its HTML', async ({ request }) => {
  for (const path of ['/', '/aiuto', '/accessibilita', '/valdoria', '/valdoria/privacy', '/valdoria/avviso', '/valdoria/servizi/tari', '/valdoria/servizi/donazione/paga']) {
    const html = await (await request.get(path)).text();
    expect(html, path).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  }
});

test('a form names the origin it comes from, for browsers that say so in no other way; links to others name nothing', async ({ page, demo, ricerca }) => {
  const post = page.waitForRequest((request) => request.method() === 'POST');
  await ricerca.fromEnte(demo.avviso('APERTA').numero);
  expect((await (await post).allHeaders()).origin).toBe(demo.json.web);
  const out = page.waitForRequest(`${demo.json.sandbox}/**`);
  await page.getByRole('button', { name: 'Vai al pagamento' }).click();
  expect((await (await out).allHeaders()).referer).toBeUndefined();
});
