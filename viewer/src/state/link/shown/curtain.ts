import * as v from 'valibot';
import type { CurtainBy } from '../../colouring/curtain';
import { findName } from '../../lists/find_name';
import type { Session } from '../../session';
import type { Misses } from '../misses';

const CurtainSchema = v.object({
  column: v.optional(v.string()),
  gene: v.optional(v.string()),
  /** Where the line is, as a share of the width. */
  at: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.5),
});

/** Writes `curtain=`, as JSON: the second colouring of the stage, and where it begins. */
export function writeCurtain({ curtain }: Session, link: URLSearchParams): void {
  if (!curtain.isDrawn.value) return;
  const { by, label } = curtain.colouring.current.value;
  const at = Number(curtain.at.value.toFixed(3));
  link.set('curtain', JSON.stringify({ [by.by]: label, ...(at !== 0.5 && { at }) }));
}

/** Draws the curtain that `curtain=` describes, or takes it away. */
export async function readCurtain(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const text = link.get('curtain');
  if (text === null) {
    if (session.curtain.wanted.peek()) await session.chooseCurtain(null);
    return;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), CurtainSchema), text);
  if (!parsed.success) return misses.add('the curtain', text);
  const { column, gene, at } = parsed.output;
  const by =
    gene === undefined ? columnOf(session, column ?? '', misses) : await geneOf(session, gene, misses);
  if (!by) return;
  session.curtain.move(at);
  await session.chooseCurtain(by, gene ?? column);
}

function columnOf({ bundle }: Session, name: string, misses: Misses): CurtainBy | null {
  const usable = [...bundle.columns.keys()].filter((index) => bundle.columns[index].kind !== 'string');
  const { index, similar } = findName([usable.map((each) => bundle.columns[each].name)], name);
  if (index >= 0) return { by: 'column', index: usable[index] };
  misses.add('the column of the curtain', name, similar);
  return null;
}

async function geneOf({ bundle }: Session, name: string, misses: Misses): Promise<CurtainBy | null> {
  const { names, ids } = await bundle.genes();
  const { index, similar } = findName(ids ? [names, ids] : [names], name);
  if (index >= 0) return { by: 'gene', index };
  misses.add('the gene of the curtain', name, similar);
  return null;
}
