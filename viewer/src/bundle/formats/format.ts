import type { Mark } from '../../bytes/folder/marks';
import type { Bytes, Files } from '../../bytes/files';
import type { Bundle, OnProgress } from '../bundle';

/** A format by name, and how to recognise it. The exporter reads this too: it must not import a reader. */
export interface Format {
  /** As the command line and `datasets.json` write it. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Files of which one is enough to recognise a bundle. */
  readonly marks: readonly Mark[];
  /** More of them, looked for last: each missing file costs a request and a line in the browser's console. */
  readonly rareMarks: readonly Mark[];
}

/** Opens bundles of one format. */
export interface FormatReader {
  /** `json` is the content of the file `mark`. */
  open(files: Files, mark: string, json: unknown, onProgress?: OnProgress): Promise<Bundle>;
  /** By mark: the JSON to read in place of a long file, if its beginning is enough; else null. */
  readonly excerpts?: Readonly<Record<string, (begin: Bytes) => string | null>>;
}
