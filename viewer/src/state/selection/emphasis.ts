import type { Cells } from './sets';

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
  const bytes = new Uint8Array(nCells).fill(FAINT);
  if (mask) for (let cell = 0; cell < nCells; cell++) if (mask[cell] === 0) bytes[cell] = 0;
  for (let at = 0; at < selected.length; at++) if (bytes[selected[at]] !== 0) bytes[selected[at]] = FULL;
  return bytes;
}
