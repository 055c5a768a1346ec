import type { Bundle } from '../../../bundle/bundle';
import type { Colouring } from '../../colouring/colouring';
import { columnKey, geneKey } from '../../filters/filter';
import type { Source } from './client';

/** Numbers to plot. */
export type Subject =
  | { readonly by: 'column'; readonly index: number }
  | { readonly by: 'gene'; readonly index: number; readonly name: string }
  /** What colours the cells. */
  | { readonly by: 'colours'; readonly name: string; readonly values: Float32Array<ArrayBuffer> };

/** The numbers that colour the cells; null if nothing or categories do. */
export function colouringSubject(current: Colouring['current']['value']): Subject | null {
  const { by, paint, label } = current;
  if (paint.kind !== 'number') return null;
  if (by.by === 'column') return { by: 'column', index: by.index };
  if (by.by === 'gene') return { by: 'gene', index: by.index, name: label };
  return { by: 'colours', name: label, values: paint.values };
}

export function subjectName(subject: Subject, { columns }: Bundle): string {
  return subject.by === 'column' ? columns[subject.index].name : subject.name;
}

const versions = new WeakMap<object, number>();
let nVersions = 0;

/** A number for an object that is never changed, only replaced. */
export function versionOf(object: object): number {
  if (!versions.has(object)) versions.set(object, nVersions++);
  return versions.get(object)!;
}

export function subjectSource(subject: Subject, bundle: Bundle): Source {
  switch (subject.by) {
    case 'column':
      return { key: columnKey(subject.index), load: (signal) => bundle.column(subject.index, signal) };
    case 'gene':
      return {
        key: geneKey(subject.index),
        load: async (signal) => ({ kind: 'numbers', values: await bundle.expression(subject.index, signal) }),
      };
    case 'colours':
      return {
        key: `colours ${versionOf(subject.values)}`,
        load: () => Promise.resolve({ kind: 'numbers', values: subject.values }),
      };
  }
}
