import * as v from 'valibot';
import type { Side } from '../../compare/sides';
import { COMPARE_TESTS } from '../../compare/result';
import { KINDS } from '../../compare/scatter';
import type { Session } from '../../session';
import { labelsOf } from '../../texts/cell_value';
import type { Misses } from '../misses';
import { definePart } from './part';

const SideSchema = v.variant('is', [
  v.object({ is: v.picklist(['selection', 'rest']) }),
  v.object({ is: v.literal('group'), name: v.string() }),
  v.object({ is: v.literal('category'), column: v.string(), category: v.string() }),
]);
type Saved = v.InferOutput<typeof SideSchema>;

/** Longer texts would make an address that browsers reject. */
const LONGEST_LINKED = 4_000;

/** What is to be compared, for a link: all genes instead of too many names. */
export function linkedComparison(session: Session): object {
  const compare = comparePart.save(session) as object;
  return hasLongNames(session) ? { ...compare, genes: { of: 'all' } } : compare;
}

function isShown({ drawer, panels }: Session): boolean {
  return drawer.open.value === 'compare' || panels.panelOf('compare') !== null;
}

function hasLongNames({ compare }: Session): boolean {
  return JSON.stringify(compare.genes.value).length > LONGEST_LINKED;
}

/** What is to be compared; results are computed anew. */
export const comparePart = definePart({
  key: 'compare',
  name: 'the comparison',
  schema: v.object({
    sides: v.tuple([SideSchema, SideSchema]),
    genes: v.variant('of', [
      v.object({ of: v.literal('all') }),
      v.object({ of: v.literal('variable'), count: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
      v.object({ of: v.literal('typed'), text: v.string() }),
      v.object({ of: v.literal('list'), name: v.string() }),
    ]),
    test: v.picklist(COMPARE_TESTS),
    tieCorrect: v.boolean(),
    look: v.picklist(['table', ...KINDS]),
    open: v.boolean(),
  }),
  save: (session) => {
    const { sides, genes, test, tieCorrect, look } = session.compare;
    const [first, second] = sides.value;
    return {
      sides: [saved(session, first), saved(session, second)] as [Saved, Saved],
      genes: genes.value,
      test: test.value,
      tieCorrect: tieCorrect.value,
      look: look.value,
      open: session.drawer.open.value === 'compare',
    };
  },
  load: async (session, value, misses) => {
    const { compare, drawer } = session;
    const [first, second] = compare.sides.peek();
    compare.sides.value = [
      (await found(session, value.sides[0], misses)) ?? first,
      (await found(session, value.sides[1], misses)) ?? second,
    ];
    compare.genes.value = value.genes;
    compare.test.value = value.test;
    compare.tieCorrect.value = value.tieCorrect;
    compare.look.value = value.look;
    if (value.open) drawer.open.value = 'compare';
  },
  notInLink: (session) =>
    isShown(session) && hasLongNames(session) ? ['the names of the compared genes'] : [],
});

function saved({ bundle }: Session, side: Side): Saved {
  if (side.is !== 'category') return side;
  const info = bundle.columns[side.column];
  return { is: 'category', column: info.name, category: labelsOf(info)[side.code] ?? '' };
}

/** The side in this bundle; null if it has nothing of that name. */
async function found({ bundle }: Session, side: Saved, misses: Misses): Promise<Side | null> {
  if (side.is === 'group') return side;
  if (side.is !== 'category') return { is: side.is };
  const column = bundle.columns.findIndex(
    ({ name, kind }) => name === side.column && (kind === 'category' || kind === 'bool'),
  );
  if (column < 0) {
    misses.add('the compared column', side.column);
    return null;
  }
  // The names of categories may be known only once the column is loaded.
  await bundle.column(column).catch(() => {});
  const code = labelsOf(bundle.columns[column]).indexOf(side.category);
  if (code >= 0) return { is: 'category', column, code };
  misses.addCategories(side.column, [side.category]);
  return null;
}
