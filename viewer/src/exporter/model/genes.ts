export type GeneMode = 'all' | 'hvgs' | 'top_mean' | 'list' | 'none';

/** `--genes`, parsed: `hvgs:500` is a mode and a number, `list:PATH` a mode and a path. */
export interface GeneChoice {
  mode: GeneMode;
  text: string;
}

const MODES: readonly GeneMode[] = ['all', 'hvgs', 'top_mean', 'list', 'none'];

export function readGenes(value: string): GeneChoice {
  const at = value.indexOf(':');
  const word = at < 0 ? value : value.slice(0, at);
  const mode = MODES.find((each) => each === word) ?? 'all';
  return { mode, text: at < 0 ? '' : value.slice(at + 1) };
}

export function writeGenes({ mode, text }: GeneChoice): string {
  return mode === 'all' || mode === 'none' ? mode : `${mode}:${text}`;
}

/**
 * Reads names from pasted text: one a line, or separated by tabs, commas or semicolons. Quotes are
 * removed, and repeated names. A line that is a known name as a whole is not split.
 */
export function readNames(text: string, known: ReadonlySet<string>): string[] {
  const names = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line) => (known.has(line) || known.has(line.trim()) ? [line] : line.split(/[\t,;]/)))
    .map((name) => (known.has(name) ? name : name.trim().replace(/^(["'])(.*)\1$/, '$2')))
    .filter((name) => name !== '');
  return [...new Set(names)];
}

export function missingNames(names: readonly string[], known: ReadonlySet<string>): string[] {
  return names.filter((name) => !known.has(name));
}
