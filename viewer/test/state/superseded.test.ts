import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import type { ColourBy } from '../../src/state/colouring/colouring';
import { followLink } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { settled, SlowFiles } from '../slow_files';
import { statisticsBundle } from '../statistics_fixture';
import { streamBundle } from '../stream_fixture';

/** A session that is open, and whose host has become slow. */
async function openSlowly(files = streamBundle()): Promise<[Session, SlowFiles]> {
  const slow = new SlowFiles(files);
  const session = new Session(await openBundle(slow));
  await followLink(session, '');
  slow.answers = 0;
  return [session, slow];
}

const gene = (index: number): ColourBy => ({ by: 'gene', index });
const aboveOne = {
  kind: 'gene',
  gene: 1,
  name: 'g',
  low: 1,
  high: null,
  withMissing: false,
  isOn: true,
} as const;

describe('what is not wanted any more', () => {
  test('is given up when other colours are chosen, and is no problem', async () => {
    const [session, slow] = await openSlowly();
    const chosen = [0, 1, 2].map((index) => session.chooseColour(gene(index), `gene ${index}`));
    await settled();
    expect(slow.waiting.filter((path) => path.includes('gene_'))).toEqual([
      'a/gene_00002_part_000.bin.gz',
      'a/gene_00002_part_001.bin.gz',
    ]);
    slow.release();
    await Promise.all(chosen);
    expect(session.colouring.current.value.by).toEqual(gene(2));
    expect([session.problem.value, session.busy.value]).toEqual([null, null]);
  });

  test('is given up when what is drawn already is chosen', async () => {
    const [session, slow] = await openSlowly();
    const before = session.colouring.current.value.by;
    const chosen = session.chooseColour(gene(1), 'gene');
    await Promise.all([session.chooseColour(before, 'column'), chosen]);
    expect(slow.waiting).toEqual([]);
    expect([session.colouring.wanted.value, session.busy.value]).toEqual([before, null]);
  });

  test('is loaded for a filter that wants it', async () => {
    const [session, slow] = await openSlowly();
    const column: ColourBy = { by: 'column', index: 0 };
    const colours = session.chooseColour(gene(1), 'gene');
    const filtered = session.filter(aboveOne);
    const other = session.chooseColour(column, 'column');
    slow.release();
    await Promise.all([colours, filtered, other]);
    expect([session.filters.nShown.value, session.problem.value]).toEqual([4, null]);
    expect(session.colouring.current.value.by).toEqual(column);
  });

  test('is given up with the filters that want it', async () => {
    const [session, slow] = await openSlowly();
    const filtered = session.filter(aboveOne);
    await settled();
    expect(slow.waiting).not.toEqual([]);
    session.filters.clear();
    await filtered;
    expect(slow.waiting).toEqual([]);
    expect([session.filters.all.value, session.problem.value]).toEqual([[], null]);
  });

  test('of earlier filters, only what is wanted by none is given up', async () => {
    const [session, slow] = await openSlowly();
    const first = session.filters.restore([aboveOne]);
    await settled();
    const both = session.filters.restore([{ ...aboveOne, kind: 'gene', gene: 2 }, aboveOne]);
    await settled();
    slow.release();
    await Promise.all([first, both]);
    expect(session.filters.all.value).toHaveLength(2);
    expect([session.filters.nShown.value, session.problem.value]).toEqual([4, null]);
  });

  test('is given up when another group or other genes are chosen', async () => {
    const [session, slow] = await openSlowly(statisticsBundle());
    const { markers } = session;
    const load = () => session.during('markers', 'Loading markers', () => markers.loadTable());
    const plot = () => session.during('plot', 'Loading the plot', () => markers.loadPlot());
    markers.plotsBest.value = false;
    markers.typed.value = '__proto__';
    const first = [load(), plot()];
    await settled();
    markers.choose(0, 1);
    const others = [load(), plot()];
    await settled();
    expect(slow.waiting.filter((path) => path.includes('rank'))).toHaveLength(1);
    slow.release();
    await Promise.all([...first, ...others]);
    expect([markers.table.value?.group, markers.plot.value?.genes]).toEqual([1, [1]]);
    expect([session.problem.value, session.busy.value]).toEqual([null, null]);
  });
});

describe('what is chosen twice', () => {
  const SAME = gene(1);
  test.each([
    ['colours', (session: Session) => session.chooseColour(SAME, 'gene')],
    ['a column of names', (session: Session) => session.nameCategories(2)],
  ])('is loaded once, and shown: %s', async (_, choose) => {
    const [session, slow] = await openSlowly();
    session.names.on.value = true;
    const both = [choose(session), choose(session)];
    slow.release();
    await Promise.all(both);
    const isGene = session.colouring.current.value.by === SAME;
    const isNamed = session.names.named.value?.column === 2;
    expect([isGene || isNamed, session.problem.value]).toEqual([true, null]);
  });
});
