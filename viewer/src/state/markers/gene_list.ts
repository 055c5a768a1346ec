import type { GeneTable } from '../../bundle/bundle';
import type { BestGenes } from '../../bundle/statistics';

/** Genes that were typed or pasted. */
export interface TypedGenes {
  readonly genes: readonly number[];
  /** Names that no gene has. */
  readonly unknown: readonly string[];
  /** Names of genes that are there more than once, under any name, as they were typed last. */
  readonly repeated: readonly string[];
}

/**
 * Finds genes by their names, which are separated by commas, semicolons, tabs or line breaks, or else by spaces,
 * bars or slashes. Quotes, and what R and Python write around a list, are left out. Each gene once. A name in another
 * case is taken if only one gene has it.
 */
export function readGenes(text: string, table: GeneTable): TypedGenes {
  const found = new Set<number>();
  const unknown = new Set<string>();
  const repeated = new Set<string>();
  const find = finderOf(table);
  for (const piece of text.split(/[,;\t\r\n]+/)) {
    for (const name of namesIn(piece, find)) {
      const gene = find(name);
      if (gene === null) unknown.add(name);
      else if (found.has(gene)) repeated.add(name);
      else found.add(gene);
    }
  }
  return { genes: [...found], unknown: [...unknown], repeated: [...repeated] };
}

type Find = (name: string) => number | null;

/** The names in a piece of text: it is split further only if that finds something. */
function namesIn(piece: string, find: Find): string[] {
  const raw = piece.trim();
  if (raw === '' || find(raw) !== null) return raw === '' ? [] : [raw];
  const name = unwrapped(raw);
  // The name of a gene may have spaces itself.
  if (name === '' || find(name) !== null) return name === '' ? [] : [name];
  for (const between of [/\s+/, /[|/\s]+/]) {
    const words = raw.split(between).map(unwrapped).filter(Boolean);
    if (words.some((word) => find(word) !== null)) return words;
  }
  return [name];
}

function unwrapped(text: string): string {
  return text
    .replace(/^(?:\w+\s*(?:=|<-)\s*)?(?:c|list|set|tuple)?[[({]+|[\])}]+$/g, '')
    .trim()
    .replace(/^(["'‘“])(.*)["'’”]$/, '$2')
    .trim();
}

const finders = new WeakMap<GeneTable, Find>();

function finderOf(table: GeneTable): Find {
  const ready = finders.get(table);
  if (ready) return ready;
  const exact = new Map<string, number>();
  const folded = new Map<string, number | null>();
  for (const list of [table.names, table.ids ?? []]) {
    list.forEach((name, gene) => {
      if (!exact.has(name)) exact.set(name, gene);
      const known = folded.get(name.toLowerCase());
      if (known !== gene) folded.set(name.toLowerCase(), known === undefined ? gene : null);
    });
  }
  const find: Find = (name) => exact.get(name) ?? folded.get(name.toLowerCase()) ?? null;
  finders.set(table, find);
  return find;
}

/** The first genes of each group, in the order of the groups; each gene once. */
export function bestOfEach(best: readonly BestGenes[], perGroup: number): number[] {
  return [...new Set(best.flatMap(({ genes }) => genes.slice(0, perGroup)))];
}
