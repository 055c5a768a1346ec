import type { Range } from '../engine/engine';

export const SIDES = ['Across from', 'Across to', 'Up from', 'Up to'] as const;

interface Bounds {
  readonly across: Range;
  readonly up: Range;
  /** Fields that are wrong, and why the first is. */
  readonly wrong: readonly number[];
  readonly why: string | null;
}

/** The bounds of a rectangle, typed in the order of `SIDES`; a field without text is no bound. */
export function readBounds(texts: readonly string[]): Bounds {
  const isEmpty = texts.map((text) => text.trim() === '');
  const bounds = texts.map((text, at) =>
    isEmpty[at] ? (at % 2 === 0 ? -Infinity : Infinity) : Number(text.replace(',', '.').replace('−', '-')),
  );
  const known = { across: [bounds[0], bounds[1]], up: [bounds[2], bounds[3]] } as const;
  const unread = [...bounds.keys()].filter((at) => Number.isNaN(bounds[at]));
  if (unread.length > 0)
    return {
      ...known,
      wrong: unread,
      why: `${SIDES[unread[0]]} must be a number, not “${texts[unread[0]]}”.`,
    };
  const crossed = [0, 2].filter((at) => bounds[at] > bounds[at + 1]);
  if (crossed.length === 0) return { ...known, wrong: [], why: null };
  const [at] = crossed;
  return {
    ...known,
    wrong: crossed.flatMap((from) => [from, from + 1]),
    why: `${SIDES[at]} (${texts[at].trim()}) must not be above ${SIDES[at + 1]} (${texts[at + 1].trim()}).`,
  };
}
