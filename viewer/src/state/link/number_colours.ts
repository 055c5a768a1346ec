import { SCALE_NAMES } from '../colouring/scale';
import { isDiverging, SCHEME_NAMES } from '../colouring/schemes';
import type { Session } from '../session';
import { missed, type Misses } from './misses';
import { numbersOf } from './numbers';

/** Values of `zeros=`: if they are not grey, and if they are grey and called “not detected”. */
const COLOURED = 'coloured';
const UNDETECTED = 'undetected';

const short = (value: number) => String(Number(value.toPrecision(7)));

/** Writes the colours of numbers, and the range that they are for. */
export function writeNumberColours({ colouring }: Session, link: URLSearchParams): void {
  const range = colouring.chosenRange.value;
  if (range) link.set('range', range.map(short).join(','));
  const scheme = colouring.scheme.value;
  if (scheme !== SCHEME_NAMES[0]) link.set('scheme', scheme);
  if (colouring.isReversed.value) link.set('reversed', '1');
  if (colouring.scale.value !== 'linear') link.set('scale', colouring.scale.value);
  const middle = colouring.chosenMiddle.value;
  if (middle !== null && isDiverging(scheme)) link.set('middle', short(middle));
  if (!colouring.greyZeros.value) link.set('zeros', COLOURED);
  else if (colouring.namesZeros.value) link.set('zeros', UNDETECTED);
}

export function readNumberColours({ colouring }: Session, link: URLSearchParams, misses: Misses): void {
  const isNumber = colouring.current.peek().paint.kind === 'number';
  const range = numbersOf(link.get('range'), 2);
  if (!range) missed(misses, link, 'range', 'the range of colours');
  else if (isNumber) colouring.chosenRange.value = [range[0], range[1]];
  else misses.addUnused('the range of colours', link.get('range')!, 'no number colours the cells');
  const scheme = SCHEME_NAMES.find((name) => name === link.get('scheme'));
  if (!scheme) missed(misses, link, 'scheme', 'the palette');
  colouring.scheme.value = scheme ?? SCHEME_NAMES[0];
  colouring.isReversed.value = link.get('reversed') === '1';
  const scale = SCALE_NAMES.find((name) => name === link.get('scale'));
  if (!scale) missed(misses, link, 'scale', 'the scale of the colours');
  colouring.scale.value = scale ?? 'linear';
  const middle = numbersOf(link.get('middle'), 1)?.[0];
  if (middle === undefined) missed(misses, link, 'middle', 'the middle of the colours');
  else if (isNumber && isDiverging(colouring.scheme.peek())) colouring.chosenMiddle.value = middle;
  else misses.addUnused('the middle of the colours', link.get('middle')!, 'the colours have none');
  const zeros = link.get('zeros');
  colouring.greyZeros.value = zeros !== COLOURED;
  colouring.namesZeros.value = zeros === UNDETECTED;
}
