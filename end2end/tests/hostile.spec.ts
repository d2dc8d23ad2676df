// Bad input, every kind in every field, by plain HTTP: a message at the field in Italian, nothing stored, nothing echoed as markup.

import { expect, test } from '../support/test';
import { UNKNOWN, withCheck } from '../support/words';

const SCRIPT = '<script>alert(1)</script>';
const MARKUP = '"><img src=x onerror=alert(1)>';

/** What nobody means to type. Fields refuse each of these, whatever they are for. */
const EVERYWHERE: Record<string, string> = {
  'script tag': SCRIPT,
  'markup that closes an attribute': MARKUP,
  'control character': 'Maria\u0007Rossi',
  'NUL': 'Maria\u0000Rossi',
  'line break': 'Maria\r\nBcc: x@y.it',
  'emoji': 'Maria 😀 Rossi',
  'right-to-left mark': 'Maria \u202eissoR',
  'zero width': 'Ma\u200bria Rossi',
  'huge': 'x'.repeat(20_000),
};

interface Campo {
  field: string;
  /** Beyond EVERYWHERE. */
  bad: Record<string, string>;
  /** Other fields that this one needs beside it. */
  beside?: Record<string, string>;
}

const MENSA = {
  voce: 'pasti',
  quantita: '10',
  dettaglio: '3B primaria, marzo',
  codice_fiscale: 'RSSMRA80A41F205B',
  nome: 'Maria Rossi',
};
const DONAZIONE = { voce: 'libera', importo: '10,00', codice_fiscale: MENSA.codice_fiscale, nome: MENSA.nome };
const ALTRO = { altro_versante: 'si', versante_codice_fiscale: 'BNCLCU75M12H501Q', versante_nome: 'Luca Bianchi' };

const CODICE_FISCALE = {
  'empty': '',
  'blanks': '   ',
  'too short': 'RSSMRA80A41F205',
  'too long': 'RSSMRA80A41F205BB',
  'wrong check character': 'RSSMRA80A41F205X',
  'wrong check digit': '80001230458',
  'full-width letters': 'ＲＳＳＭＲＡ８０Ａ４１Ｆ２０５Ｂ',
};
const NOME = { 'empty': '', 'blanks': ' \t ', 'one letter': 'M', 'digits only': '12345', 'too long': 'M'.repeat(71), 'template': '{{7*7}}' };

const MODULO_MENSA: Campo[] = [
  { field: 'voce', bad: { 'empty': '', 'not a choice': 'gratis' } },
  { field: 'quantita', bad: { 'empty': '', 'zero': '0', 'negative': '-1', 'above the limit': '61', 'decimals': '1,5', 'scientific': '1e3', 'overflow': '99999999999999999999', 'full-width digit': '５' } },
  { field: 'dettaglio', bad: { 'empty': '', 'too long': 'a'.repeat(200), 'personal data': 'Mensa di RSSMRA80A41F205B' } },
  { field: 'codice_fiscale', bad: CODICE_FISCALE },
  { field: 'nome', bad: NOME },
  { field: 'email', bad: { 'no at': 'maria.rossi', 'no host': 'maria@', 'two ats': 'a@@b.it', 'too long': `${'a'.repeat(250)}@b.it` } },
  { field: 'versante_codice_fiscale', bad: CODICE_FISCALE, beside: ALTRO },
  { field: 'versante_nome', bad: NOME, beside: ALTRO },
];
const MODULO_DONAZIONE: Campo[] = [
  {
    field: 'importo',
    bad: { 'empty': '', 'negative': '-5', 'zero': '0', 'below the limit': '0,99', 'above the limit': '10000,01', 'too precise': '5,001', 'ambiguous': '1.234', 'scientific': '1e3', 'not a number': 'NaN', 'words': 'dieci', 'huge number': '99999999999999999999', 'English': '1,234.50' },
  },
];
const NUMERO: Campo = {
  field: 'numero',
  bad: { 'empty': '', 'too short': '30100000000000001', 'too long': `${UNKNOWN}0`, 'wrong check digits': `${UNKNOWN.slice(0, 17)}${(Number(UNKNOWN[17]) + 1) % 10}`, 'letters': '30100000000000001A', 'unknown first digit': withCheck('4010000000000001') },
};

/** The message at a field, as a reader of the HTML finds it. */
function messageAt(html: string, field: string): string | undefined {
  const tag = html.match(new RegExp(`<p(?=[^>]*\\bid="${field}-errore")(?=[^>]*\\binvalid-feedback\\b)[^>]*>(.*?)</p>`, 's'));
  return tag?.[1].replace(/<[^>]*>/g, '').replace('Errore: ', '').trim();
}

const FORMS = [
  ...MODULO_MENSA.map((campo) => ({ path: '/valdoria/servizi/mensa-scolastica/paga', right: MENSA, campo })),
  ...MODULO_DONAZIONE.map((campo) => ({ path: '/valdoria/servizi/donazione/paga', right: DONAZIONE, campo })),
  { path: '/valdoria/avviso', right: {}, campo: NUMERO },
  { path: '/', right: { codice_fiscale_ente: '80001230459' }, campo: NUMERO },
  { path: '/', right: { numero: UNKNOWN }, campo: { field: 'codice_fiscale_ente', bad: { 'empty': '', 'a person’s': 'RSSMRA80A41F205B', 'too short': '8000123045', 'too long': '800012304590' } } },
];

for (const { path, right, campo } of FORMS) {
  test(`${path} refuses what is bad in ${campo.field}`, async ({ request, demo }) => {
    const stored = () => demo.query('SELECT (SELECT count(*) FROM posizioni) + (SELECT count(*) FROM moduli) + (SELECT count(*) FROM tentativi)')[0][0];
    const before = stored();
    for (const [what, text] of Object.entries({ ...EVERYWHERE, ...campo.bad })) {
      const form = { ...right, ...campo.beside, [campo.field]: text };
      const answer = await request.post(path, { form, maxRedirects: 0 });
      const html = await answer.text();
      expect.soft(answer.status(), what).toBe(422);
      expect.soft(messageAt(html, campo.field), what).toMatch(/^\p{Lu}.*[.)]$/u);
      expect.soft(html, what).toContain(`href="#${campo.field}"`);
      expect.soft(html.includes(SCRIPT) || html.includes('<img src=x'), `${what}: echoed as markup`).toBe(false);
    }
    expect(stored(), 'rows of positions, forms and trips').toBe(before);
  });
}

test('what the tables of bad input leave unchanged is right, and is stored', async ({ request, demo }) => {
  const stored = () => Number(demo.query('SELECT count(*) FROM posizioni')[0][0]);
  const before = stored();
  for (const [path, form] of [
    ['/valdoria/servizi/mensa-scolastica/paga', { ...MENSA, ...ALTRO }],
    ['/valdoria/servizi/donazione/paga', DONAZIONE],
  ] as const) {
    const answer = await request.post(path, { form, maxRedirects: 0 });
    expect(answer.status(), path).toBe(303);
    expect(answer.headers().location).toMatch(/^\/valdoria\/riepilogo\//);
  }
  expect(stored()).toBe(before + 2);
});

test('a form sent by another site is refused and stores nothing', async ({ request, demo }) => {
  const stored = () => demo.query('SELECT count(*) FROM posizioni')[0][0];
  const before = stored();
  const path = '/valdoria/servizi/mensa-scolastica/paga';
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://altrove.example' }] as Record<string, string>[]) {
    const answer = await request.post(path, { form: MENSA, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(403);
  }
  expect(stored()).toBe(before);
});

test('a code that is no ente’s gets the answer of every miss: which part was wrong is nobody’s business', async ({ request, demo }) => {
  const { numero } = demo.avviso('APERTA');
  for (const codice_fiscale_ente of ['80001230458', '90012340569', '00743110157']) {
    const answer = await request.post('/', { form: { numero, codice_fiscale_ente }, maxRedirects: 0 });
    expect(answer.status()).toBe(404);
    expect(messageAt(await answer.text(), 'numero')).toContain('Non troviamo un avviso con questo codice');
  }
});

test('a body that is no form, or far too long, is refused', async ({ request }) => {
  const path = '/valdoria/servizi/mensa-scolastica/paga';
  const json = await request.post(path, { data: { voce: 'pasti' } });
  expect(json.status()).toBe(415);
  const flood = await request.post(path, { form: { ...MENSA, nome: 'x'.repeat(200_000) } });
  expect(flood.status()).toBe(413);
});
