// What a phone's camera would read.

import type { Browser, Locator } from '@playwright/test';
import jsQR from 'jsqr';

/** Pixels across: five or six for each module of a notice's code. */
const SIZE = 200;

/** The text of a QR code drawn as SVG; null when no camera would read it. Drawn in a page of its own: ours may have no scripts. */
export async function readQr(browser: Browser, svg: Locator): Promise<string | null> {
  const markup = await svg.evaluate((element) => element.outerHTML);
  const blank = await browser.newPage();
  const pixels = await blank.evaluate(
    async ({ markup, size }) => {
      const image = new Image(size, size);
      image.src = `data:image/svg+xml,${encodeURIComponent(markup)}`;
      await image.decode();
      const context = new OffscreenCanvas(size, size).getContext('2d')!;
      context.fillStyle = 'white';
      context.fillRect(0, 0, size, size);
      context.drawImage(image, 0, 0, size, size);
      const { data } = context.getImageData(0, 0, size, size);
      // one letter a pixel: an array of numbers takes seconds to get out of the browser
      return Array.from({ length: size * size }, (_, i) => (data[i * 4] < 128 ? '#' : '.')).join('');
    },
    { markup, size: SIZE },
  );
  await blank.close();
  const rgba = Uint8ClampedArray.from([...pixels].flatMap((pixel) => (pixel === '#' ? [0, 0, 0, 255] : [255, 255, 255, 255])));
  return jsQR(rgba, SIZE, SIZE)?.data ?? null;
}
