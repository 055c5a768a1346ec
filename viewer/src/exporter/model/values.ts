import type { Field, Preset, Problem, Value, Values } from './schema';

/** Sets a value. Defaults are left out, so that the command line stays short. */
export function withValue(values: Values, field: Field, value: Value | null): Values {
  const others = without(values, field.name);
  return value === null || isDefault(field, value) ? others : { ...others, [field.name]: value };
}

export function without(values: Values, left: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== left));
}

/** Words that mean something for every input. */
const FOR_EVERY_INPUT = /^(all|none|auto|index|rest|(hvgs|top_mean):\d+)$/;

/** The values that also hold for another input: without those that name parts of one, such as a column. */
export function forAnotherInput(values: Values, fields: readonly Field[]): Values {
  const naming = new Set(fields.filter(({ names_parts }) => names_parts).map(({ name }) => name));
  const holds = (value: Value) => [value].flat().every((each) => FOR_EVERY_INPUT.test(String(each)));
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !naming.has(name) || holds(value)),
  );
}

/** The section of the options that decide how the input is read. */
export const READING = 'How the input is read';
const SECRETS = 'storage_options';

/** The values that the input is opened with. */
export function readingValues(values: Values, fields: readonly Field[]): Values {
  const names = new Set(fields.filter(({ section }) => section === READING).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name) || name === SECRETS));
}

export function isDefault(field: Field, value: Value): boolean {
  if (Array.isArray(value)) return value.every((each) => each === '');
  return value === '' || String(value) === String(field.default ?? (field.kind === 'switch' ? false : ''));
}

export function valueOf(values: Values, field: Field): Value {
  const value = values[field.name];
  if (value !== undefined) return value;
  if (field.kind === 'list' || field.kind === 'numbers') return [];
  return field.default ?? (field.kind === 'switch' ? false : '');
}

export function textsOf(values: Values, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Sections about where and how to export, and about texts that somebody wrote: presets do not change them. */
const KEPT_SECTIONS = [
  'What people read about the data',
  'How it is written',
  'Memory and workers',
  'Stores',
  'Other options',
];
const KEPT = ['format', 'name', 'image', 'image_placement', 'shapes', 'raw', 'layer'];

export function withPreset(values: Values, preset: Preset, fields: readonly Field[]): Values {
  const kept = fields.filter(
    ({ name, section }) =>
      (KEPT_SECTIONS.includes(section) || KEPT.includes(name)) && values[name] !== undefined,
  );
  return { ...Object.fromEntries(kept.map(({ name }) => [name, values[name]])), ...preset.values };
}

/** The name of the preset that matches the values; null if none does. */
export function presetOf(
  values: Values,
  presets: readonly Preset[],
  fields: readonly Field[],
): string | null {
  const found = presets.find((preset) => same(withPreset(values, preset, fields), values));
  return found?.name ?? null;
}

function same(one: Values, other: Values): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}

export function problemsOf(problems: readonly Problem[], name: string): string[] {
  return problems.filter(({ field }) => field === name).map(({ message }) => message);
}

/** Moves an entry one step towards the beginning or the end. */
export function moved(list: readonly string[], index: number, by: -1 | 1): string[] {
  const to = index + by;
  if (to < 0 || to >= list.length) return [...list];
  const made = [...list];
  [made[index], made[to]] = [made[to], made[index]];
  return made;
}

/** The chosen formats with their own targets, from `karospace` or `karospace=PATH`. */
export function formatsOf(values: Values): Map<string, string> {
  const texts = textsOf(values, 'format');
  const pairs = (texts.length > 0 ? texts : ['karospace']).map((text): [string, string] => {
    const at = text.indexOf('=');
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  });
  return new Map(pairs);
}

/** Whether an option applies to one of the chosen formats. */
export function isForFormats({ formats }: Field, chosen: ReadonlyMap<string, string>): boolean {
  return formats.length === 0 || formats.some((name) => chosen.has(name));
}

/** The values to send: without options that apply only to formats that are not chosen, which would be refused. */
export function valuesSent(values: Values, fields: readonly Field[]): Values {
  const chosen = formatsOf(values);
  const waiting = new Set(fields.filter((field) => !isForFormats(field, chosen)).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !waiting.has(name)));
}

export function formatTexts(formats: ReadonlyMap<string, string>): string[] {
  const texts = [...formats].map(([name, target]) => (target ? `${name}=${target}` : name));
  return texts.length === 1 && texts[0] === 'karospace' ? [] : texts;
}
