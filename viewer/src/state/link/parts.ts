import { findName } from '../lists/find_name';
import type { Misses } from './misses';

/** The parts that a link may have. */
const PARTS = [
  'gene',
  'column',
  'embedding',
  'flat',
  'microns',
  'view',
  'range',
  'scheme',
  'reversed',
  'scale',
  'middle',
  'zeros',
  'legend',
  'hidden',
  'shown',
  'between',
  'within',
  'without',
  'selected',
  'groups',
  'by',
  'blend',
  'list',
  'lists',
  'genelist',
  'edges',
  'vectors',
  'labels',
  'names',
  'sections',
  'section',
  'transcripts',
  'panels',
  'turned',
  'tooltip',
  'markers',
  'plot',
  'image',
  'shapes',
  'beside',
  'curtain',
];
/** What people and other programs call them. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['coords', 'embedding'],
  ['basis', 'embedding'],
  ['layout', 'embedding'],
  ['color', 'column'],
  ['colour', 'column'],
  ['anno', 'column'],
  ['annotation', 'column'],
  ['category', 'shown'],
  ['categories', 'shown'],
  ['filter', 'shown'],
  ['hide', 'hidden'],
  ['palette', 'scheme'],
  ['genes', 'lists'],
  ['set', 'genelist'],
]);
/** Parts with few values. */
const SWITCHES: ReadonlyMap<string, readonly string[]> = new Map([
  ['by', ['groups']],
  ['flat', ['1']],
  ['labels', ['1']],
  ['reversed', ['1']],
  ['zeros', ['coloured', 'undetected']],
  ['sections', ['unnamed']],
  ['panels', ['grid', 'none']],
]);

/** Reports parts that no link has, parts that are there twice, and switches with another value. */
export function checkParts(link: URLSearchParams, misses: Misses): void {
  for (const part of new Set(link.keys())) {
    const [value, ...more] = link.getAll(part);
    if (!PARTS.includes(part)) misses.addUnknownPart(part, meantBy(part), PARTS);
    else if (more.length > 0) misses.addUnused(`a second “${part}”`, more[0], 'a link has one');
    const only = SWITCHES.get(part);
    if (only && !only.includes(value))
      misses.addUnused(`“${part}”`, value, `it must be “${only.join('” or “')}”`);
  }
}

function meantBy(part: string): readonly string[] {
  const other = OTHER_WORDS.get(part.toLowerCase());
  if (other !== undefined) return [other];
  const { index, similar } = findName([PARTS], part);
  return index >= 0 ? [PARTS[index]] : similar;
}
