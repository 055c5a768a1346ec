import * as v from 'valibot';
import type { GeneTable } from '../../bundle/bundle';
import type { ColourBy } from '../colouring/colouring';
import { MOST_BLENDED } from '../genes/blend';
import { METHODS } from '../genes/score';
import { findName } from '../lists/find_name';
import type { Session } from '../session';
import { missed, type Misses } from './misses';

/** Longer texts would make an address that browsers reject. */
const LONGEST = 4_000;

const ListsSchema = v.array(v.tuple([v.string(), v.array(v.string())]));
/** A list or set of the link or the bundle by its name, or its genes if there is none. */
const ListSchema = v.tuple([v.string(), v.picklist(METHODS), v.optional(v.array(v.string()))]);
const EndSchema = v.pipe(v.number(), v.finite());
const BlendSchema = v.pipe(
  v.array(v.union([v.string(), v.tuple([v.string(), EndSchema, EndSchema])])),
  v.minLength(2),
  v.maxLength(MOST_BLENDED),
);

/** The lists that fit the link, in their order. */
export function linkedLists(
  { geneLists }: Session,
  longest = LONGEST,
): {
  readonly text: string | null;
  readonly leftOut: string[];
} {
  const { list, table } = geneLists;
  const entries: [string, string[]][] = [];
  const leftOut: string[] = [];
  for (const { name, genes } of list.value) {
    const entry: [string, string[]] = [name, genes.map((gene) => table.value?.names[gene] ?? '')];
    if (JSON.stringify([...entries, entry]).length <= longest) entries.push(entry);
    else leftOut.push(name);
  }
  return { text: entries.length > 0 ? JSON.stringify(entries) : null, leftOut };
}

/** Writes `lists=`, `genelist=` for what is looked at, and `list=` or `blend=` for the colours. */
export function writeGenes(session: Session, link: URLSearchParams, longest = LONGEST): void {
  const { geneLists, colouring } = session;
  const names = geneLists.table.value?.names;
  const { text, leftOut } = linkedLists(session, longest);
  if (text !== null) link.set('lists', text);
  const chosen = geneLists.chosen.value;
  if (chosen !== null && !leftOut.includes(chosen)) link.set('genelist', chosen);
  const { by, paint } = colouring.current.value;
  if (by.by === 'list') {
    const known = leftOut.includes(by.name) ? null : geneLists.find(by.name);
    const isSame = known?.genes.join() === by.genes.join();
    const genes = isSame ? [] : [by.genes.map((gene) => names?.[gene] ?? '')];
    const whole = JSON.stringify([by.name, by.method, ...genes]);
    if (whole.length <= longest) link.set('list', whole);
  }
  if (paint.kind === 'blend') {
    const ranges = colouring.chosenBlend.value;
    const entries = paint.genes.map(({ name }, gene) => {
      const range = ranges[gene];
      return range ? [name, ...range.map((end) => Number(end.toPrecision(7)))] : name;
    });
    link.set('blend', JSON.stringify(entries));
  }
}

/** Adds the lists of the link. */
export async function readGenes(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const { geneLists } = session;
  const text = link.get('lists');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ListsSchema), text);
  if (!parsed.success) missed(misses, link, 'lists', 'the gene lists');
  if (parsed.success) {
    const table = await session.loadGenes();
    for (const [name, genes] of parsed.output)
      geneLists.put({ name, genes: numbersOf(genes, table, misses) });
  }
  const chosen = link.get('genelist');
  if (chosen !== null) await session.loadSets();
  geneLists.chosen.value = geneLists.find(chosen)?.name ?? null;
  if (geneLists.chosen.peek() === null) missed(misses, link, 'genelist', 'the gene list');
}

/** The list or blend that colours the cells; null if the link has none that can. */
export async function geneColours(
  session: Session,
  link: URLSearchParams,
  misses: Misses,
): Promise<ColourBy | null> {
  if (link.get('list') !== null) {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ListSchema), link.get('list'));
    if (!parsed.success) missed(misses, link, 'list', 'the gene list of colours');
    else {
      const [name, method, named] = parsed.output;
      const table = await session.loadGenes();
      if (!named) await session.loadSets();
      const genes = named ? numbersOf(named, table, misses) : (session.geneLists.find(name)?.genes ?? []);
      if (genes.length > 0) return { by: 'list', name, genes, method };
      misses.add('the gene list of colours', name);
    }
  }
  if (link.get('blend') === null) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), BlendSchema), link.get('blend'));
  if (!parsed.success) {
    missed(misses, link, 'blend', 'the blended genes');
    return null;
  }
  const wanted = parsed.output.map((entry) => (typeof entry === 'string' ? entry : entry[0]));
  const genes = numbersOf(wanted, await session.loadGenes(), misses);
  return genes.length === wanted.length ? { by: 'blend', genes } : null;
}

/** The ranges of the blend in a link. */
export function readBlendRanges({ colouring }: Session, link: URLSearchParams): void {
  if (colouring.current.peek().paint.kind !== 'blend') return;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), BlendSchema), link.get('blend'));
  if (parsed.success)
    colouring.chosenBlend.value = parsed.output.map((entry) =>
      typeof entry === 'string' || entry[1] >= entry[2] ? null : [entry[1], entry[2]],
    );
}

/** The numbers of genes with names, each once; the others are reported. */
export function numbersOf(wanted: readonly string[], { names, ids }: GeneTable, misses: Misses): number[] {
  const numbers = new Map(names.map((name, gene) => [name, gene]));
  const found = new Set<number>();
  for (const name of wanted) {
    const { index, similar } = numbers.has(name)
      ? { index: numbers.get(name)!, similar: [] }
      : findName(ids ? [names, ids] : [names], name);
    if (index >= 0) found.add(index);
    else misses.add('the gene', name, similar);
  }
  return [...found];
}
