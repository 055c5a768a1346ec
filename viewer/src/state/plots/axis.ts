import { formatTick } from '../texts/format';

/** A mark of an axis, in pixels of the plot. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** What axes need of a scale of d3-scale. */
interface Scale {
  (value: number): number;
  ticks(count?: number): number[];
}

/** About so many round numbers along a scale. */
export function ticksOf(scale: Scale, count: number): Tick[] {
  return scale.ticks(count).map((value) => ({ at: scale(value), text: numberText(value) }));
}

/** A number of a plot, with a minus sign. */
export function numberText(value: number): string {
  const text = Math.abs(value) >= 1e4 && Number.isInteger(value) ? wholeText(value) : formatTick(value);
  return text.replace('-', '−');
}

function wholeText(value: number): string {
  const size = Math.abs(value);
  if (size < 1e6) return value.toLocaleString('en');
  const [divided, unit] = size < 1e9 ? [value / 1e6, 'M'] : [value / 1e9, 'G'];
  return size < 1e12 ? `${Number(divided.toPrecision(4))} ${unit}` : value.toExponential(2);
}
