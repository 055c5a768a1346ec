import { ViewerError } from './errors';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface GetOptions {
  /** Told how many bytes have come since it was last told. */
  onBytes?: (count: number) => void;
}

/** A folder of files, wherever it lies. Paths are relative to it and use `/`. */
export interface Files {
  /** How to call the folder in a sentence, such as `https://host/bundle/`. */
  readonly where: string;
  /** Bytes as stored. Throws `FileMissingError` where there is no such file. */
  get(path: string, options?: GetOptions): Promise<Bytes>;
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
      'This bundle is damaged or not to be trusted; export it again.',
    );
  }
  return steps;
}
