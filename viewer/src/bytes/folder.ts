import { FileMissingError, ViewerError } from './errors';
import { splitPath, type Bytes, type Files, type GetOptions } from './files';

/** The files that make a folder a bundle. */
export const HEADS = ['atlas.json', 'manifest.json'] as const;

/** A folder that the user picked: `<input webkitdirectory>` gives all its files at once. */
export class PickedFiles implements Files {
  readonly where: string;
  readonly #files = new Map<string, File>();

  constructor(files: Iterable<File>) {
    const all = [...files];
    const root = findRoot(all.map((file) => file.webkitRelativePath));
    this.where = `the folder “${root.replace(/\/$/, '')}”`;
    for (const file of all) {
      if (file.webkitRelativePath.startsWith(root)) {
        this.#files.set(file.webkitRelativePath.slice(root.length), file);
      }
    }
  }

  async get(path: string, { onBytes }: GetOptions = {}): Promise<Bytes> {
    const file = this.#files.get(splitPath(path).join('/'));
    if (!file) throw new FileMissingError(path, this.where, 'no such file in the chosen folder');
    return readFile(file, path, this.where, onBytes);
  }
}

/** A folder that was dropped on the page; files are looked up when asked for. */
export class DroppedFiles implements Files {
  readonly where: string;

  /** `find` goes down the steps of a path, and throws where there is no such file. */
  constructor(
    name: string,
    readonly find: (steps: string[]) => Promise<File>,
  ) {
    this.where = `the folder “${name}”`;
  }

  async get(path: string, { onBytes }: GetOptions = {}): Promise<Bytes> {
    const file = await this.find(splitPath(path)).catch(() => {
      throw new FileMissingError(path, this.where, 'no such file in the dropped folder');
    });
    return readFile(file, path, this.where, onBytes);
  }
}

/** The shallowest folder that holds a head of a bundle, with a `/` at its end. */
function findRoot(paths: string[]): string {
  const roots = paths
    .map((path) => path.split('/'))
    .filter((steps) => HEADS.some((head) => head === steps.at(-1)))
    .sort((a, b) => a.length - b.length)
    .map((steps) => steps.slice(0, -1).join('/') + '/');
  if (roots[0] === undefined) {
    const chosen = paths[0]?.split('/')[0];
    throw new ViewerError(
      `The chosen folder${chosen ? ` “${chosen}”` : ''} holds neither atlas.json nor manifest.json, so it is no bundle.`,
      'Choose the folder that the export wrote: the one that holds this index.html.',
    );
  }
  return roots[0];
}

async function readFile(
  file: File,
  path: string,
  where: string,
  onBytes?: (count: number) => void,
): Promise<Bytes> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    onBytes?.(bytes.byteLength);
    return bytes;
  } catch (cause) {
    throw new ViewerError(
      `The file ${path} in ${where} could not be read.`,
      'It may have changed or gone since the folder was chosen: choose the folder again.',
      { cause },
    );
  }
}
