// Numbers as the pages write them.

/** `1.234,50 €`, with a no-break space. */
export function euro(cents: number): string {
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${whole},${String(cents % 100).padStart(2, '0')}\u00a0€`;
}

/** `3010 0000 0000 0123 45` */
export function grouped(numero: string): string {
  return numero.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** Sixteen digits and their two check digits (mod 93): a number that is written right. */
export function withCheck(first16: string): string {
  return first16 + String(BigInt(first16) % 93n).padStart(2, '0');
}

/** Written right, and nobody's. */
export const UNKNOWN = withCheck('3010000000000001');
