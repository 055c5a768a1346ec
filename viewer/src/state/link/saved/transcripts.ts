import * as v from 'valibot';
import { chooseTranscripts, ChosenSchema } from '../tissue/transcripts';
import { definePart } from './part';

export const transcriptsPart = definePart({
  key: 'transcripts',
  name: 'the transcripts',
  schema: v.object({
    chosen: ChosenSchema,
    isShown: v.boolean(),
    size: v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)),
  }),
  save: ({ transcripts: { chosen, isShown, size } }) => ({
    chosen: chosen.peek().map(({ name, color }): [string, string] => [name, color]),
    isShown: isShown.peek(),
    size: size.peek(),
  }),
  load: async (session, value, misses) => {
    session.transcripts.isShown.value = value.isShown;
    session.transcripts.size.value = value.size;
    await chooseTranscripts(session, value.chosen, misses);
  },
});
