import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { textsInMemory } from '../../src/bundle/cells/cell_texts';
import { compositionCsv, compositionOf, totalsOf } from '../../src/state/selection/composition';
import {
  findGroups,
  groupsCsv,
  groupsJson,
  MOST_GROUPS,
  nameCells,
  readGroups,
} from '../../src/state/selection/group_files';
import { countHidden, paintGroups } from '../../src/state/selection/group_paint';
import { Groups, type Group } from '../../src/state/selection/groups';
import { MISSING } from '../../src/state/filters/mask';
import { followLink } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { streamBundle } from '../stream_fixture';

const cells = (...numbers: number[]) => Uint32Array.from(numbers);
const group = (name: string, ...numbers: number[]): Group => ({
  name,
  color: '#0072b2',
  cells: cells(...numbers),
});

describe('groups', () => {
  test('have names and colours of their own', () => {
    const groups = new Groups();
    expect(groups.freeName.value).toBe('Group 1');
    const first = groups.freeColor.value;
    groups.put({ ...group('Group 1', 1), color: first });
    expect(groups.freeName.value).toBe('Group 2');
    expect(groups.freeColor.value).not.toBe(first);
    groups.put(group('b', 2), group('Group 1', 3));
    expect(groups.list.value.map(({ name, cells }) => [name, ...cells])).toEqual([
      ['Group 1', 3],
      ['b', 2],
    ]);
    expect(groups.whyNot('c')).toBe(null);
    expect(groups.whyNot(' b ')).toContain('There is a group “b”');
    expect(groups.whyNot('b', 'b')).toBe(null);
    expect(groups.whyNot(' ')).toContain('must have a name');
    expect(groups.whyNot('x'.repeat(201))).toContain('200');
    groups.change('b', { name: 'c', color: '#ffffff' });
    expect(groups.list.value[1]).toMatchObject({ name: 'c', color: '#ffffff' });
    groups.remove('Group 1');
    expect(groups.list.value.map(({ name }) => name)).toEqual(['c']);
    expect(groups.freeName.value).toBe('Group 2');
  });

  test('colour cells, the last one where there are several', () => {
    const list = [group('a', 0, 1, 2), group('b', 2, 3)];
    const paint = paintGroups(list, 5);
    expect([...paint.values]).toEqual([0, 0, 1, 1, NaN]);
    expect([...paint.counts]).toEqual([2, 2]);
    expect([paint.nMissing, countHidden(list, paint)]).toEqual([1, 1]);
    expect([...paint.order!]).toEqual([4, 0, 1, 2, 3]);
    expect(paintGroups([], 2)).toMatchObject({ labels: [], nMissing: 2 });
  });

  test('colour the cells of a session anew when they change', async () => {
    const session = new Session(await openBundle(streamBundle()));
    session.view.size.value = { width: 800, height: 600 };
    await followLink(session, '');
    session.groups.put(group('a', 0, 1));
    await session.chooseColour({ by: 'groups' }, 'My groups');
    expect(session.colouring.current.value).toMatchObject({ label: 'My groups', paint: { labels: ['a'] } });
    session.groups.put(group('b', 1));
    await Promise.resolve();
    await Promise.resolve();
    expect(session.colouring.current.value.paint).toMatchObject({ labels: ['a', 'b'] });
    expect(session.details.of(1).rows).toContainEqual({ name: 'My groups', text: 'b', isCurrent: true });
  });
});

describe('files of groups', () => {
  const names = ['c0', 'c,1', 'c2', 'c3'];
  const ids = textsInMemory((cell) => names[cell]);
  const list = [group('a "b"', 0, 1), group('rest', 1, 3)];

  test('give back what was saved', async () => {
    const named = await nameCells(list, { ids, tissue: null, embeddings: [] });
    for (const text of [groupsCsv(named), groupsJson(named, 'five')]) {
      const found = await findGroups(readGroups(text), ids, names.length);
      expect(found.missing).toEqual([]);
      expect(found.nNames).toBe(3);
      expect(found.groups.map((each) => [each.name, ...each.cells])).toEqual([
        ['a "b"', 0, 1],
        ['rest', 1, 3],
      ]);
    }
    expect(readGroups(groupsJson(named, 'five'))[0].color).toBe('#0072b2');
  });

  test('may have other columns, and names that no cell has', async () => {
    const text = 'x,Group,cell_id\n1,g,c2\n2,,c0\n3,g,nobody\n4,g,c2\n';
    const found = await findGroups(readGroups(text), ids, names.length);
    expect(found.groups).toEqual([{ name: 'g', color: null, cells: cells(2) }]);
    expect(found.missing).toEqual(['nobody']);
  });

  test.each([
    ['a,b\n1,2', 'columns cell_id and group, and is “a,b”'],
    ['', 'columns cell_id and group'],
    [
      '{"format": "other"}',
      'not a JSON file of groups: the format of the file must be "karospace-groups", got "other"',
    ],
    [
      '{"format": "karospace-groups", "version": 1, "groups": [{"name": "", "color": "red", "cells": []}]}',
      'the name of entry 1 of the groups of the file must be at least 1 letter long, got 0.',
    ],
    ['[1', 'not a JSON file of groups'],
    [
      `cell_id,group\n${Array.from({ length: MOST_GROUPS + 1 }, (_, at) => `c,${at}`).join('\n')}`,
      'more than 500 groups',
    ],
  ])('that are none are refused: %.40s', (text, why) => {
    expect(() => readGroups(text)).toThrow(why);
  });
});

test('a composition counts categories, the most frequent first, and cells without one', () => {
  const values = { kind: 'codes' as const, codes: Uint8Array.of(0, 1, 1, 255, 2, 1), missing: 255 };
  const labels = ['a', 'b,c', 'd'];
  const totals = totalsOf(values, labels.length);
  expect([...totals]).toEqual([1, 3, 1, 1]);
  const parts = compositionOf(cells(0, 1, 2, 3), values, labels, totals);
  expect(parts).toEqual([
    { code: 1, label: 'b,c', shown: 'b,c', count: 2, total: 3 },
    { code: 0, label: 'a', shown: 'a', count: 1, total: 1 },
    { code: MISSING, label: 'missing', shown: 'missing', count: 1, total: 1 },
  ]);
  expect(compositionCsv('kind', parts)).toBe(
    'kind,cells,share,share_of_category\r\n"b,c",2,0.5,0.666667\r\na,1,0.25,1\r\n"",1,0.25,1\r\n',
  );
  expect(compositionOf(cells(), values, labels, totals)).toEqual([]);
  const renamed = compositionOf(cells(0, 1, 3), values, labels, totals, ['A', 'b,c', 'd']);
  expect(compositionCsv('kind', renamed)).toBe(
    'kind,kind (as shown),cells,share,share_of_category\r\n' +
      'a,A,1,0.333333,1\r\n"b,c","b,c",1,0.333333,0.333333\r\n"","",1,0.333333,1\r\n',
  );
});
