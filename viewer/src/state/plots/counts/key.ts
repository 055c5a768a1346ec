import { byLetters, cutName, roomOf, type WidthOf } from '../names';

const SWATCH = 34;
const ROW = 18;
const LONGEST_NAME = 196;

/** A name and the place of its patch of colour. */
export interface KeyItem {
  readonly group: number;
  readonly name: string;
  readonly full: string;
  readonly x: number;
  readonly y: number;
}

export interface Key {
  readonly items: readonly KeyItem[];
  readonly height: number;
}

/** The names of groups in as many columns as fit. */
export function layOutKey(
  groups: readonly number[],
  names: readonly string[],
  width: number,
  widthOf: WidthOf = byLetters,
): Key {
  const room = Math.max(SWATCH, Math.min(LONGEST_NAME, width - SWATCH));
  const shown = groups.map((group) => cutName(names[group], room, widthOf));
  const wide = SWATCH + roomOf(shown, room, widthOf);
  const nColumns = Math.max(1, Math.min(groups.length, Math.floor(width / wide)));
  const nRows = Math.ceil(groups.length / nColumns);
  const items = groups.map((group, at) => ({
    group,
    name: shown[at],
    full: names[group],
    x: Math.floor(at / nRows) * wide,
    y: (at % nRows) * ROW,
  }));
  return { items, height: nRows * ROW };
}
