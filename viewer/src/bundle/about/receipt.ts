import { FileMissingError, ViewerError } from '../../bytes/errors';
import type { Files } from '../../bytes/files';
import { readJson } from '../../bytes/json';
import { LiveFiles } from '../live/live_files';
import { readValues, type Values } from './about';
import { countOf, listOf, memberOf, textOf } from './untrusted';

/** How an export was made; null or empty for facts that were not recorded. */
export interface Receipt {
  /** The program and its version. */
  readonly generator: string;
  /** Usually an ISO date, but not checked. */
  readonly createdAt: string;
  /** Cells of the input, exported or not. */
  readonly nCellsSource: number | null;
  readonly nGenesSource: number | null;
  readonly nFiles: number | null;
  readonly nBytes: number | null;
  readonly seconds: number | null;
  /** Options that differ from their defaults, with the value as text. */
  readonly options: readonly (readonly [label: string, value: string])[];
  readonly notes: readonly string[];
  readonly values: Values | null;
  /** The error that kept the rest from being read; empty if there was none. */
  readonly failure: string;
}

const REPORT = 'report.json';
const CHECKSUMS = 'checksums.json';
/** Enough to list fifty thousand files; a larger list is not worth the wait. */
const MOST_NBYTES = 8 * 2 ** 20;
const MOST_OPTIONS = 60;
const MOST_NOTES = 50;
const MOST_TEXT = 500;

const UNKNOWN: Receipt = {
  generator: '',
  createdAt: '',
  nCellsSource: null,
  nGenesSource: null,
  nFiles: null,
  nBytes: null,
  seconds: null,
  options: [],
  notes: [],
  values: null,
  failure: '',
};

/** The facts in a manifest itself: who wrote it, and when. */
export function receiptOf(generator: unknown, createdAt: unknown, rest: Partial<Receipt> = {}): Receipt {
  return { ...UNKNOWN, generator: textOf(generator, 100), createdAt: textOf(createdAt, 40), ...rest };
}

/** Adds the facts of `report.json`, if there is one. */
export async function withReport(known: Receipt, files: Files): Promise<Receipt> {
  try {
    return { ...known, ...reported(await readOptional(files, REPORT)) };
  } catch (error) {
    if (error instanceof ViewerError) return { ...known, failure: error.message };
    throw error;
  }
}

function reported(report: unknown): Partial<Receipt> {
  const seconds = memberOf(report, 'seconds');
  return {
    nCellsSource: countOf(memberOf(report, 'n_cells_source')),
    nGenesSource: countOf(memberOf(report, 'n_genes_source')),
    nFiles: countOf(memberOf(report, 'n_objects')),
    nBytes: countOf(memberOf(report, 'nbytes')),
    seconds: typeof seconds === 'number' && seconds >= 0 ? seconds : null,
    options: listOf(memberOf(report, 'options'), MOST_OPTIONS).flatMap(pairOf),
    notes: listOf(memberOf(report, 'findings'), MOST_NOTES)
      .map((finding) => textOf(memberOf(finding, 'text'), MOST_TEXT))
      .filter((text) => text !== ''),
    values: readValues(memberOf(report, 'values')),
  };
}

/** Adds the facts of `checksums.json`, which this program writes in every format. */
export async function withChecksums(known: Receipt, files: Files): Promise<Receipt> {
  // The list may be damaged or too large; without it the receipt only shows less.
  const listing = await readOptional(files, CHECKSUMS).catch(() => undefined);
  const listed = memberOf(listing, 'files');
  if (typeof listed !== 'object' || listed === null) return known;
  const sizes = Object.values(listed).map((entry) => countOf(memberOf(entry, '0')) ?? 0);
  return {
    ...known,
    generator: textOf(memberOf(listing, 'generator'), 100) || known.generator,
    nFiles: sizes.length + 1, // it does not list itself
    nBytes: sizes.reduce((sum, size) => sum + size, 0),
    options: recordedOptions(memberOf(listing, 'options')),
  };
}

async function readOptional(files: Files, path: string): Promise<unknown> {
  try {
    // Do not wait for it while an export runs, since it is written last.
    const there = files instanceof LiveFiles ? files.files : files;
    return await readJson(there, path, { most: MOST_NBYTES });
  } catch (error) {
    if (error instanceof FileMissingError) return undefined;
    throw error;
  }
}

function pairOf(value: unknown): [string, string][] {
  const [label, text] = listOf(value, 2).map((each) => textOf(each, MOST_TEXT));
  return label && text ? [[label, text]] : [];
}

const MODES = new Map([
  ['hvgs', 'most variable'],
  ['top_mean', 'with the highest means'],
]);

/** Options that decide the contents of an export, from the record of all options. */
function recordedOptions(record: unknown): [string, string][] {
  const of = (key: string) => memberOf(record, key);
  const bits = (key: string) => countOf(memberOf(of('cellucid'), key));
  const names = (key: string) => listOf(of(key), MOST_OPTIONS).map((name) => textOf(name, MOST_TEXT));
  const found: [string, string][] = [
    ['Genes', genesInWords(of('genes'))],
    ['Annotations', names('anno').join(', ')],
    ['Numbers shown as categories', names('as_labels').join(', ')],
    ['Layer', textOf(of('layer'), MOST_TEXT)],
    ['Values of raw', of('raw') === true ? 'yes' : ''],
    ['Leave out', names('leave_out').join(', ')],
    ['Number of cells', countOf(of('downsample'))?.toLocaleString('en') ?? ''],
    ['Sections side by side', textOf(of('arrange_by'), MOST_TEXT)],
    ['Bits per gene value', String(bits('var_quantization') ?? '')],
    ['Bits per number of a column', String(bits('obs_quantization') ?? '')],
  ];
  return found.filter(([, value]) => value !== '');
}

function genesInWords(genes: unknown): string {
  if (Array.isArray(genes)) return 'by name';
  const [mode, count] = textOf(genes, MOST_TEXT).split(':');
  const words = MODES.get(mode);
  if (words) return `the ${count} ${words}`;
  return mode === 'all' ? '' : mode;
}
