// A slow phone: what Lighthouse calls "slow 4G", and a processor four times slower than this machine's.

import type { Page } from '@playwright/test';

/** 1.6 Mbit/s down, 0.75 up, 150 ms there and back. */
export const SLOW_NETWORK = { offline: false, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, latency: 150 };
export const SLOW_CPU = { rate: 4 };
/** A task that takes longer keeps a finger waiting (web.dev, "Total Blocking Time"). */
const LONG_TASK_MS = 50;
/** Nothing happened for so long: the page is done. */
export const QUIET_MS = 1_000;

export interface Visit {
  /** As they travelled, headers with them. */
  bytes: number;
  requests: number;
  /** When the largest thing was painted. */
  lcp: number;
  /** What tasks took beyond 50 ms each, from the first paint on. */
  blocking: number;
}

interface Notes {
  lcp: number;
  fcp: number;
  tasks: { start: number; duration: number }[];
}

/** Opens an address with an empty cache. */
export async function visit(page: Page, url: string): Promise<Visit> {
  // what the page of before is still loading is not counted to this one
  await page.goto('about:blank');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.clearBrowserCache');
  await cdp.send('Network.emulateNetworkConditions', SLOW_NETWORK);
  await cdp.send('Emulation.setCPUThrottlingRate', SLOW_CPU);
  let [bytes, requests] = [0, 0];
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.addInitScript(() => {
    const notes: Notes = ((window as unknown as { notes: Notes }).notes = { lcp: 0, fcp: 0, tasks: [] });
    const watch = (type: string, note: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch('largest-contentful-paint', (entry) => (notes.lcp = entry.startTime));
    watch('paint', (entry) => entry.name === 'first-contentful-paint' && (notes.fcp = entry.startTime));
    watch('longtask', ({ startTime, duration }) => notes.tasks.push({ start: startTime, duration }));
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.waitForTimeout(QUIET_MS);
  const { lcp, fcp, tasks } = await page.evaluate(() => (window as unknown as { notes: Notes }).notes);
  await cdp.detach();
  const after = tasks.map(({ start, duration }) => Math.max(0, start + duration - Math.max(start + LONG_TASK_MS, fcp)));
  return { bytes, requests, lcp: Math.round(lcp), blocking: Math.round(after.reduce((sum, ms) => sum + ms, 0)) };
}

/** The one in the middle. */
export function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
