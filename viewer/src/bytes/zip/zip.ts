import { BlobReader, unzipRaw, type ZipEntry } from 'unzipit';
import { MOST_NBYTES, tooLarge } from '../bounded';
import { ViewerError } from '../errors';
import type { Marks } from '../folder/marks';
import { NamedFiles } from '../folder/folder';
import { zipped, type ZipReader } from './zip_entry';

/**
 * An export in a zip, which is read by ranges: first the list of files, then each file on
 * request. Nothing else is decompressed.
 */
export async function openZip(source: Blob | ZipReader, name: string, marks: Marks): Promise<NamedFiles> {
  const reader = bounded(source instanceof Blob ? new BlobReader(source) : source, name);
  let entries: ZipEntry[];
  try {
    ({ entries } = await unzipRaw(reader));
  } catch (cause) {
    if (cause instanceof ViewerError) throw cause;
    throw new ViewerError(
      `The file “${name}” cannot be read as a zip (${cause instanceof Error ? cause.message : String(cause)}).`,
      'It may be incomplete or of another kind: make a plain .zip of the folder, or choose the folder itself.',
      { cause },
    );
  }
  const files = entries.filter(({ isDirectory }) => !isDirectory);
  return new NamedFiles(
    'file',
    name,
    new Map(files.map((entry) => [entry.name, zipped(entry, reader)])),
    marks,
  );
}

/** A zip may claim that its list of files has gigabytes. */
function bounded(reader: ZipReader, name: string): ZipReader {
  return {
    getLength: () => reader.getLength(),
    read: async (offset, length, signal) => {
      if (length > MOST_NBYTES) throw tooLarge(name, MOST_NBYTES);
      return reader.read(offset, length, signal);
    },
  };
}
