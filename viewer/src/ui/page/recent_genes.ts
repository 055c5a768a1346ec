import { effect } from '@preact/signals';
import * as v from 'valibot';
import type { Session } from '../../state/session';

const KEY = 'karospace-genes';
const MOST_BUNDLES = 20;
const KeptSchema = v.array(v.tuple([v.string(), v.array(v.string())]));
type Kept = v.InferOutput<typeof KeptSchema>;

/** Brings back the genes that coloured this bundle last, and remembers those to come. Does nothing without storage. */
export function keepRecentGenes(session: Session): () => void {
  const { geneLists, bundle } = session;
  let stop = () => {};
  let isGone = false;
  const begin = async () => {
    const { names } = await session.loadGenes();
    const before = read().find(([where]) => where === bundle.where)?.[1] ?? [];
    const numbers = before.map((name) => names.indexOf(name)).filter((gene) => gene >= 0);
    geneLists.recent.value = [...new Set([...geneLists.recent.peek(), ...numbers])].slice(0, 12);
    if (isGone) return;
    stop = effect(() => {
      const genes = geneLists.recent.value.map((gene) => names[gene]);
      if (genes.length > 0) write([bundle.where, genes]);
    });
  };
  // Names that cannot be loaded are reported where they are needed.
  begin().catch(() => {});
  return () => {
    isGone = true;
    stop();
  };
}

function read(): Kept {
  try {
    const parsed = v.safeParse(KeptSchema, JSON.parse(localStorage.getItem(KEY) ?? '[]'));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}

function write(entry: Kept[number]): void {
  const others = read().filter(([where]) => where !== entry[0]);
  try {
    localStorage.setItem(KEY, JSON.stringify([entry, ...others].slice(0, MOST_BUNDLES)));
  } catch {
    // Some file:// pages and private windows deny storage: they are then known as long as the page is.
  }
}
