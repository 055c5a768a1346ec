import { FileMissingError, ViewerError } from './errors';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface GetOptions {
  /** Bytes that the file may have as stored: a larger one is refused before it is held. */
  most?: number;
  /** Called with the number of bytes received since the last call. */
  onBytes?: (count: number) => void;
  /**
   * Told what has come so far: when it says yes, a slow source stops there, and the beginning
   * of the file is what is given.
   */
  enough?: (begin: Bytes) => boolean;
}

/** Some bytes of a file: from `offset` on, or the last ones. */
export type Range = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

/** A folder of files, wherever it lies. Paths are relative to it and use `/`. */
export interface Files {
  /** How to call the folder in a sentence, such as `https://host/bundle/`. */
  readonly where: string;
  /** What to check when nothing is found here, as a sentence. */
  readonly advice?: string;
  /** Folders below that hold a bundle each, where the folder itself holds none and all names are known. */
  readonly roots?: readonly string[];
  /** Bytes as stored. Throws `FileMissingError` where there is no such file. */
  get(path: string, options?: GetOptions): Promise<Bytes>;
  /** Some bytes as stored, without reading the rest. Throws `FileMissingError` where there is no such file. */
  range(path: string, range: Range): Promise<Bytes>;
}

/** The first byte of a range and the one after its last, in a file of `size` bytes. */
export function extentOf(range: Range, size: number): [number, number] {
  if ('suffixLength' in range) return [Math.max(0, size - range.suffixLength), size];
  return [range.offset, range.offset + range.length];
}

/**
 * Cuts a bundle's path into its steps, and refuses one that would leave the folder:
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
    range: (path, range) => inside(path, (whole) => files.range(whole, range)),
  };
}
