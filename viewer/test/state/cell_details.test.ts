import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { followLink, linkOf } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { HOSTILE, streamBundle } from '../stream_fixture';

/** Columns of the fixture. */
const [KIND, AREA, PRIMARY, BARCODE] = [0, 1, 2, 3];

async function opened(link = '', change: Parameters<typeof streamBundle>[0] = undefined) {
  const files = streamBundle(change);
  const session = new Session(await openBundle(files));
  session.view.size.value = { width: 800, height: 600 };
  await followLink(session, link);
  files.asked.length = 0;
  return { session, files };
}

const rowsOf = (session: Session, cell: number) =>
  session.details.of(cell).rows.map(({ name, text }) => [name, text]);

describe('what is told of a cell', () => {
  test('is what is in memory, and asks for nothing', async () => {
    const { session, files } = await opened();
    await session.chooseColour({ by: 'gene', index: 1 }, '__proto__');
    await session.hide(PRIMARY, new Set([0]));
    await session.nameCategories(KIND);
    session.names.on.value = true;
    files.asked.length = 0;
    expect(rowsOf(session, 3)).toEqual([
      ['__proto__', '3'],
      ['__proto__', 'T'],
      ['primary', 'true'],
    ]);
    expect(rowsOf(session, 2)).toEqual([
      ['__proto__', '2'],
      ['__proto__', '—'],
      ['primary', '—'],
    ]);
    expect(session.details.of(3)).toMatchObject({ id: null, nMore: 0 });
    expect(files.asked).toEqual([]);
  });

  test('begins with what the colours are of', async () => {
    const { session } = await opened('column=primary&labels=1');
    await session.nameCategories(KIND);
    const { rows } = session.details.of(4);
    expect(rows).toEqual([
      { name: 'primary', text: 'false', isCurrent: true },
      { name: '__proto__', text: 'T', isCurrent: false },
    ]);
  });

  test('has the columns that the user chose, loaded once and until they are let go', async () => {
    const { session, files } = await opened();
    await session.chooseDetails([AREA]);
    expect(files.asked).toEqual(['a/number_0.bin.gz', 'a/number_1.bin.gz']);
    await session.chooseDetails([AREA, PRIMARY]);
    expect(rowsOf(session, 4)).toEqual([
      ['__proto__', 'T'],
      ['area', '1.5'],
      ['primary', 'false'],
    ]);
    await session.chooseDetails([PRIMARY]);
    expect(rowsOf(session, 4).map(([name]) => name)).toEqual(['__proto__', 'primary']);
  });

  test('stays as it was where a column cannot be loaded', async () => {
    const { session, files } = await opened();
    await session.chooseDetails([PRIMARY]);
    files.files.delete('a/number_0.bin.gz');
    await session.chooseDetails([PRIMARY, AREA]);
    expect(session.problem.value).toMatchObject({ path: 'a/number_0.bin.gz' });
    expect(session.details.chosen.value).toEqual([PRIMARY]);
  });

  test('is what was chosen last, whatever comes first', async () => {
    const { session } = await opened();
    await Promise.all([session.chooseDetails([AREA]), session.chooseDetails([KIND])]);
    expect(session.details.chosen.value).toEqual([KIND]);
  });

  test('is not too much', async () => {
    const more = (atlas: Record<string, unknown>) => {
      const columns = atlas.columns as { name: string }[];
      for (let at = 0; at < 20; at++) columns.push({ ...columns[AREA], name: `more ${at}` });
    };
    const { session } = await opened('', more);
    await session.chooseDetails(Array.from({ length: 20 }, (_, at) => 4 + at));
    const { rows, nMore } = session.details.of(0);
    expect([rows.length, nMore]).toEqual([12, 9]);
  });
});

describe('the name of a cell', () => {
  test('comes with a click, with those of its part, and texts that were chosen', async () => {
    const { session, files } = await opened();
    await session.chooseDetails([BARCODE]);
    expect(files.asked).toEqual([]);
    expect(session.details.of(4)).toMatchObject({ id: null, lacking: 20 });
    expect(rowsOf(session, 4)).toContainEqual(['barcode', null]);
    await session.loadTexts(4);
    expect(files.asked).toEqual(['a/ids_1.bin.gz', 'a/string_1.bin.gz']);
    expect(session.details.of(4)).toMatchObject({ id: 'c4', lacking: 0 });
    expect(session.details.of(3)).toMatchObject({ id: 'c3', lacking: 0 });
    expect(rowsOf(session, 3)).toContainEqual(['barcode', 'd']);
    expect(session.details.of(0)).toMatchObject({ id: null, lacking: 20 });
    await session.loadTexts(3);
    expect(files.asked).toHaveLength(2);
  });

  test('comes by itself only where that is little', async () => {
    const sized = (size_bytes: number) => (atlas: Record<string, unknown>) => {
      const { parts } = atlas.cell_ids as { parts: { size_bytes: number }[] };
      for (const part of parts) part.size_bytes = size_bytes;
    };
    expect((await opened('', sized(100_000))).session.details.isSmall(0)).toBe(true);
    expect((await opened('', sized(100_001))).session.details.isSmall(0)).toBe(false);
    const { session } = await opened();
    await session.loadTexts(0);
    expect(session.details.isSmall(0)).toBe(false);
  });

  test('that is in no part is missed when it is asked for, not before', async () => {
    const { session } = await opened('', (atlas) => (atlas.cell_ids = { parts: [] }));
    expect(session.details.of(0)).toMatchObject({ id: null, lacking: null });
    await session.loadTexts(0);
    expect(String(session.problem.value)).toContain('no part holds cell 0');
  });
});

describe('a link', () => {
  test('carries the columns of the tooltip, whatever they are called', async () => {
    const { session } = await opened(`gene=${encodeURIComponent(HOSTILE[0])}`);
    await session.chooseDetails([BARCODE, KIND]);
    const { session: other } = await opened(linkOf(session).value);
    expect(other.details.chosen.value).toEqual([BARCODE, KIND]);
    expect(linkOf(other).value).toBe(linkOf(session).value);
    await followLink(other, '');
    expect(other.details.chosen.value).toEqual([]);
  });

  test.each(['tooltip=x', 'tooltip=["absent"]', 'tooltip=[1]'])('that says %s is missed', async (link) => {
    const { session } = await opened(link);
    expect(session.details.chosen.value).toEqual([]);
    expect(session.missed.value?.message).toContain('of the tooltip');
  });
});
