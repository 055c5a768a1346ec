import * as v from 'valibot';
import { followLink, viewPart } from '../link';
import { definePart } from './part';

/** Longer than any that the page writes. */
const LONGEST_LINK = 2 ** 24;
/** Parts of a link that the file keeps in full. */
const KEPT_IN_FULL = [
  'groups',
  'lists',
  'selected',
  'hidden',
  'shown',
  'between',
  'within',
  'without',
  'legend',
  'transcripts',
  'turned',
  'shapes',
];

/** The link, without what the file keeps in full: the camera, the colours, and what is open. */
export const linkPart = definePart({
  key: 'link',
  name: 'the view and the colours',
  schema: v.pipe(v.string(), v.maxLength(LONGEST_LINK)),
  save: (session) => shortened(viewPart(session, Infinity).toString()),
  load: (session, text, misses) => followLink(session, shortened(text), () => {}, misses),
});

function shortened(text: string): string {
  const link = new URLSearchParams(text);
  for (const part of KEPT_IN_FULL) link.delete(part);
  return link.toString();
}
