import { shorten } from '../../markers/near/matrix';

const CHARACTER = 7;
const SWATCH = 34;
const ROW = 18;
const LONGEST_NAME = 28;

/** A name and the place of its patch of colour. */
export interface KeyItem {
  readonly group: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Key {
  readonly items: readonly KeyItem[];
  readonly height: number;
}

/** The names of groups in as many columns as fit. */
export function layOutKey(groups: readonly number[], names: readonly string[], width: number): Key {
  const shown = groups.map((group) => shorten(names[group], LONGEST_NAME));
  const wide = SWATCH + CHARACTER * Math.max(1, ...shown.map((name) => [...name].length));
  const nColumns = Math.max(1, Math.min(groups.length, Math.floor(width / wide)));
  const nRows = Math.ceil(groups.length / nColumns);
  const items = groups.map((group, at) => ({
    group,
    name: shown[at],
    x: Math.floor(at / nRows) * wide,
    y: (at % nRows) * ROW,
  }));
  return { items, height: nRows * ROW };
}
