import type { Reader, ZipEntry } from 'unzipit';
import { ViewerError } from './errors';
import { extentOf, type Bytes, type Range } from './files';
import type { Entry } from './folder';

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER = 0x04034b50;
const HEADER_NBYTES = 30;
/** What packers put between a name and the content is shorter. The list of files behind the last one is longer. */
const MOST_EXTRA = 64;

/** One file of a zip; what is wrong with how it is packed is told when it is read. */
export function zipped(entry: ZipEntry, reader: Reader): Entry {
  const offset = localOffset(entry);
  if (entry.compressionMethod === STORED && !entry.encrypted && offset !== null)
    return new StoredEntry(reader, entry, offset);
  return {
    all: () => unpack(entry),
    async some(range) {
      const bytes = await unpack(entry);
      return bytes.slice(...extentOf(range, bytes.length));
    },
  };
}

/** Read by one range, header and content together: on a slow line each is a way there and back. */
class StoredEntry implements Entry {
  /** Where the content begins, once that is known. */
  #start: number | null = null;

  constructor(
    readonly reader: Reader,
    readonly entry: ZipEntry,
    readonly offset: number,
  ) {}

  async all(): Promise<Bytes> {
    const { size, nameBytes } = this.entry;
    if (this.#start !== null) return this.reader.read(this.#start, size);
    const most = HEADER_NBYTES + nameBytes.length + MOST_EXTRA;
    const bytes = await this.reader.read(this.offset, most + size);
    const start = (this.#start = this.offset + this.#headerLength(bytes));
    if (start > this.offset + most) return this.reader.read(start, size);
    // A copy: an array can only lie at a multiple of its values' width.
    return bytes.slice(start - this.offset, start - this.offset + size);
  }

  async some(range: Range): Promise<Bytes> {
    this.#start ??= this.offset + this.#headerLength(await this.reader.read(this.offset, HEADER_NBYTES));
    const [from, to] = extentOf(range, this.entry.size);
    return this.reader.read(this.#start + from, to - from);
  }

  #headerLength(header: Bytes): number {
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    if (view.getUint32(0, true) === LOCAL_HEADER)
      return HEADER_NBYTES + view.getUint16(26, true) + view.getUint16(28, true);
    throw new ViewerError(
      `The file ${this.entry.name} does not begin where the zip says.`,
      'The zip is damaged, or was replaced since it was opened: open it again.',
    );
  }
}

/** The library keeps the place to itself; without it each read is two. */
function localOffset(entry: ZipEntry): number | null {
  const raw = (entry as unknown as { _rawEntry?: { relativeOffsetOfLocalHeader?: unknown } })._rawEntry;
  const offset = raw?.relativeOffsetOfLocalHeader;
  return typeof offset === 'number' && Number.isSafeInteger(offset) ? offset : null;
}

async function unpack(entry: ZipEntry): Promise<Bytes> {
  if (entry.encrypted) {
    throw new ViewerError(`The file ${entry.name} of the zip is encrypted.`, 'Pack it without a password.');
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new ViewerError(
      `The file ${entry.name} of the zip is packed by method ${entry.compressionMethod}, which browsers do not know.`,
      'Pack the folder again with “deflate” or without compression.',
    );
  }
  return new Uint8Array(await entry.arrayBuffer());
}
