import { describe, expect, test } from 'vitest';
import { isDrawnOver } from '../../src/state/colouring/drawn_over';
import { orderByValue, orderMissingFirst } from '../../src/state/colouring/order';
import { paintColumn, paintGene, paintNumbers } from '../../src/state/colouring/paint';

describe('the order of drawing', () => {
  test('is by rising value, missing first, equals as they come', () => {
    const values = Float32Array.of(3, NaN, -1, 0, -0, Infinity, -Infinity, 3, NaN, 1e-40);
    expect([...orderByValue(values)]).toEqual([1, 8, 6, 2, 3, 4, 9, 0, 7, 5]);
  });

  test('is that of a plain sort', () => {
    const values = Float32Array.from(
      { length: 5000 },
      (_, i) => Math.sin(i * 12.9898) * 10 ** ((i % 60) - 30),
    );
    const plain = [...values.keys()].sort((a, b) => values[a] - values[b] || a - b);
    expect([...orderByValue(values)]).toEqual(plain);
  });

  test('can be asked for two cells', () => {
    const values = Float32Array.of(3, NaN, -1, 0, -0, Infinity, -Infinity, 3, NaN, 1e-40);
    const coded = { kind: 'codes', codes: Uint8Array.of(1, 255, 0, 1, 255), missing: 255 } as const;
    const kinds = { name: 'x', kind: 'category', categories: ['a', 'b'], colors: null } as const;
    for (const paint of [paintNumbers(values), paintGene(values), paintColumn(kinds, coded)]) {
      if (paint.kind === 'plain') continue;
      const order = [...paint.order!];
      order.forEach((cell, at) =>
        order.forEach((other, before) => {
          if (at !== before) expect(isDrawnOver(paint, cell, other)).toBe(at > before);
        }),
      );
    }
    expect(isDrawnOver({ kind: 'plain' }, 2, 1)).toBe(true);
  });

  test('of categories only moves the missing ones', () => {
    expect([...orderMissingFirst(Float32Array.of(2, NaN, 1, NaN), 2)]).toEqual([1, 3, 0, 2]);
  });
});

describe('paint', () => {
  test('of categories counts them', () => {
    const paint = paintColumn(
      { name: 'x', kind: 'category', categories: ['a', 'b'], colors: null },
      { kind: 'codes', codes: Uint8Array.of(1, 255, 1, 0), missing: 255 },
    );
    expect(paint).toMatchObject({ kind: 'category', counts: Uint32Array.of(1, 2), nMissing: 1 });
    expect(paint.kind === 'category' && [...paint.values]).toEqual([1, NaN, 1, 0]);
  });

  test('of numbers far from zero keeps their differences', () => {
    const paint = paintNumbers(Float64Array.of(1.7e12, 1.7e12 + 1, NaN, Infinity));
    expect(paint.extent).toEqual([1.7e12, 1.7e12 + 1]);
    expect([...paint.values]).toEqual([0, 1, NaN, Infinity]);
    expect(paint.nMissing).toBe(1);
  });

  test('of a gene is the gene, not a copy', () => {
    const values = Float32Array.of(0, 2, 1);
    expect(paintGene(values).values).toBe(values);
  });

  test('of a gene counts its zeros, which are drawn after missing cells and before all others', () => {
    const paint = paintGene(Float32Array.of(0, 2, NaN, -0, 1e-40, 0));
    expect(paint).toMatchObject({ nZero: 3, nMissing: 1, extent: [0, 2] });
    expect([...paint.order]).toEqual([2, 0, 3, 5, 4, 1]);
    expect(paintGene(Float32Array.of(1, 2)).nZero).toBe(0);
    expect(paintGene(Float32Array.of(NaN)).nZero).toBe(0);
  });

  test.each([
    [-0.5, 0, 1],
    [-Infinity, 0, 1],
    [-1e-40, 0],
  ])('of a gene with values below zero (%d, …) has zeros like any other value', (...values) =>
    expect(paintGene(Float32Array.from(values)).nZero).toBe(null),
  );

  test('of a column of obs has zeros like any other value', () => {
    expect(paintNumbers(Float32Array.of(0, 1)).nZero).toBe(null);
  });

  test('of nothing has no extent', () => {
    expect(paintNumbers(Float32Array.of(NaN, NaN))).toMatchObject({ extent: null, nMissing: 2 });
  });
});
