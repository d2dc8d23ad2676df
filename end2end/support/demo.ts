// The program under test: its own process, a fresh folder, free ports. Ended by its id when the tests are done.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Stato = 'APERTA' | 'PAGATA' | 'ANNULLATA' | 'SCADUTA';

export interface Avviso {
  numero: string;
  codice_fiscale_debitore: string;
  importo_cents: number;
  stato: Stato;
  bollo: boolean;
  causale: string;
}

/** As the sandbox took it. */
export interface Lettera {
  a: string;
  oggetto: string;
  testo: string;
  html: string;
}

/** What `sportello demo` writes for whoever tries it. */
interface DemoJson {
  web: string;
  nodo: string;
  sandbox: string;
  ente: { codice_fiscale: string; nome: string; slug: string };
  intermediario: string;
  stazione: string;
  avvisi: Avviso[];
}

const BINARY = process.env.SPORTELLO_BIN ?? join(homedir(), '.cache/sportello/native/debug/sportello');
/** The portal's own ports are 3000 and following. */
const PORT_FIRST = 4100;
/** A debug build fills its demo in a second; a busy machine needs more. */
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 5_000;
/** Jobs are looked for every five seconds; a first start has some hundred others to do. */
const LETTERS_MS_MAX = 45_000;

export class Demo {
  private readonly taken = new Set<string>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly json: DemoJson,
  ) {}

  static async start(): Promise<Demo> {
    if (!existsSync(BINARY)) {
      throw new Error('No program to test: build it with `cargo build -p server`, or name it in SPORTELLO_BIN.');
    }
    const folder = mkdtempSync(join(tmpdir(), 'sportello-end2end-'));
    const data = join(folder, 'data');
    const log = openSync(join(folder, 'log'), 'w');
    const ports = ['--port-base', String(await freePorts())];
    const child = spawn(BINARY, ['demo', '--data', data, ...ports], { stdio: ['ignore', log, log] });
    try {
      const json = await waitFor(child, join(data, 'demo.json'));
      return new Demo(child, folder, json);
    } catch (error) {
      child.kill();
      const text = readFileSync(join(folder, 'log'), 'utf8');
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`${String(error)}\n${text}`);
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_MS_MAX)]);
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The first notice in a state, to look at: of a debt of which no test has taken anything, since that may be paid by now. */
  avviso(stato: Stato, causale = ''): Avviso {
    const untouched = (a: Avviso) => !this.debito(a).some((row) => this.taken.has(row.numero));
    const found = this.json.avvisi.find((a) => a.stato === stato && a.causale.includes(causale) && untouched(a));
    if (!found) throw new Error(`the demo has no notice ${stato} "${causale}"`);
    return found;
  }

  /** The rows of one debt: all its ways to be paid. */
  private debito(avviso: Avviso): Avviso[] {
    const same = (a: Avviso) => a.causale === avviso.causale && a.codice_fiscale_debitore === avviso.codice_fiscale_debitore;
    return this.json.avvisi.filter(same);
  }

  /** A notice to pay, given to one test only. Of a debt in instalments never the whole: paying that closes the instalments. */
  take(causale = ''): Avviso {
    const free = this.json.avvisi.find((a) => {
      const rows = this.debito(a);
      const whole = rows.length > 1 && a.importo_cents === Math.max(...rows.map((r) => r.importo_cents));
      return a.stato === 'APERTA' && !whole && !this.taken.has(a.numero) && a.causale.includes(causale);
    });
    if (!free) throw new Error(`the demo has no more notices to pay "${causale}"`);
    this.taken.add(free.numero);
    return free;
  }

  /** Reads the demo's database: what no page may show, and whether something was stored. */
  query(sql: string): (string | number | null)[][] {
    const program = 'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))';
    const result = spawnSync('/usr/bin/python3', ['-c', program, join(this.folder, 'data', 'sportello.db'), sql], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout);
  }

  /** A command of the operator, on the demo as it runs. */
  sportello(...words: string[]): string {
    const result = spawnSync(BINARY, [...words, '--data', join(this.folder, 'data')], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stderr);
    return result.stdout;
  }

  /** How the sandbox answers the next carts; `nessuno` puts it right again. */
  async setFault(carts: 'nessuno' | 'errore_500' | 'rifiuta_422'): Promise<void> {
    await postJson(`${this.json.sandbox}/guasti`, { carts });
  }

  /** The letters to an address, oldest first, once there are so many: a runner looks every five seconds. */
  async letters(a: string, count: number): Promise<Lettera[]> {
    const deadline = Date.now() + LETTERS_MS_MAX;
    while (Date.now() < deadline) {
      const response = await fetch(`${this.json.sandbox}/posta/lettere`);
      const found = ((await response.json()) as Lettera[]).filter((lettera) => lettera.a === a);
      if (found.length >= count) return found;
      await sleep(250);
    }
    throw new Error(`no ${count} letters to ${a}`);
  }

  /** Somebody pays this notice at a counter. */
  async payAtCounter(avviso: Avviso): Promise<void> {
    const body = { codice_fiscale_ente: this.json.ente.codice_fiscale, numero_avviso: avviso.numero };
    const { receipt_id } = (await postJson(`${this.json.sandbox}/psp/pay`, body)) as { receipt_id: string | null };
    if (!receipt_id) throw new Error(`the counter could not pay ${avviso.numero}`);
  }
}

async function postJson(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function waitFor(child: ChildProcess, file: string): Promise<DemoJson> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}`);
    if (existsSync(file)) {
      const json: DemoJson = JSON.parse(readFileSync(file, 'utf8'));
      const home = await fetch(json.web).catch(() => null);
      if (home?.ok) return json;
    }
    await sleep(50);
  }
  throw new Error(`the demo did not start within ${START_MS_MAX} ms`);
}

/** The first of five free ports in a row. */
async function freePorts(): Promise<number> {
  for (let base = PORT_FIRST; base < 65_000; base += 5) {
    const free = await Promise.all([0, 1, 2, 3, 4].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no five free ports in a row');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
