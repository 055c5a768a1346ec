import { unzipRaw, type ZipEntry } from 'unzipit';
import { ViewerError } from './errors';
import type { Bytes } from './files';
import { NamedFiles } from './folder';

const STORED = 0;
const DEFLATED = 8;

/**
 * An export in a zip, which is read by ranges: first its list of files, then each file when it is
 * asked for. Nothing else is unpacked.
 */
export async function openZip(blob: Blob, name: string): Promise<NamedFiles> {
  let entries: ZipEntry[];
  try {
    ({ entries } = await unzipRaw(blob));
  } catch (cause) {
    throw new ViewerError(
      `The file “${name}” cannot be read as a zip (${cause instanceof Error ? cause.message : String(cause)}).`,
      'It may be cut short, or packed in another way: pack the folder as a plain .zip, or choose the folder itself.',
      { cause },
    );
  }
  const files = entries.filter(({ isDirectory }) => !isDirectory);
  return new NamedFiles('file', name, new Map(files.map((entry) => [entry.name, () => unpack(entry)])));
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
