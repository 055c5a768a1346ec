import { SCALES } from '../../state/colouring/scale';
import { mixtures, sharesOf, stepsOf } from '../../state/genes/blend';
import { formatTick } from '../../state/texts/format';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { SceneColors } from '../colors';
import type { DiscColors } from './discs';

/** Colours beside those of the table. */
const [PLAIN, MISSING, ZERO] = [-3, -2, -1];

/** The colours of cells as the shader finds them. */
export function discColors(session: SceneSession, colors: SceneColors): DiscColors {
  const { colouring, appearance } = session;
  const { paint, label } = colouring.current.peek();
  const base = { stage: colors.stage, opacity: appearance.opacity.peek() };
  const special = (slot: number) =>
    slot === PLAIN ? colors.plain : slot === MISSING ? colors.missing : colors.zero;
  if (paint.kind === 'plain')
    return {
      ...base,
      slotOf: () => PLAIN,
      colorOf: special,
      nameOf: () => 'cells',
      order: (slots) => slots,
    };
  const { values } = paint;
  const table = paint.kind === 'blend' ? mixtures(paint.genes.length, colors) : colouring.table.peek();
  const colorOf = (slot: number) => (slot < 0 ? special(slot) : [...table.subarray(4 * slot, 4 * slot + 3)]);
  if (paint.kind === 'category')
    return {
      ...base,
      colorOf,
      slotOf: (cell) => (Number.isNaN(values[cell]) ? MISSING : values[cell]),
      nameOf: (slot) => colouring.labels.peek()[slot] ?? 'missing',
      // Small categories lie on large ones.
      order: (slots) =>
        slots.toSorted((one, other) => (paint.counts[other] ?? Infinity) - (paint.counts[one] ?? Infinity)),
    };
  const sorted = (slots: readonly number[]) => slots.toSorted((one, other) => one - other);
  if (paint.kind === 'blend') {
    const nGenes = paint.genes.length;
    const slotOf = mixtureFinder(sharesOf(paint, colouring.blendRanges.peek()), nGenes);
    const hasZeros = colouring.hasGreyZeros.peek();
    return {
      ...base,
      colorOf,
      slotOf: (cell) =>
        Number.isNaN(values[cell]) ? MISSING : hasZeros && values[cell] === 0 ? ZERO : slotOf(values[cell]),
      nameOf: (slot) => {
        if (slot < 0) return slot === ZERO ? `${label} not expressed` : `${label} missing`;
        return paint.genes
          .map(
            ({ name }, gene) =>
              `${name} ${Math.round((100 * stepOf(slot, gene, nGenes)) / (stepsOf(nGenes) - 1))}%`,
          )
          .join(', ');
      },
      order: (slots) => slots.toSorted((one, other) => weight(one, nGenes) - weight(other, nGenes)),
    };
  }
  const [low, high] = colouring.range.peek();
  const { to, from } = SCALES[colouring.scale.peek()];
  const span = Math.max(to(high) - to(low), 1e-37);
  const hasZeros = colouring.hasGreyZeros.peek();
  return {
    ...base,
    colorOf,
    slotOf: (cell) => {
      const value = values[cell];
      if (Number.isNaN(value)) return MISSING;
      if (hasZeros && value === 0) return ZERO;
      return Math.floor(Math.min(1, Math.max(0, (to(value + paint.base) - to(low)) / span)) * 255 + 0.5);
    },
    nameOf: (slot) => {
      if (slot < 0) return slot === ZERO ? `${label} not expressed` : `${label} missing`;
      return `${label} ${formatTick(from(to(low) + (slot / 255) * (to(high) - to(low))))}`;
    },
    order: sorted,
  };
}

/** The step of a gene in the table of mixtures. */
function stepOf(slot: number, gene: number, nGenes: number): number {
  const steps = stepsOf(nGenes);
  return Math.floor(slot / steps ** gene) % steps;
}

/** Mixtures with more of the genes are drawn over others; what has no value is below them. */
function weight(slot: number, nGenes: number): number {
  if (slot < 0) return slot;
  let sum = 0;
  for (let gene = 0; gene < nGenes; gene++) sum += stepOf(slot, gene, nGenes);
  return sum;
}

/** Finds the place of a code in the table of mixtures, as the shader does. */
function mixtureFinder({ low, high }: { low: readonly number[]; high: readonly number[] }, nGenes: number) {
  const steps = stepsOf(nGenes);
  return (code: number): number => {
    let slot = 0;
    for (let gene = nGenes - 1; gene >= 0; gene--) {
      const root = ((code >> (8 * gene)) & 255) / 255;
      const share = (root * root - low[gene]) / Math.max(high[gene] - low[gene], 1e-6);
      slot = slot * steps + Math.floor(Math.min(1, Math.max(0, share)) * (steps - 1) + 0.5);
    }
    return slot;
  };
}
