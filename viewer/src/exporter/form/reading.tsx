import { READING } from '../model/values';
import { facts, sources, start, values } from '../state';
import { Fold } from './options';

/** Options that mean something for several inputs only. */
const JOINING = new Set(['join', 'merge', 'batch_column', 'index_unique', 'arrange']);

/** How the input is read: what is joined, added, chosen and normalised before anything else is decided. */
export function Reading() {
  const several = sources.value.length > 1 || (facts.value?.inputs.length ?? 0) > 1;
  const fields = start.value!.fields.filter(
    ({ section, name }) =>
      section === READING && (several || !JOINING.has(name) || values.value[name] !== undefined),
  );
  return fields.length > 0 ? <Fold title={READING} fields={fields} /> : null;
}
