import { FileMissingError, ViewerError } from './errors';
import { abortedByEither } from './shared';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface GetOptions {
  /** Most bytes of the stored file: a larger one is refused before it is in memory. */
  most?: number;
  /** Called with the number of bytes received since the last call. */
  onBytes?: (count: number) => void;
  /**
   * Called with the bytes so far: if it returns true, a slow source stops there, and the beginning
   * of the file is the result.
   */
  enough?: (begin: Bytes) => boolean;
  /** Ends the request: the result is then an `AbortError`. */
  signal?: AbortSignal;
}

/** Some bytes of a file: from `offset` on, or the last ones. */
export type Range = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

/** A folder of files, on any kind of storage. Paths are relative to it and use `/`. */
export interface Files {
  /** The folder in messages, such as `https://host/bundle/`. */
  readonly where: string;
  /** What to check if nothing is found here, as a sentence. */
  readonly advice?: string;
  /** Subfolders that hold a bundle each, if this folder itself holds none and all names are known. */
  readonly roots?: readonly string[];
  /** Bytes as stored. Throws `FileMissingError` if there is no such file. */
  get(path: string, options?: GetOptions): Promise<Bytes>;
  /** Some bytes as stored, without reading the rest. Throws `FileMissingError` if there is no such file. */
  range(path: string, range: Range, options?: Pick<GetOptions, 'signal'>): Promise<Bytes>;
}

/** The same files, until a signal is aborted: all requests end then. */
export function filesUntil(closed: AbortSignal, files: Files): Files {
  return {
    where: files.where,
    advice: files.advice,
    roots: files.roots,
    get: (path, options) =>
      abortedByEither(closed, options?.signal, (signal) => files.get(path, { ...options, signal })),
    range: (path, range, options) =>
      abortedByEither(closed, options?.signal, (signal) => files.range(path, range, { signal })),
  };
}

/** The start and the exclusive end of a range, in a file of `size` bytes. */
export function extentOf(range: Range, size: number): [number, number] {
  if ('suffixLength' in range) return [Math.max(0, size - range.suffixLength), size];
  return [range.offset, range.offset + range.length];
}

/**
 * Splits a path of a bundle into its steps, and refuses a path that would leave the folder:
 * the path comes from a file that somebody else wrote.
 */
export function splitPath(path: string): string[] {
  const steps = path.split('/');
  const escapes = steps.some((step) => step === '' || step === '.' || step === '..');
  if (escapes || path.includes('\\') || /^[a-z][a-z0-9+.-]*:/i.test(path)) {
    throw new ViewerError(
      `The bundle names a file outside its folder: ${path}`,
      'The bundle is damaged, or not trustworthy: export it again.',
    );
  }
  return steps;
}

/** A folder inside another. */
export function within(files: Files, folder: string): Files {
  const prefix = splitPath(folder).join('/');
  const where = files.where.endsWith('/') ? `${files.where}${prefix}/` : `${prefix} in ${files.where}`;
  const inside = async (path: string, read: (whole: string) => Promise<Bytes>) => {
    try {
      return await read([prefix, ...splitPath(path)].join('/'));
    } catch (error) {
      if (error instanceof FileMissingError) throw new FileMissingError(path, where, error.reason);
      throw error;
    }
  };
  return {
    where,
    advice: files.advice,
    get: (path, options) => inside(path, (whole) => files.get(whole, options)),
    range: (path, range, options) => inside(path, (whole) => files.range(whole, range, options)),
  };
}
