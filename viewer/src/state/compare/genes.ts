import type { Bundle } from '../../bundle/bundle';
import type { GeneLists } from '../genes/gene_lists';
import { readGenes } from '../markers/gene_list';
import { loadVariable } from '../markers/variable';

/** The genes to compare. */
export type GeneChoice =
  | { readonly of: 'all' }
  | { readonly of: 'variable'; readonly count: number }
  /** Names as they were typed. */
  | { readonly of: 'typed'; readonly text: string }
  /** A list of the user, or a set of the bundle. */
  | { readonly of: 'list'; readonly name: string };

export interface ChosenGenes {
  /** Ascending, so that genes that are stored together are read together. */
  readonly genes: readonly number[];
  /** Typed names that no gene has. */
  readonly unknown: readonly string[];
  /** Such as `all 2,000 genes`. */
  readonly what: string;
}

/** Whether it is known how much the genes vary. */
export async function hasVariable(bundle: Bundle): Promise<boolean> {
  return rankedBy(bundle) !== null || scoresOf((await bundle.genes()).variable) !== undefined;
}

export async function chooseGenes(
  bundle: Bundle,
  lists: GeneLists,
  choice: GeneChoice,
): Promise<ChosenGenes> {
  switch (choice.of) {
    case 'all':
      return { genes: [...Array(bundle.nGenes).keys()], unknown: [], what: 'all genes' };
    case 'variable':
      return {
        genes: await mostVariable(bundle, choice.count),
        unknown: [],
        what: 'the most variable genes',
      };
    case 'typed': {
      const { genes, unknown } = readGenes(choice.text, await bundle.genes());
      return { genes: ascending(genes), unknown, what: 'typed names' };
    }
    case 'list': {
      const list = lists.find(choice.name);
      return { genes: ascending(list?.genes ?? []), unknown: [], what: `the list ${choice.name}` };
    }
  }
}

function ascending(genes: readonly number[]): readonly number[] {
  return [...new Set(genes)].sort((a, b) => a - b);
}

async function mostVariable(bundle: Bundle, count: number): Promise<readonly number[]> {
  const scores = scoresOf((await bundle.genes()).variable) ?? (await computedScores(bundle));
  const ranked = [...scores.keys()].filter((gene) => Number.isFinite(scores[gene] ?? NaN));
  ranked.sort((a, b) => Number(scores[b]) - Number(scores[a]) || a - b);
  return ascending(ranked.slice(0, count));
}

/** The numbers by which the exported genes were chosen, if they were. */
function scoresOf(variable: Awaited<ReturnType<Bundle['genes']>>['variable']) {
  return variable?.columns.dispersions_norm ?? variable?.columns.variances_norm;
}

/** The grouping whose variances rank the genes. */
function rankedBy({ statistics }: Bundle): number | null {
  const found = statistics?.groupings.findIndex(({ hasVariances, nCells }) => hasVariances && nCells) ?? -1;
  return found < 0 ? null : found;
}

/** As in the table of variable genes: how far each is above those with a similar mean. */
async function computedScores(bundle: Bundle): Promise<ArrayLike<number> & { keys(): Iterable<number> }> {
  const grouping = rankedBy(bundle);
  if (grouping === null) return [];
  return (await loadVariable(bundle.statistics!, grouping)).columns[0].values;
}
