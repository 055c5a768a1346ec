import type { Facts } from '../model/schema';
import { READING } from '../model/values';
import { facts, problemsAbout, sources, start, values } from '../state';
import { Fold } from './options';

const several = ({ inputs }: Facts) => inputs.length > 1;
const isOf =
  (kind: RegExp) =>
  ({ kind: own, inputs }: Facts) =>
    [own, ...inputs.map((input) => input.kind)].some((each) => kind.test(each));
const TENX = isOf(/10x|Space Ranger|Xenium|Visium/i);

/** Options in the order in which the input is read, and for which inputs each means something. */
const WHEN: readonly (readonly [string, (input: Facts) => boolean])[] = [
  ['join', several],
  ['merge', several],
  ['batch_column', several],
  ['index_unique', several],
  ['arrange', several],
  ['modality', isOf(/MuData/i)],
  ['table', isOf(/SpatialData/i)],
  ['feature_type', TENX],
  ['genome', TENX],
  ['obs_table', () => true],
  ['obs_table_key', () => (values.value.obs_table ?? '') !== ''],
  ['where', () => true],
  ['normalize', () => true],
  ['log1p', () => true],
];
const ORDER = WHEN.map(([name]) => name);
const KNOWN = new Map(WHEN);

/** How the input is read: what is joined, added and normalised before anything else is decided. */
export function Reading() {
  const input = facts.value;
  const fits = (name: string) => {
    const means = KNOWN.get(name);
    if (!means || values.value[name] !== undefined || problemsAbout(name).length > 0) return true;
    // An input that cannot be opened may need any of them.
    return input === null ? sources.value.length > 0 : means(input);
  };
  const place = (name: string) => (KNOWN.has(name) ? ORDER.indexOf(name) : ORDER.length);
  const fields = start
    .value!.fields.filter(({ section, name }) => section === READING && fits(name))
    .sort((one, other) => place(one.name) - place(other.name));
  return fields.length > 0 ? <Fold title={READING} fields={fields} /> : null;
}
