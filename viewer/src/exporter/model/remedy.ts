import type { Field, Finding, Value, Values } from './schema';

/** The action of a finding's button: a field, its new value, and the label. */
export interface Remedy {
  readonly field: Field;
  readonly value: Value;
  readonly words: string;
}

/** The action for a finding; null if it offers no value, or this form has no field for it. */
export function remedyOf(
  finding: Finding,
  values: Values,
  fieldOf: (name: string) => Field | undefined,
): Remedy | null {
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
  // Earlier choices stay.
  const before = values[field.name];
  const added = Array.isArray(value) ? value : [String(value)];
  const chosen = Array.isArray(before) ? before : [];
  return { field, value: [...new Set([...chosen, ...added])], words };
}
