import * as v from 'valibot';
import type { Cells } from '../../selection/sets';
import { inSlices } from '../../selection/slices';

const CountSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Cells as base64: their runs, or a bit for each cell of the bundle, whichever is shorter. */
export const CellsSchema = v.union([
  v.strictObject({ count: CountSchema, runs: v.string() }),
  v.strictObject({ count: CountSchema, bits: v.string() }),
]);
export type SavedCells = v.InferOutput<typeof CellsSchema>;

/** A number of 32 bits takes at most so many bytes of seven bits each. */
const LONGEST_NUMBER = 5;
const MORE = 128;

export async function saveCells(cells: Cells, nCells: number): Promise<SavedCells> {
  const runs = await runsOf(cells, Math.ceil(nCells / 8));
  if (runs) return { count: cells.length, runs: toBase64(runs) };
  const bits = new Uint8Array(Math.ceil(nCells / 8));
  await inSlices(cells.length, (from, to) => {
    for (let at = from; at < to; at++) bits[cells[at] >> 3] |= 1 << (cells[at] & 7);
  });
  return { count: cells.length, bits: toBase64(bits) };
}

/** The cells; null if they are damaged, or not all among those of the bundle. */
export async function readCells(saved: SavedCells, nCells: number): Promise<Cells | null> {
  const text = 'runs' in saved ? saved.runs : saved.bits;
  // A bit for each cell is the longest form.
  if (saved.count > nCells || text.length > Math.ceil(Math.ceil(nCells / 8) / 3) * 4) return null;
  const bytes = fromBase64(text);
  if (!bytes) return null;
  return 'runs' in saved ? cellsOfRuns(bytes, saved.count, nCells) : cellsOfBits(bytes, saved.count, nCells);
}

/** For each run of neighbouring numbers, the gap before it and its length; null if that takes more bytes than `most`. */
async function runsOf(cells: Cells, most: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(most + 2 * LONGEST_NUMBER);
  let [length, next, start] = [0, 0, 0];
  const put = (number: number) => {
    for (; number >= MORE; number = Math.floor(number / MORE)) bytes[length++] = (number % MORE) | MORE;
    bytes[length++] = number;
  };
  await inSlices(cells.length, (from, to) => {
    for (let at = from; at < to && length <= most; at++) {
      if (at + 1 < cells.length && cells[at + 1] === cells[at] + 1) continue;
      put(cells[start] - next);
      put(at + 1 - start);
      next = cells[at] + 1;
      start = at + 1;
    }
  });
  return length <= most ? bytes.subarray(0, length) : null;
}

async function cellsOfRuns(bytes: Uint8Array, count: number, nCells: number): Promise<Cells | null> {
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let [number, scale] = [0, 1];
    for (let digit = 0; ; digit++) {
      if (digit === LONGEST_NUMBER || at === bytes.length) return null;
      const byte = bytes[at++];
      number += (byte % MORE) * scale;
      scale *= MORE;
      if (byte < MORE) break;
    }
    numbers.push(number);
  }
  let [end, sum] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    const length = numbers[at + 1] ?? 0;
    end += numbers[at] + length;
    sum += length;
    if (length === 0 || end > nCells) return null;
  }
  if (sum !== count) return null;
  const cells = new Uint32Array(count);
  let [next, filled] = [0, 0];
  await inSlices(numbers.length / 2, (from, to) => {
    for (let run = from; run < to; run++) {
      next += numbers[2 * run];
      for (const stop = next + numbers[2 * run + 1]; next < stop; next++) cells[filled++] = next;
    }
  });
  return cells;
}

async function cellsOfBits(bits: Uint8Array, count: number, nCells: number): Promise<Cells | null> {
  if (bits.length !== Math.ceil(nCells / 8)) return null;
  // One more, since each cell is written before it is known whether it is in.
  const cells = new Uint32Array(count + 1);
  let length = 0;
  await inSlices(8 * bits.length, (from, to) => {
    for (let cell = from; cell < to; cell++) {
      cells[Math.min(length, count)] = cell;
      length += (bits[cell >> 3] >> (cell & 7)) & 1;
    }
  });
  const found = cells.slice(0, count);
  return length === count && (found.at(-1) ?? -1) < nCells ? found : null;
}

/** A multiple of three, so that the texts of the pieces can be joined. */
const PIECE = 24_576;

function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += PIECE)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(from, from + PIECE))));
  return pieces.join('');
}

/** Null if the text is not base64. */
function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
