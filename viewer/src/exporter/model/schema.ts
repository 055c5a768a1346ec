import * as v from 'valibot';

/** Responses of the exporter's API. Names in them come from files: treat them as text. */

export const PROBLEM = v.object({ field: v.string(), message: v.string() });
export type Problem = v.InferOutput<typeof PROBLEM>;

const VALUE = v.union([v.string(), v.number(), v.boolean(), v.array(v.union([v.string(), v.number()]))]);
export type Value = v.InferOutput<typeof VALUE>;
export type Values = Readonly<Record<string, Value>>;
const VALUES = v.record(v.string(), VALUE);

const FIELD = v.object({
  name: v.string(),
  flag: v.string(),
  section: v.string(),
  title: v.string(),
  help: v.string(),
  kind: v.picklist(['switch', 'choice', 'integer', 'number', 'text', 'list', 'numbers']),
  default: v.nullable(v.union([v.string(), v.number(), v.boolean()])),
  metavar: v.string(),
  choices: v.array(v.string()),
  n_values: v.number(),
  /** Formats that it applies to; empty for all. */
  formats: v.array(v.string()),
  /** Whether its value may name parts of one input, such as a column. */
  names_parts: v.boolean(),
});
export type Field = v.InferOutput<typeof FIELD>;

const PRESET = v.object({ name: v.string(), title: v.string(), help: v.string(), values: VALUES });
export type Preset = v.InferOutput<typeof PRESET>;

export const START = v.object({
  version: v.string(),
  machine: v.string(),
  home: v.string(),
  folder: v.string(),
  desktop: v.boolean(),
  first: v.array(v.string()),
  recent: v.array(v.string()),
  fields: v.array(FIELD),
  presets: v.array(PRESET),
});
export type Start = v.InferOutput<typeof START>;

const ENTRY = v.object({
  name: v.string(),
  path: v.string(),
  kind: v.picklist(['folder', 'data', 'bundle', 'image', 'text', 'file']),
  nbytes: v.nullable(v.number()),
  modified: v.nullable(v.number()),
});
export type Entry = v.InferOutput<typeof ENTRY>;

export const LISTING = v.object({
  path: v.string(),
  parent: v.string(),
  entries: v.array(ENTRY),
  left_out: v.number(),
  writable: v.boolean(),
});
export type Listing = v.InferOutput<typeof LISTING>;

const MATRIX = v.object({
  name: v.string(),
  layout: v.string(),
  n_genes: v.number(),
  dtype: v.string(),
  density: v.nullable(v.number()),
  stored_nbytes: v.nullable(v.number()),
  compression: v.string(),
});
export type Matrix = v.InferOutput<typeof MATRIX>;

const COLUMN = v.object({ name: v.string(), kind: v.string(), n_categories: v.nullable(v.number()) });
export type Column = v.InferOutput<typeof COLUMN>;

const OBSM = v.object({ key: v.string(), n_columns: v.number(), dtype: v.string() });
const IMAGE = v.object({
  library: v.string(),
  resolution: v.string(),
  height: v.number(),
  width: v.number(),
});

export const FACTS = v.object({
  location: v.string(),
  name: v.string(),
  container: v.string(),
  n_cells: v.number(),
  n_genes: v.number(),
  nbytes: v.nullable(v.number()),
  matrices: v.array(MATRIX),
  obs: v.array(COLUMN),
  var: v.array(COLUMN),
  obsm: v.array(OBSM),
  obsp: v.array(v.string()),
  images: v.array(IMAGE),
  coords: v.array(v.string()),
  against: v.array(v.string()),
  /** What the input is, if it is no AnnData. */
  kind: v.string(),
  /** The inputs, if they are several. */
  inputs: v.array(
    v.object({ name: v.string(), location: v.string(), n_cells: v.number(), kind: v.string() }),
  ),
});
export type Facts = v.InferOutput<typeof FACTS>;

export const EXAMPLES = v.object({ examples: v.record(v.string(), v.array(v.string())) });
export const THUMBNAIL = v.object({
  x: v.array(v.number()),
  y: v.array(v.number()),
  codes: v.array(v.number()),
});
export type Thumbnail = v.InferOutput<typeof THUMBNAIL>;
/** Genes: their names, and their identifiers if these differ. */
export const NAMES = v.object({ names: v.array(v.string()), ids: v.array(v.string()) });
export const PATHS = v.object({ paths: v.array(v.string()) });
export const PATH = v.object({ path: v.string() });
export const SECRET = v.object({ secret: v.string() });
export const SNIPPETS = v.object({ command: v.string(), python: v.string() });
export const LINES = v.object({ lines: v.array(v.tuple([v.number(), v.string()])) });
export const NOTHING = v.object({});

const LEFT_OUT = v.object({
  part: v.string(),
  reason: v.string(),
  way_out: v.string(),
  by_user: v.boolean(),
});
export type LeftOut = v.InferOutput<typeof LEFT_OUT>;

/** A finding. `option` is the field that acts on it, or empty; `value` is null if there is none to offer. */
const FINDING = v.object({
  code: v.string(),
  text: v.string(),
  option: v.string(),
  value: v.union([v.string(), v.number(), v.boolean(), v.array(v.string()), v.null()]),
});
export type Finding = v.InferOutput<typeof FINDING>;

const PLAN = v.object({
  n_cells: v.number(),
  n_genes: v.number(),
  formats: v.array(v.string()),
  coordinates: v.string(),
  embeddings: v.array(v.string()),
  columns: v.array(v.string()),
  vectors: v.array(v.string()),
  graph: v.nullable(v.string()),
  /** How sections are laid out; null if they stay where they are. */
  arranged: v.nullable(v.object({ coordinates: v.string(), column: v.string() })),
  strategy: v.string(),
  workers: v.number(),
  budget_nbytes: v.number(),
  peak_nbytes: v.number(),
  scratch_nbytes: v.number(),
  n_objects: v.number(),
  output_range_nbytes: v.tuple([v.number(), v.number()]),
  seconds: v.number(),
  findings: v.array(FINDING),
  left_out: v.record(v.string(), v.array(LEFT_OUT)),
});
export type Plan = v.InferOutput<typeof PLAN>;

export const PLANNED = v.object({
  plan: v.nullable(PLAN),
  problems: v.array(PROBLEM),
  command: v.string(),
  python: v.string(),
});
export type Planned = v.InferOutput<typeof PLANNED>;
export const ADDED = v.object({ id: v.optional(v.string()), problems: v.array(PROBLEM) });

const REPORT = v.object({
  n_cells: v.number(),
  n_genes: v.number(),
  n_objects: v.number(),
  nbytes: v.number(),
  seconds: v.number(),
  peak_nbytes: v.number(),
  findings: v.array(FINDING),
  targets: v.array(v.string()),
});

const RUN = v.object({
  id: v.string(),
  source: v.array(v.string()),
  target: v.string(),
  values: VALUES,
  state: v.picklist(['waiting', 'running', 'stopping', 'done', 'failed', 'cancelled', 'interrupted']),
  created_at: v.number(),
  seconds: v.number(),
  stages: v.array(v.object({ name: v.string(), done: v.number(), total: v.number() })),
  done: v.number(),
  total: v.number(),
  rate: v.nullable(v.number()),
  eta_s: v.nullable(v.number()),
  memory_nbytes: v.number(),
  problem: v.nullable(PROBLEM),
  report: v.nullable(REPORT),
  n_lines: v.number(),
});
export type Run = v.InferOutput<typeof RUN>;
export type RunState = Run['state'];

export const STATE = v.object({ runs: v.array(RUN), views: v.record(v.string(), v.string()) });
/** Sent instead of an answer. A run also has a `problem`, but an `id` as well. */
export const FAILURE = v.strictObject({ problem: PROBLEM });
