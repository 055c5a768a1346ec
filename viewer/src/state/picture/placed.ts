import type { Swatch } from './legend';

export interface PlacedText {
  readonly text: string;
  readonly x: number;
  /** The position of its centre. */
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly align: 'left' | 'center' | 'right';
}
export interface PlacedSwatch {
  readonly swatch: Swatch;
  readonly x: number;
  readonly y: number;
}
/** A mixture of blended genes. */
export interface PlacedTile extends Box {
  readonly shares: readonly number[];
}
/** The colours of numbers, from left to right. */
export interface PlacedBar extends Box {
  readonly colors: readonly string[];
}
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const MARGIN = 16;
/** Size of the letters. */
export const TEXT = 13;
/** Height of a line of text. */
export const ROW = 19;
/** Radius of a spot of colour. */
export const SWATCH = 6;
