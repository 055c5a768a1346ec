import type { Values } from '../../bundle/about/about';

const KINDS: Record<Values['kind'], string> = {
  normalised: 'normalised values',
  counts: 'counts: whole numbers, not normalised',
  scaled: 'scaled values, some below zero: they do not tell which cells express a gene',
};

/** What the values are, and what the export did to them. */
export function valuesText({ matrix, kind, total, log1p }: Values): string {
  const steps = [
    ...(total === undefined ? [] : [`counts scaled to ${total.toLocaleString('en')} a cell`]),
    ...(log1p ? ['log1p'] : []),
  ];
  const done = steps.length > 0 ? `, made by the export: ${steps.join(', then ')}` : '';
  return `${matrix || 'X'} holds ${KINDS[kind]}${done}`;
}
