import * as v from 'valibot';
import { findName } from '../../lists/find_name';
import type { Session } from '../../session';
import { MOST_GENES } from '../../drawing/transcripts';
import type { Misses } from '../misses';

const Color = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i));
/** The name of each gene, and its colour. */
export const ChosenSchema = v.pipe(v.array(v.tuple([v.string(), Color])), v.maxLength(1000));

/** Writes `transcripts=`: a JSON list of genes whose transcripts are shown, each with its colour. */
export function writeTranscripts({ transcripts }: Session, link: URLSearchParams): void {
  const chosen = transcripts.chosen.value.map(({ name, color }) => [name, color]);
  if (chosen.length > 0) link.set('transcripts', JSON.stringify(chosen));
}

export async function readTranscripts(
  session: Session,
  link: URLSearchParams,
  misses: Misses,
): Promise<void> {
  const text = link.get('transcripts');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ChosenSchema), text ?? '[]');
  if (!parsed.success) misses.add('the transcripts', text ?? '');
  await chooseTranscripts(session, parsed.success ? parsed.output : [], misses);
}

/** Chooses genes by name in place of those before. */
export async function chooseTranscripts(
  { transcripts }: Session,
  wanted: readonly (readonly [string, string])[],
  misses: Misses,
): Promise<void> {
  transcripts.chosen.value = [];
  if (wanted.length === 0) return;
  const names = transcripts.all ? (await transcripts.load()).names : [];
  const extra = wanted.length - MOST_GENES;
  if (extra > 0)
    misses.addUnused(`${extra} more genes`, wanted[MOST_GENES][0], `at most ${MOST_GENES} are shown`);
  for (const [name, color] of wanted.slice(0, MOST_GENES)) {
    const { index, similar } = findName([names], name);
    if (index >= 0) transcripts.add(index, color);
    else misses.add('the transcripts of', name, similar);
  }
}
