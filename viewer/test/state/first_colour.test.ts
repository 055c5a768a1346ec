import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ColumnInfo } from '../../src/bundle/bundle';
import { isPassedOver, labelRank, promisesLabels } from '../../src/bundle/column_names';
import { firstColour } from '../../src/state/colouring/first_colour';

interface Names {
  readonly labels: Readonly<Record<string, number | null>>;
  readonly passed_over: readonly string[];
  readonly whole_numbers: Readonly<Record<string, boolean>>;
}
const NAMES = JSON.parse(
  readFileSync(new URL('../../../tests/select/column_names.json', import.meta.url), 'utf8'),
) as Names;

function label(name: string, n = 2): ColumnInfo {
  return { name, kind: 'category', categories: Array.from({ length: n }, (_, at) => `${at}`), colors: null };
}

function first(columns: readonly ColumnInfo[], isOrdered = false): string | null {
  const by = firstColour({ columns, isOrdered });
  return by.by === 'column' ? columns[by.index].name : null;
}

describe('names', () => {
  test('promise what the exporter reads in them', () => {
    const found = Object.keys(NAMES.labels).map((name) => [name, labelRank(name)]);
    expect(Object.fromEntries(found)).toEqual(NAMES.labels);
  });

  test('say that whole numbers are labels where the exporter thinks so', () => {
    const found = Object.keys(NAMES.whole_numbers).map((name) => [name, promisesLabels(name)]);
    expect(Object.fromEntries(found)).toEqual(NAMES.whole_numbers);
  });

  test('of terms, colours and ids are passed over', () => {
    expect(NAMES.passed_over.filter((name) => !isPassedOver(name))).toEqual([]);
    expect(Object.keys(NAMES.labels).filter(isPassedOver)).toEqual([]);
  });
});

describe('the first colour', () => {
  test('is the label that a person would choose', () => {
    const columns = [label('cell_type_ontology_term_id', 9), label('donor_id'), label('leiden', 9)];
    expect(first(columns)).toBe('leiden');
    expect(first([...columns, label('author_cell_type', 9), label('cell_type', 9)])).toBe('cell_type');
  });

  test('is the first one where the order was chosen', () => {
    expect(first([label('donor_id'), label('cell_type')], true)).toBe('donor_id');
  });

  test('has more than one category, and not one for each cell', () => {
    for (const isOrdered of [true, false]) {
      expect(first([label('assay', 1), label('batch')], isOrdered)).toBe('batch');
      expect(first([label('clone', 5000), label('batch')], isOrdered)).toBe('batch');
    }
    expect(first([label('sample', 300), label('batch')])).toBe('batch');
  });

  test('is a flag or a number where there is no label', () => {
    const number: ColumnInfo = { name: 'n_counts', kind: 'number' };
    expect(first([label('assay', 1), number])).toBe('n_counts');
    expect(first([number, { name: 'is_doublet', kind: 'bool' }])).toBe('is_doublet');
    expect(first([{ name: 'id', kind: 'string' }, label('clone', 5000)])).toBe('clone');
    expect(first([])).toBe(null);
  });

  test('is the first flag or number where the order was chosen', () => {
    const columns: ColumnInfo[] = [
      { name: 'n_counts', kind: 'number' },
      { name: 'in_tissue', kind: 'bool' },
    ];
    expect(first(columns, true)).toBe('n_counts');
    expect(first([...columns, label('donor')], true)).toBe('donor');
  });

  test('is never a category that all cells share', () => {
    for (const isOrdered of [true, false]) {
      expect(first([{ name: 'id', kind: 'string' }, label('assay', 1)], isOrdered)).toBe(null);
    }
  });
});
