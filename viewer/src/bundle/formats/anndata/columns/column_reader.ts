import { ViewerError } from '../../../../bytes/errors';
import type { Numbers } from '../../../../bytes/numbers';
import type { ColumnValues } from '../../../bundle';
import { BlockTexts, type CellTexts } from '../../../cells/cell_texts';
import type { ArrayReader } from '../zarr/arrays';
import { readColors } from './color_reader';
import { LabelledColumn, NumberedColumn, type ObsColumn } from './columns';
import { textBlock } from './text_blocks';

const MISSING_BOOL = 255;
const MISSING_LABEL = 255;
const TEXT = /^(\|O|string|[<>|][US]\d+)$/;

/** Reads columns of obs: values whole, texts in blocks. */
export class ColumnReader {
  constructor(
    readonly reader: ArrayReader,
    readonly nCells: number,
  ) {}

  async whole(column: ObsColumn, signal?: AbortSignal): Promise<ColumnValues> {
    const { info, path, storage } = column;
    if (info.kind === 'string') throw new Error(`column ${info.name} is text`);
    if (storage === 'codes') return this.#codes(column, signal);
    const masked = storage === 'masked';
    const [values, mask] = await Promise.all([
      this.#all(masked ? `${path}/values` : path, signal),
      masked ? this.#all(`${path}/mask`, signal) : null,
    ]);
    if (info.kind === 'bool') {
      const codes = mask ? Uint8Array.from(values, (value, at) => (mask[at] ? MISSING_BOOL : value)) : values;
      return { kind: 'codes', codes, missing: MISSING_BOOL };
    }
    const numbers = mask ? Float64Array.from(values, (value, at) => (mask[at] ? NaN : value)) : values;
    if (!(info instanceof NumberedColumn)) return { kind: 'numbers', values: numbers };
    info.colors = await readColors(this.reader, info.name, info.categories, signal);
    const codes = Uint8Array.from(numbers, (value) => info.codes.get(value) ?? MISSING_LABEL);
    return { kind: 'codes', codes, missing: MISSING_LABEL };
  }

  texts({ info, path, storage }: ObsColumn): CellTexts {
    const { reader, nCells } = this;
    switch (storage) {
      case 'texts':
        return new BlockTexts((cell) => textBlock(reader, path, nCells, cell));
      case 'masked texts':
        return new BlockTexts((cell) => textBlock(reader, `${path}/values`, nCells, cell, `${path}/mask`));
      case 'codes':
        return new BlockTexts((cell) => ({
          key: cell,
          nbytes: null,
          load: (signal) => this.#label(path, cell, signal),
        }));
      default:
        throw new Error(`column ${info.name} is no text`);
    }
  }

  async #codes({ info, path }: ObsColumn, signal?: AbortSignal): Promise<ColumnValues> {
    const [stored, labels] = await Promise.all([
      this.#all(`${path}/codes`, signal),
      this.#labels(path, signal),
    ]);
    const { codes, missing } = unsigned(stored);
    for (let cell = 0; cell < codes.length; cell++) {
      if (codes[cell] < labels.length || codes[cell] === missing) continue;
      throw new ViewerError(
        `In ${path}/codes, cell ${cell} has the category ${stored[cell]}, but “${info.name}” has only ${labels.length} categories.`,
        'The store is damaged, or a mixture of two: write it again.',
      );
    }
    if (info instanceof LabelledColumn) {
      const colors = await readColors(this.reader, info.name, labels, signal);
      info.categories = labels;
      info.colors = colors;
    }
    return { kind: 'codes', codes, missing };
  }

  /** The name of one cell's category. It reads only that name, even of a million. */
  async #label(path: string, cell: number, signal: AbortSignal): Promise<() => string | null> {
    const [code] = await this.reader.slice(`${path}/codes`, this.nCells, cell, cell + 1, signal);
    if (code < 0) return () => null;
    const { documents } = this.reader.store;
    const at = documents.texts(`${path}/categories`);
    const { shape, dtype } = documents.array(at);
    const [label = null] =
      TEXT.test(dtype) && code < shape[0]
        ? await this.reader.textSlice(at, shape[0], code, code + 1, signal)
        : [(await this.#labels(path, signal))[code]];
    return () => label;
  }

  /** Categories may also be numbers or bools. */
  async #labels(path: string, signal?: AbortSignal): Promise<readonly string[]> {
    const { documents } = this.reader.store;
    const at = documents.texts(`${path}/categories`);
    const { shape, dtype } = documents.array(at);
    if (TEXT.test(dtype)) return this.reader.texts(at, shape[0], signal);
    const numbers = Array.from(await this.reader.numbers(at, shape, { signal }));
    if (/^(\|b1|bool)$/.test(dtype)) return numbers.map((value) => (value ? 'True' : 'False'));
    const isFloat = /f\d$|^float/.test(dtype);
    return numbers.map((value) => (isFloat && Number.isInteger(value) ? value.toFixed(1) : String(value)));
  }

  #all(path: string, signal?: AbortSignal): Promise<Numbers> {
    return this.reader.numbers(path, [this.nCells], { signal });
  }
}

/** Codes are signed and -1 is missing. Read without a sign, -1 is the largest value, which no category has. */
function unsigned(codes: Numbers): { codes: Numbers; missing: number } {
  const { buffer, byteOffset, length } = codes;
  if (codes instanceof Int8Array) return { codes: new Uint8Array(buffer, byteOffset, length), missing: 0xff };
  if (codes instanceof Int16Array)
    return { codes: new Uint16Array(buffer, byteOffset, length), missing: 0xffff };
  if (codes instanceof Int32Array)
    return { codes: new Uint32Array(buffer, byteOffset, length), missing: 0xffffffff };
  // Codes of 64 bits arrive as floats; unsigned codes have no missing values.
  return { codes: Uint32Array.from(codes, (code) => (code < 0 ? 0xffffffff : code)), missing: 0xffffffff };
}
