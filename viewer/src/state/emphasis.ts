import type { Cells } from './selection';

/** Mask value of a shown cell outside the selection. */
export const FAINT = 80;
export const FULL = 255;

/** One byte per cell: shown by the filters, and faint if not selected; null shows all. */
export function emphasise(
  nCells: number,
  mask: Uint8Array<ArrayBuffer> | null,
  selected: Cells,
): Uint8Array<ArrayBuffer> | null {
  if (selected.length === 0) return mask;
  const bytes = mask ? mask.map((shown) => (shown === 0 ? 0 : FAINT)) : new Uint8Array(nCells).fill(FAINT);
  for (const cell of selected) if (bytes[cell] !== 0) bytes[cell] = FULL;
  return bytes;
}
