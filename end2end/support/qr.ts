// What a phone's camera would read.

import type { Browser, Locator } from '@playwright/test';
import jsQR from 'jsqr';

/** Pixels across: a printed code under a camera has about as many. */
const SIZE = 400;

/** The text of a QR code drawn as SVG; null when no camera would read it. Drawn in a page of its own: ours may have no scripts. */
export async function readQr(browser: Browser, svg: Locator): Promise<string | null> {
  const markup = await svg.evaluate((element) => element.outerHTML);
  const blank = await browser.newPage();
  const pixels = await blank.evaluate(
    async ({ markup, size }) => {
      const image = new Image(size, size);
      image.src = `data:image/svg+xml,${encodeURIComponent(markup)}`;
      await image.decode();
      const canvas = new OffscreenCanvas(size, size);
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'white';
      context.fillRect(0, 0, size, size);
      context.drawImage(image, 0, 0, size, size);
      return Array.from(context.getImageData(0, 0, size, size).data);
    },
    { markup, size: SIZE },
  );
  await blank.close();
  return jsQR(Uint8ClampedArray.from(pixels), SIZE, SIZE)?.data ?? null;
}
