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
import { forAnotherInput, problemsOf, valuesSent, withValue, without } from './model/values';
import { suggestedTarget } from './model/path';

const PLAN_AFTER_MS = 250;
const INSPECT_AFTER_MS = 300;
const SETTLED_AFTER_MS = 1500;
const DRAFT = 'karospace-exporter-draft';
const SECRETS = 'storage_options';

export const start = signal<Start | null>(null);
export const failure = signal<string | null>(null);

export const source = signal('');
export const target = signal('');
export const values = signal<Values>({});
const sent = computed(() => valuesSent(values.value, start.value?.fields ?? []));

export const inspecting = signal(false);
export const facts = signal<Facts | null>(null);
export const examples = signal<Readonly<Record<string, readonly string[]>>>({});
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
  if (source.value && planned.value && !sourceProblem.value) {
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

export function problemsAt(name: string): string[] {
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

/** Chooses another input, and drops the values that are names in the old one. */
export function chooseSource(path: string): void {
  batch(() => {
    const before = source.peek();
    if (before !== '' && before !== path) {
      values.value = forAnotherInput(values.peek(), start.peek()?.fields ?? []);
    }
    source.value = path;
    usual.value = null;
    if (target.peek() === '' || target.peek() === suggestedTarget(before)) {
      target.value = suggestedTarget(path);
    }
  });
}

export async function begin(): Promise<void> {
  try {
    const made = await ask('start', START);
    batch(() => {
      start.value = made;
      restoreDraft();
      if (made.first) chooseSource(made.first);
    });
    follow();
  } catch (error) {
    failure.value = wordsOf(error);
  }
}

/** Adds the export to the queue; returns the run's id, or null if it was refused. */
export async function addRun(): Promise<string | null> {
  try {
    const asked = { source: source.peek(), target: target.peek(), values: sent.peek() };
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
    const path = source.value;
    const options = secretsOf(values.value);
    return later(INSPECT_AFTER_MS, (stop) => void inspect(path, JSON.parse(options) as Values, stop));
  });
  effect(() => {
    if (source.value === '' || sourceSettled.peek()) return undefined;
    return later(SETTLED_AFTER_MS, () => (sourceSettled.value = true));
  });
  effect(() => {
    const asked = [source.value, target.value, sent.value] as const;
    planning.value = asked[0] !== '';
    other.value = [];
    return later(PLAN_AFTER_MS, (stop) => void plan(...asked, stop));
  });
  effect(() => {
    const kept = without(values.value, SECRETS);
    const draft = JSON.stringify({ source: source.value, target: target.value, values: kept });
    try {
      sessionStorage.setItem(DRAFT, draft);
    } catch {
      // Some private windows deny storage: the form is then empty after a reload.
    }
  });
}

/** The options with secrets as text, so that only their changes count. */
function secretsOf(all: Values): string {
  return JSON.stringify(all[SECRETS] ? { [SECRETS]: all[SECRETS] } : {});
}

function later(ms: number, call: (stop: AbortSignal) => void): () => void {
  const controller = new AbortController();
  const timer = setTimeout(() => call(controller.signal), ms);
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}

async function inspect(path: string, options: Values, stop: AbortSignal): Promise<void> {
  batch(() => {
    sourceProblem.value = null;
    inspecting.value = path !== '';
    if (facts.peek()?.location !== path) facts.value = null;
  });
  if (path === '') return;
  const asked = { source: path, values: options };
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

async function plan(path: string, targetPath: string, chosen: Values, stop: AbortSignal): Promise<void> {
  if (path === '') {
    planned.value = null;
    return;
  }
  try {
    const made = await ask('plan', PLANNED, { source: path, target: targetPath, values: chosen }, stop);
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
      source?: string;
      target?: string;
      values?: Values;
    };
    source.value = String(draft.source ?? '');
    target.value = String(draft.target ?? '');
    const known = Object.entries(draft.values ?? {}).filter(([name]) => fieldOf(name));
    values.value = Object.fromEntries(known);
  } catch {
    // Nothing was stored, or not by this page.
  }
}
