import { useState } from 'preact/hooks';
import type { Scene } from '../../../scene/scene';
import type { Session } from '../../../state/session';
import { ByName } from './by_name';
import { ByValue } from './by_value';
import { Composition } from './composition';
import { Neighbours } from './neighbours';

const WAYS = {
  value: 'By value',
  name: 'By name',
  neighbours: 'Neighbours',
  composition: 'Composition',
} as const;
type Way = keyof typeof WAYS;

/** Selecting without pointing: by value, by name, along the graph; and what the selection consists of. */
export function MoreWays({ session, scene }: { session: Session; scene: Scene | null }) {
  const [open, setOpen] = useState<Way | null>(null);
  const ways = (Object.keys(WAYS) as Way[]).filter((way) => way !== 'neighbours' || session.bundle.graph);
  return (
    <>
      <div class="buttons" role="group" aria-label="More">
        {ways.map((way) => (
          <button
            key={way}
            type="button"
            aria-expanded={open === way}
            onClick={() => setOpen(open === way ? null : way)}
          >
            {WAYS[way]}
          </button>
        ))}
      </div>
      {open === 'value' && <ByValue session={session} />}
      {open === 'name' && <ByName session={session} />}
      {open === 'composition' && <Composition session={session} />}
      {open === 'neighbours' && <Neighbours session={session} scene={scene} />}
    </>
  );
}
