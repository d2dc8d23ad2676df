// In a frame of the ente's own site: tells that page, and no other, how tall this one is, and that one goes on in the whole window.
// The other end: embed/v1/pagamenti.js. Both look at who speaks: the exact origin, and the very window.
(() => {
  const { genitore } = document.currentScript.dataset;
  if (parent === window) return;
  const di = (tipo, altezza) => parent.postMessage({ sportello: 1, tipo, altezza }, genitore);
  let misura = false;
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || origin !== genitore || data?.sportello !== 1 || data.tipo !== 'misura' || misura) return;
    misura = true;
    new ResizeObserver(() => di('altezza', Math.ceil(document.body.getBoundingClientRect().height))).observe(document.body);
  });
  addEventListener('submit', () => di('continua'));
  di('pronto');
})();
