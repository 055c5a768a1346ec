import type { ShapeSet } from '../../../bundle/tissue';
import type { Session } from '../../../state/session';
import { embeddingNames } from '../../../state/view/embedding_names';
import { percent, Slider } from '../controls/slider';
import { Toggle } from '../controls/toggle';

const NONE = '';

/** Controls for the boundaries of cells, if the bundle has some. */
export function ShapeControls({ session }: { session: Session }) {
  const { bundle } = session;
  const { shapes } = session.appearance;
  const sets = bundle.tissue?.shapes ?? [];
  if (sets.length === 0) return null;
  const shown = shapes.shown.value;
  const set = shown === null ? null : (sets.at(shown) ?? null);
  const choose = (value: string) => (shapes.shown.value = value === NONE ? null : Number(value));
  return (
    <div class="part" role="group" aria-labelledby="shapes-title">
      <h3 id="shapes-title">Shapes</h3>
      <label class="field">
        <span>Boundaries</span>
        <select
          value={shown === null ? NONE : String(shown)}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {sets.map(({ name }, number) => (
            <option key={number} value={number}>
              {name.replaceAll('_', ' ')}
            </option>
          ))}
          <option value={NONE}>Not shown</option>
        </select>
      </label>
      {set && <SetLook session={session} set={set} />}
    </div>
  );
}

/** Controls of the set that is drawn, or where it is. */
function SetLook({ session, set }: { session: Session; set: ShapeSet }) {
  const { view, bundle, appearance } = session;
  if (view.embedding.value?.index !== set.embedding)
    return <p class="quiet">{`They are drawn on “${embeddingNames(bundle.embeddings)[set.embedding]}”.`}</p>;
  if (!set.areCells) return null;
  return (
    <>
      <Slider
        label="Fill opacity"
        value={appearance.shapes.opacity}
        minimum={0}
        maximum={1}
        step={0.05}
        format={percent}
      />
      <Toggle label="Outlines" value={appearance.shapes.hasOutlines} />
      <p class="quiet">Drawn at close range; from afar, cells are points.</p>
    </>
  );
}
