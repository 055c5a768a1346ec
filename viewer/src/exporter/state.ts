import { batch, computed, effect, signal } from '@preact/signals';
import { ask, Refused, wordsOf } from './api';
import {
  ADDED,
  EXAMPLES,
  FACTS,
  PLANNED,
  START,
  type Facts,
  type Field,
  type Planned,
  type Problem,
  type Start,
  type Value,
  type Values,
} from './model/schema';
import { forAnotherInput, problemsOf, readingValues, valuesSent, withValue, without } from './model/values';
import { suggestedTarget } from './model/path';

const PLAN_AFTER_MS = 250;
const INSPECT_AFTER_MS = 300;
const SETTLED_AFTER_MS = 1500;
const DRAFT = 'karospace-exporter-draft';
const SECRETS = 'storage_options';

export const start = signal<Start | null>(null);
export const failure = signal<string | null>(null);

/** Paths and URLs of the inputs, in their order; a path that is being typed is one of them. */
export const sources = signal<readonly string[]>([]);
export const target = signal('');
export const values = signal<Values>({});
const sent = computed(() => valuesSent(values.value, start.value?.fields ?? []));
/** The inputs and the options they are read with, as text, so that only their changes count. */
export const reading = computed(() =>
  JSON.stringify([sources.value, readingValues(values.value, start.value?.fields ?? [])]),
);

export const inspecting = signal(false);
export const facts = signal<Facts | null>(null);
export const examples = signal<Readonly<Record<string, readonly string[]>>>({});
/** The inputs that `facts` is about. */
let inspected: readonly string[] = [];
/** Whether no genes are chosen because the input has none. */
let hasFitted = false;
const sourceProblem = signal<Problem | null>(null);

export const planning = signal(false);
export const planned = signal<Planned | null>(null);
/** The annotations that are used if none are chosen; choosing begins with them. Null until a plan names them. */
export const usual = signal<readonly string[] | null>(null);
/** The problems of a refused run, or of a request that belongs to no field. */
const other = signal<readonly Problem[]>([]);

/** All problems that prevent the export. An empty field is not a problem yet. */
export const problems = computed<readonly Problem[]>(() => {
  const found = sourceProblem.value && sourceSettled.value ? [sourceProblem.value] : [];
  if (sources.value.length > 0 && planned.value && !sourceProblem.value) {
    const entered = { source: sourceSettled.value, target: target.value !== '' };
    found.push(
      ...planned.value.problems.filter(({ field }) => entered[field as keyof typeof entered] ?? true),
    );
  }
  const seen = new Set(found.map(({ message }) => message));
  return [...found, ...other.value.filter(({ message }) => !seen.has(message))];
});

export const ready = computed(
  () =>
    !planning.value &&
    !inspecting.value &&
    !!planned.value?.plan &&
    planned.value.problems.length === 0 &&
    sourceProblem.value === null,
);

/** Problems to show beside a field: an option that nobody has set is a way out at most, and not wrong. */
export function problemsAt(name: string): string[] {
  return name in values.value || !fieldOf(name) ? problemsAbout(name) : [];
}

/** Problems that name a field, also as the way out. */
export function problemsAbout(name: string): string[] {
  return problemsOf(problems.value, name);
}

/** The field to show: the section that hides it opens. */
export const soughtField = signal('');

/** Whether the whole input has been typed: errors about half a path do not help. */
export const sourceSettled = signal(false);

export function fieldOf(name: string): Field | undefined {
  return start.value?.fields.find((field) => field.name === name);
}

export function setValue(field: Field, value: Value | null): void {
  values.value = withValue(values.peek(), field, value);
}

/** Sets one option by its name; ignores an option that this version of the exporter does not have. */
export function setNamed(name: string, value: Value | null): void {
  const field = fieldOf(name);
  if (field) setValue(field, value);
}

/** Chooses inputs. If they are other ones altogether, drops the values that are names in the old ones. */
export function chooseSources(paths: readonly string[]): void {
  batch(() => {
    const before = sources.peek();
    if (before.length > 0 && !paths.some((path) => before.includes(path))) {
      values.value = forAnotherInput(values.peek(), start.peek()?.fields ?? []);
    }
    sources.value = paths.filter((path, at) => path !== '' && paths.indexOf(path) === at);
    usual.value = null;
    if (target.peek() === '' || target.peek() === suggestedTarget(before)) {
      target.value = suggestedTarget(sources.peek());
    }
  });
}

export async function begin(): Promise<void> {
  try {
    const made = await ask('start', START);
    batch(() => {
      start.value = made;
      restoreDraft();
      if (made.first.some((path) => path !== '')) chooseSources(made.first);
    });
    follow();
  } catch (error) {
    failure.value = wordsOf(error);
  }
}

/** Adds the export to the queue; returns the run's id, or null if it was refused. */
export async function addRun(): Promise<string | null> {
  try {
    const asked = { source: sources.peek(), target: target.peek(), values: sent.peek() };
    const added = await ask('run', ADDED, asked);
    other.value = added.problems;
    return added.id ?? null;
  } catch (error) {
    other.value = [problemIn(error)];
    return null;
  }
}

function follow(): void {
  effect(() => {
    const asked = reading.value;
    return later(INSPECT_AFTER_MS, (stop) => void inspect(asked, stop));
  });
  effect(() => {
    if (sources.value.length === 0 || sourceSettled.peek()) return undefined;
    return later(SETTLED_AFTER_MS, () => (sourceSettled.value = true));
  });
  effect(() => {
    const asked = [sources.value, target.value, sent.value] as const;
    planning.value = asked[0].length > 0;
    other.value = [];
    return later(PLAN_AFTER_MS, (stop) => void plan(...asked, stop));
  });
  effect(() => {
    const kept = without(values.value, SECRETS);
    const draft = JSON.stringify({ sources: sources.value, target: target.value, values: kept });
    try {
      sessionStorage.setItem(DRAFT, draft);
    } catch {
      // Some private windows deny storage: the form is then empty after a reload.
    }
  });
}

function later(ms: number, call: (stop: AbortSignal) => void): () => void {
  const controller = new AbortController();
  const timer = setTimeout(() => call(controller.signal), ms);
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}

async function inspect(text: string, stop: AbortSignal): Promise<void> {
  const [source, options] = JSON.parse(text) as [readonly string[], Values];
  batch(() => {
    sourceProblem.value = null;
    inspecting.value = source.length > 0;
    if (!source.some((path) => inspected.includes(path))) facts.value = null;
    inspected = source;
  });
  if (source.length === 0) return;
  const asked = { source, values: options };
  try {
    const found = await ask('inspect', FACTS, asked, stop);
    batch(() => {
      facts.value = found;
      fitGenes(found);
      examples.value = {};
    });
    inspecting.value = false;
    examples.value = (await ask('examples', EXAMPLES, asked, stop)).examples;
  } catch (error) {
    if (stop.aborted) return;
    const problem = problemIn(error);
    batch(() => {
      inspecting.value = false;
      sourceProblem.value = { field: problem.field || 'source', message: problem.message };
    });
  }
}

/** If there are no genes to export, chooses none, until there is another input or the user decides. */
function fitGenes({ matrices }: Facts): void {
  const field = fieldOf('genes');
  if (!field) return;
  const { raw, layer } = values.peek();
  const hasGenes =
    raw === true || !!layer || matrices.some(({ name, n_genes }) => name === 'X' && n_genes > 0);
  if (!hasGenes && values.peek().genes === undefined) {
    setValue(field, 'none');
    hasFitted = true;
  } else if (hasGenes && hasFitted) {
    if (values.peek().genes === 'none') setValue(field, null);
    hasFitted = false;
  }
}

async function plan(
  paths: readonly string[],
  targetPath: string,
  chosen: Values,
  stop: AbortSignal,
): Promise<void> {
  if (paths.length === 0) {
    planned.value = null;
    return;
  }
  try {
    const made = await ask('plan', PLANNED, { source: paths, target: targetPath, values: chosen }, stop);
    if (stop.aborted) return;
    planned.value = made;
    if (made.plan && chosen.anno === undefined) usual.value = made.plan.columns;
  } catch (error) {
    if (stop.aborted) return;
    batch(() => {
      planned.value = null;
      other.value = [problemIn(error)];
    });
  }
  planning.value = false;
}

function problemIn(error: unknown): Problem {
  return error instanceof Refused ? error.problem : { field: '', message: wordsOf(error) };
}

function restoreDraft(): void {
  try {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? '{}') as {
      sources?: string[];
      target?: string;
      values?: Values;
    };
    sources.value = (draft.sources ?? []).map(String);
    target.value = String(draft.target ?? '');
    const known = Object.entries(draft.values ?? {}).filter(([name]) => fieldOf(name));
    values.value = Object.fromEntries(known);
  } catch {
    // Nothing was stored, or not by this page.
  }
}
