import type { ColumnValues } from '../../bundle/bundle';

/** Stands for the cells without a value, beside the codes of the categories. */
export const MISSING = -1;

/** The byte of a cell that all filters show; that of others is 0. */
export const SHOWN = 255;

/** One byte per cell; null shows all. */
export type Mask = Uint8Array<ArrayBuffer> | null;

export type Codes = Extract<ColumnValues, { kind: 'codes' }>;
