import { MOST_NBYTES, tooLarge } from '../bounded';
import { FileMissingError, ViewerError } from '../errors';
import { extentOf, splitPath, type Bytes, type Files, type GetOptions, type Range } from '../files';
import { isAbort } from '../shared';
import type { Marks } from './marks';
import { findRoots, noBundleIn } from './roots';

/** One file of this machine, or of a zip. */
export interface Entry {
  /** Declared size of the uncompressed content. */
  readonly size: number;
  all(signal?: AbortSignal): Promise<Bytes>;
  some(range: Range, signal?: AbortSignal): Promise<Bytes>;
}

/** Files whose names are all known in advance: a picked folder, or a zip. */
export class NamedFiles implements Files {
  readonly where: string;
  readonly roots?: readonly string[];
  readonly #prefix: string;

  /** `name` is that of the folder or zip, `entries` are its files by path. */
  constructor(
    kind: 'folder' | 'file',
    name: string,
    readonly entries: ReadonlyMap<string, Entry>,
    marks: Marks,
  ) {
    const roots = findRoots(entries.keys(), marks);
    const [root] = roots;
    if (root === undefined) throw noBundleIn(`The ${kind} “${name}”`, marks);
    this.#prefix = roots.length > 1 || root === '' ? '' : `${root}/`;
    const shown = this.#prefix ? `${name}/${root}` : name;
    this.where = `the ${kind} “${shown}”`;
    if (roots.length > 1) this.roots = roots;
  }

  async get(path: string, { onBytes, signal, most = MOST_NBYTES }: GetOptions = {}): Promise<Bytes> {
    const entry = this.#find(path);
    if (entry.size > most) throw tooLarge(path, most);
    return readWith(() => entry.all(signal), path, this.where, signal, onBytes);
  }

  async range(path: string, range: Range, { signal }: GetOptions = {}): Promise<Bytes> {
    const entry = this.#find(path);
    checkRange(range, path);
    return readWith(() => entry.some(range, signal), path, this.where, signal);
  }

  #find(path: string): Entry {
    const entry = this.entries.get(this.#prefix + splitPath(path).join('/'));
    if (!entry) throw new FileMissingError(path, this.where, 'no such file in the chosen folder');
    return entry;
  }
}

/** A folder that the user picked: `<input webkitdirectory>` gives all its files at once. */
export function pickedFolder(files: Iterable<File>, marks: Marks): NamedFiles {
  const all = [...files];
  const name = all[0]?.webkitRelativePath.split('/')[0] ?? '';
  return new NamedFiles(
    'folder',
    name,
    new Map(all.map((file) => [file.webkitRelativePath.slice(name.length + 1), entryOf(file)])),
    marks,
  );
}

/** A folder that is read on request; `file` and `folder` reject missing names. */
export interface Folder {
  readonly name: string;
  file(name: string): Promise<File>;
  folder(name: string): Promise<Folder>;
  folders(): Promise<Folder[]>;
}

const DEEPEST = 4;
const MOST_FOLDERS = 500;

/** A folder that was dropped on the page: descends to the folders of the bundles. */
export async function droppedFolder(top: Folder, marks: Marks): Promise<Files> {
  let level: { folder: Folder; steps: string[] }[] = [{ folder: top, steps: [] }];
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const found = [];
    for (const at of level) if (await hasMark(at.folder, marks)) found.push(at);
    if (found.length === 1) return new DroppedFiles([top.name, ...found[0].steps].join('/'), found[0].folder);
    if (found.length > 1)
      return new DroppedFiles(
        top.name,
        top,
        found.map(({ steps }) => steps.join('/')),
      );
    const below = await Promise.all(
      level.map(async ({ folder, steps }) =>
        (await folder.folders()).map((next) => ({ folder: next, steps: [...steps, next.name] })),
      ),
    );
    level = below.flat().slice(0, MOST_FOLDERS);
  }
  throw noBundleIn(`The folder “${top.name}”`, marks);
}

async function hasMark(folder: Folder, marks: Marks): Promise<boolean> {
  const found = await Promise.allSettled(marks.map(({ file }) => folder.file(file)));
  return found.some(({ status }) => status === 'fulfilled');
}

class DroppedFiles implements Files {
  readonly where: string;

  constructor(
    name: string,
    readonly folder: Folder,
    readonly roots?: readonly string[],
  ) {
    this.where = `the folder “${name}”`;
  }

  async get(path: string, { onBytes, signal, most = MOST_NBYTES }: GetOptions = {}): Promise<Bytes> {
    const entry = await this.#find(path);
    if (entry.size > most) throw tooLarge(path, most);
    return readWith(() => entry.all(signal), path, this.where, signal, onBytes);
  }

  async range(path: string, range: Range, { signal }: GetOptions = {}): Promise<Bytes> {
    const entry = await this.#find(path);
    checkRange(range, path);
    return readWith(() => entry.some(range, signal), path, this.where, signal);
  }

  async #find(path: string): Promise<Entry> {
    const steps = splitPath(path);
    try {
      let folder = this.folder;
      for (const step of steps.slice(0, -1)) folder = await folder.folder(step);
      return entryOf(await folder.file(steps.at(-1)!));
    } catch {
      throw new FileMissingError(path, this.where, 'no such file in the dropped folder');
    }
  }
}

function entryOf(file: File): Entry {
  const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
  return {
    size: file.size,
    all: () => bytesOf(file),
    some: (range) => bytesOf(file.slice(...extentOf(range, file.size))),
  };
}

function checkRange(range: Range, path: string): void {
  const length = 'suffixLength' in range ? range.suffixLength : range.length;
  if (length > MOST_NBYTES) throw tooLarge(path, MOST_NBYTES);
}

async function readWith(
  read: () => Promise<Bytes>,
  path: string,
  where: string,
  signal?: AbortSignal,
  onBytes?: (count: number) => void,
): Promise<Bytes> {
  try {
    signal?.throwIfAborted();
    const bytes = await read();
    signal?.throwIfAborted();
    onBytes?.(bytes.byteLength);
    return bytes;
  } catch (cause) {
    if (cause instanceof ViewerError || isAbort(cause)) throw cause;
    throw new ViewerError(
      `The file ${path} in ${where} could not be read.`,
      'It may have been changed or deleted since you chose it: choose it again.',
      { cause },
    );
  }
}
