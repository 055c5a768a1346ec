import type { GeneTable } from '../../bundle/bundle';
import type { BestGenes } from '../../bundle/statistics';

/** Genes that were typed or pasted. */
export interface TypedGenes {
  readonly genes: readonly number[];
  /** Names that no gene has. */
  readonly unknown: readonly string[];
}

/**
 * Finds genes by their names, which are separated by commas, semicolons, tabs or line breaks, or else by
 * spaces. Each gene once. A name in another case is taken if only one gene has it.
 */
export function readGenes(text: string, { names, ids }: GeneTable): TypedGenes {
  const found = new Set<number>();
  const unknown = new Set<string>();
  const exact = new Map<string, number>();
  const folded = new Map<string, number | null>();
  for (const list of [names, ids ?? []]) {
    list.forEach((name, gene) => {
      if (!exact.has(name)) exact.set(name, gene);
      const known = folded.get(name.toLowerCase());
      if (known !== gene) folded.set(name.toLowerCase(), known === undefined ? gene : null);
    });
  }
  const find = (name: string) => exact.get(name) ?? folded.get(name.toLowerCase()) ?? null;
  for (const piece of text.split(/[,;\t\r\n]+/)) {
    const name = piece.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (name === '') continue;
    // The name of a gene may have spaces itself.
    const words = find(name) === null ? name.split(/\s+/) : [name];
    const isNamed = words.some((word) => find(word) !== null);
    for (const word of isNamed ? words : [name]) {
      const gene = find(word);
      if (gene !== null) found.add(gene);
      else unknown.add(word);
    }
  }
  return { genes: [...found], unknown: [...unknown] };
}

/** The first genes of each group, in the order of the groups; each gene once. */
export function bestOfEach(best: readonly BestGenes[], perGroup: number): number[] {
  return [...new Set(best.flatMap(({ genes }) => genes.slice(0, perGroup)))];
}
