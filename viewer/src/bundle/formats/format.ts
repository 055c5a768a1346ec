import type { Mark } from '../../bytes/folder/marks';
import type { Bytes, Files } from '../../bytes/files';
import type { Bundle, OnProgress } from '../bundle';

/** The name of a format, and how to recognise it. The exporter reads this too: it must not import a reader. */
export interface Format {
  /** As in the command line and `datasets.json`. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Files by which a bundle is recognised; one is enough. */
  readonly marks: readonly Mark[];
  /** Rarer marks, tried last: each missing file costs a request and a line in the browser's console. */
  readonly rareMarks: readonly Mark[];
}

/** Opens bundles of one format. */
export interface FormatReader {
  /** `json` is the content of the file `mark`. */
  open(files: Files, mark: string, json: unknown, onProgress?: OnProgress): Promise<Bundle>;
  /** By mark: returns JSON to read in place of a long file if its beginning is enough, else null. */
  readonly excerpts?: Readonly<Record<string, (begin: Bytes) => string | null>>;
}
