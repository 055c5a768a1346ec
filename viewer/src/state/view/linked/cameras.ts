import { batch, untracked } from '@preact/signals-core';
import type { Camera } from '../camera';
import type { EmbeddingView } from '../embedding_view';
import type { SidePanel } from './side_panel';

/** A plot whose camera moves with those of the same coordinates. */
interface Member {
  readonly view: EmbeddingView;
  /** Of those that move together. */
  readonly key: string;
}

/** The camera of a plot when it was last looked at. */
interface Known {
  readonly key: string;
  readonly moved: Camera | null;
}

const known = new WeakMap<EmbeddingView, Known>();

/**
 * Moves the cameras of linked panels as the one that was moved last. Run it in an effect. Plots of one embedding show
 * the same place; sections, which lie elsewhere each, are moved and zoomed alike.
 */
export function followCameras(stage: EmbeddingView, panels: readonly SidePanel[]): void {
  const members = membersOf(stage, panels);
  const isNew = ({ view, key }: Member) => known.get(view)?.key !== key;
  const hasMoved = ({ view, key }: Member) => {
    const before = known.get(view);
    return before?.key === key && before.moved !== view.moved.value;
  };
  const leader = members.find(hasMoved);
  batch(() => {
    for (const member of members) {
      const ahead =
        leader ?? (isNew(member) ? members.find((each) => each.key === member.key && !isNew(each)) : null);
      if (ahead && ahead !== member && ahead.key === member.key) untracked(() => follow(ahead.view, member));
    }
    for (const { view, isLinked } of panels) if (!isLinked.peek()) known.delete(view);
    for (const { view, key } of members) known.set(view, { key, moved: view.moved.peek() });
  });
}

/** Whether others show the coordinates of a panel, so that their cameras may move together. */
export function canLink(stage: EmbeddingView, panels: readonly SidePanel[], panel: SidePanel): boolean {
  const key = keyOfPanel(panel);
  const others = [keyOf(stage), ...panels.filter((each) => each !== panel).map(keyOfPanel)];
  return key !== null && others.includes(key);
}

function membersOf(stage: EmbeddingView, panels: readonly SidePanel[]): Member[] {
  const linked = panels.filter(({ isLinked }) => isLinked.value);
  const all = [
    { view: stage, key: keyOf(stage) },
    ...linked.map((each) => ({ view: each.view, key: keyOfPanel(each) })),
  ];
  for (const { view } of all) void view.moved.value;
  return all.flatMap(({ view, key }) => (key === null ? [] : [{ view, key }]));
}

/** A plot has no camera. */
function keyOfPanel({ plot, view }: SidePanel): string | null {
  return plot === null ? keyOf(view) : null;
}

function keyOf({ embedding, solid, placed }: EmbeddingView): string | null {
  const index = embedding.value?.index;
  if (index === undefined) return null;
  const part = placed.value ? 'section' : 'whole';
  return `${index} ${solid.value ? 'deep' : 'flat'} ${part}`;
}

function follow(leader: EmbeddingView, { view, key }: Member): void {
  const [camera, from, to] = [leader.moved.peek(), leader.fit.peek(), view.fit.peek()];
  if (!camera) view.reset();
  else if (!key.endsWith('section')) view.move(camera);
  else if (from && to) view.move({ ...camera, x: to.x + camera.x - from.x, y: to.y + camera.y - from.y });
}
