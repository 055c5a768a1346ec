import type { Reader, ZipEntry } from 'unzipit';
import { inflateAtMost, MOST_NBYTES, packedAtMost, tooLarge } from '../bounded';
import { ViewerError } from '../errors';
import { extentOf, type Bytes, type Range } from '../files';
import type { Entry } from '../folder/folder';
import { localOffset } from './local_offset';

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER = 0x04034b50;
const HEADER_NBYTES = 30;
/** The extra field between name and content is shorter than this, and the central directory at the end is longer. */
const MOST_EXTRA = 64;

/** The library's reader, whose requests can be ended. */
export interface ZipReader extends Reader {
  read(offset: number, length: number, signal?: AbortSignal): Promise<Bytes>;
}

/** One file of a zip. An unsupported compression raises when the file is read. */
export function zipped(entry: ZipEntry, reader: ZipReader): Entry {
  const offset = localOffset(entry);
  if (entry.compressionMethod === STORED && !entry.encrypted && offset !== null)
    return new StoredEntry(reader, entry, offset);
  return {
    size: entry.size,
    all: (signal) => unpack(entry, reader, offset, signal),
    async some(range, signal) {
      if (entry.size > MOST_NBYTES) throw tooLarge(entry.name, MOST_NBYTES);
      const bytes = await unpack(entry, reader, offset, signal);
      return bytes.slice(...extentOf(range, bytes.length));
    },
  };
}

/** Reads header and content together, as one range: on a slow network every request is a round trip. */
class StoredEntry implements Entry {
  readonly size: number;
  /** The position of the content, once known. */
  #start: number | null = null;

  constructor(
    readonly reader: ZipReader,
    readonly entry: ZipEntry,
    readonly offset: number,
  ) {
    this.size = entry.size;
  }

  async all(signal?: AbortSignal): Promise<Bytes> {
    const { size, nameBytes } = this.entry;
    if (this.#start !== null) return this.reader.read(this.#start, size, signal);
    const most = HEADER_NBYTES + nameBytes.length + MOST_EXTRA;
    const bytes = await this.reader.read(this.offset, most + size, signal);
    const start = (this.#start = this.offset + headerLength(bytes, this.entry.name));
    if (start > this.offset + most) return this.reader.read(start, size, signal);
    // A copy, since an array must begin at a multiple of the width of its values.
    return bytes.slice(start - this.offset, start - this.offset + size);
  }

  async some(range: Range, signal?: AbortSignal): Promise<Bytes> {
    this.#start ??=
      this.offset + headerLength(await this.reader.read(this.offset, HEADER_NBYTES, signal), this.entry.name);
    const [from, to] = extentOf(range, this.entry.size);
    return this.reader.read(this.#start + from, to - from, signal);
  }
}

function headerLength(header: Bytes, name: string): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length >= HEADER_NBYTES && view.getUint32(0, true) === LOCAL_HEADER)
    return HEADER_NBYTES + view.getUint16(26, true) + view.getUint16(28, true);
  throw new ViewerError(
    `The file ${name} does not begin where the zip says.`,
    'The zip is damaged, or was replaced after it was opened: open it again.',
  );
}

async function unpack(
  entry: ZipEntry,
  reader: ZipReader,
  offset: number | null,
  signal?: AbortSignal,
): Promise<Bytes> {
  if (entry.encrypted) {
    throw new ViewerError(
      `The file ${entry.name} of the zip is encrypted.`,
      'Zip the folder without a password.',
    );
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new ViewerError(
      `The file ${entry.name} of the zip uses compression method ${entry.compressionMethod}, which browsers do not support.`,
      'Zip the folder again with “deflate” or without compression.',
    );
  }
  if (offset === null) throw damaged(entry, 'its position is unknown');
  const start = offset + headerLength(await reader.read(offset, HEADER_NBYTES, signal), entry.name);
  const packed = await reader.read(start, Math.min(entry.compressedSize, packedAtMost(entry.size)), signal);
  let bytes: Bytes | null;
  try {
    // The library would inflate without a limit.
    bytes =
      entry.compressionMethod === STORED ? packed : await inflateAtMost(packed, 'deflate-raw', entry.size);
  } catch (cause) {
    throw damaged(entry, cause instanceof Error ? cause.message : String(cause));
  }
  if (bytes?.length !== entry.size)
    throw damaged(entry, `it does not have the ${entry.size.toLocaleString('en')} bytes that the zip states`);
  return bytes;
}

function damaged(entry: ZipEntry, what: string): ViewerError {
  return new ViewerError(
    `The file ${entry.name} of the zip cannot be decompressed: ${what}.`,
    'The zip is damaged, or not trustworthy: zip the folder again.',
  );
}
