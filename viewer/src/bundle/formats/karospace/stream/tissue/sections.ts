import { ViewerError } from '../../../../../bytes/errors';
import type { Bytes } from '../../../../../bytes/files';
import {
  byteLength,
  decodeNumbers,
  type Dtype,
  type Floats,
  type Numbers,
} from '../../../../../bytes/numbers';
import type { Section, SectionFacts, SectionPoints, Sections } from '../../../../tissue';
import { brokenParts, checkContiguous, type PartReader } from '../parts';
import type { Atlas } from '../schema';
import { pointsOfSteps } from '../steps';

type Entry = NonNullable<Atlas['sections']>;
type Item = Entry['items'][number];

/** Sections of a stream layer. See docs/formats/tissue.md. */
export class StreamSections implements Sections {
  readonly column: string;
  readonly embedding: number;
  readonly firstColumn: number | null;
  readonly metadata: readonly SectionFacts[];
  readonly items: readonly Section[];
  readonly #coded: Coded | null;

  constructor(
    readonly reader: PartReader,
    readonly entry: Entry,
    atlas: Pick<Atlas, 'n_cells' | 'embeddings' | 'columns'>,
  ) {
    checkRanges(entry.items, atlas.n_cells);
    if (entry.embedding >= atlas.embeddings.length)
      throw brokenParts(`the sections lie in embedding ${entry.embedding}, which does not exist`);
    for (const { name, values } of entry.metadata)
      if (values.length !== entry.items.length)
        throw brokenParts(`“${name}” has ${values.length} values for ${entry.items.length} sections`);
    this.#coded = codedAs(entry.first_column, atlas.columns);
    this.column = entry.column;
    this.embedding = entry.embedding;
    this.firstColumn = entry.first_column;
    this.metadata = entry.metadata;
    this.items = entry.items.map(({ name, start, end, n_placed, minimum, maximum }) => ({
      name,
      start,
      end,
      nPlaced: n_placed,
      minimum,
      maximum,
    }));
  }

  async points(section: number, signal?: AbortSignal): Promise<SectionPoints> {
    const { points, start, end, minimum, maximum } = this.entry.items[section];
    const n = end - start;
    const plain = byteLength('uint16', 2 * n) + (this.#coded ? byteLength(this.#coded.dtype, n) : 0);
    const bytes = await this.reader.bytes(points, plain, { signal });
    if (bytes.byteLength !== plain) throw wrongLength(points.path, bytes.byteLength, plain, n);
    const both = decodeNumbers(bytes.subarray(0, 4 * n), 'uint16', 2 * n, points.path);
    const axes = [0, 1].map((axis) => ({
      low: 0,
      width: minimum && maximum ? maximum[axis] - minimum[axis] : NaN,
    }));
    const positions = pointsOfSteps(both, n, axes);
    return { positions, codes: this.#codes(bytes, n, points.path) };
  }

  async rows(signal?: AbortSignal): Promise<Numbers | null> {
    const { rows } = this.entry;
    return rows ? this.reader.whole({ ...rows, width: 1 }, { signal }) : null;
  }

  #codes(bytes: Bytes, n: number, path: string): Floats | null {
    if (!this.#coded) return null;
    const { dtype, nCodes } = this.#coded;
    // A view needs a start that fits the type, which a copy has.
    const codes = decodeNumbers(bytes.slice(4 * n), dtype, n, path);
    return Float32Array.from(codes as Uint32Array, (code) => (code < nCodes ? code : NaN));
  }
}

function checkRanges(items: readonly Item[], nCells: number): void {
  const ranges = items.map(({ points, start, end }) => ({ ...points, start, end }));
  checkContiguous(ranges, nCells, 'cell');
  const wrong = items.find(
    ({ start, end, n_placed, minimum, maximum }) =>
      n_placed > end - start || n_placed > 0 !== (minimum !== null && maximum !== null),
  );
  if (wrong) throw brokenParts(`the section “${wrong.name ?? ''}” has bounds that its cells cannot have`);
}

/** How the codes of a column are stored. The code of cells without a value is larger than all others. */
interface Coded {
  readonly dtype: Dtype;
  readonly nCodes: number;
}

function codedAs(index: number | null, columns: Atlas['columns']): Coded | null {
  if (index === null) return null;
  const column = columns.at(index);
  if (column?.kind === 'category') return { dtype: column.dtype, nCodes: column.categories.length };
  throw brokenParts(`the first column of the sections is column ${index}, which has no categories`);
}

function wrongLength(path: string, found: number, wanted: number, nCells: number): ViewerError {
  const [has, must, cells] = [found, wanted, nCells].map((count) => count.toLocaleString('en'));
  return new ViewerError(
    `The file ${path} has ${has} bytes, but must have ${must} for the ${cells} cells of its section.`,
    'The bundle is a mixture of two exports, or incomplete: export it again.',
  );
}
