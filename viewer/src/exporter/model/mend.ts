import type { Field, Finding, Value, Values } from './schema';

/** What a click on a finding sets: a field, its new value, and the words on the button. */
export interface Mend {
  readonly field: Field;
  readonly value: Value;
  readonly words: string;
}

/** The mend of a finding; null where it has no value to offer, or this form no field for it. */
export function mendOf(
  finding: Finding,
  values: Values,
  fieldOf: (name: string) => Field | undefined,
): Mend | null {
  const { option, value } = finding;
  if (option === '' || value === null) return null;
  const off = value === false ? fieldOf(`no_${option}`) : undefined;
  if (off) return { field: off, value: true, words: `Turn on “${off.title}”` };
  const field = fieldOf(option);
  if (!field) return null;
  if (typeof value === 'boolean') {
    return { field, value, words: `Turn ${value ? 'on' : 'off'} “${field.title}”` };
  }
  const shown = Array.isArray(value) ? value.join(', ') : String(value);
  const words = `Set “${field.title}” to ${shown}`;
  if (field.kind !== 'list') return { field, value, words };
  // What was chosen before stays.
  const before = values[field.name];
  const added = Array.isArray(value) ? value : [String(value)];
  const chosen = Array.isArray(before) ? before : [];
  return { field, value: [...new Set([...chosen, ...added])], words };
}
