import type { Field } from '../model/schema';
import { valueOf } from '../model/values';
import { facts, planned, setValue, values } from '../state';
import { describedBy, isWrong, Problems } from './section';
import { Thumbnail } from './thumbnail';

const KEY = 'obsm:';
const DRAWN = 12;

/** A choice of the coordinates that are shown first, with pictures of them. */
export function Coordinates({ field }: { field: Field }) {
  const holds = facts.value;
  if (!holds) return null;
  const current = String(valueOf(values.value, field));
  const drawn = holds.obsm.filter(({ n_columns }) => n_columns >= 2).map(({ key }) => `${KEY}${key}`);
  const others = holds.coords.filter((spelling) => !drawn.includes(spelling));
  const ways = ['auto', ...others, ...drawn.slice(0, DRAWN)];
  if (!ways.includes(current)) ways.push(current);
  const found = planned.value?.plan?.coordinates ?? holds.coords[0];
  return (
    <fieldset class="field" aria-describedby="coords-help coords-problem">
      <legend>Coordinates</legend>
      <div class="coords">
        {ways.map((way) => (
          <label key={way} class={way === current ? 'coord on' : 'coord'} title={way}>
            <input
              type="radio"
              name="coords"
              checked={way === current}
              onChange={() => setValue(field, way)}
            />
            <Picture way={way} found={found} />
            <span class="name">{way === 'auto' ? 'Automatic' : way.replace(KEY, '')}</span>
          </label>
        ))}
      </div>
      {holds.coords.length === 0 && <Named field={field} current={current} />}
      <p id="coords-help" class="hint">
        {field.help}
      </p>
      <Problems name="coords" />
    </fieldset>
  );
}

/** Coordinates by their names, for an input in which none are found. */
function Named({ field, current }: { field: Field; current: string }) {
  return (
    <div class="field option text">
      <label for="field-coords">By name</label>
      <input
        id="field-coords"
        type="text"
        autocomplete="off"
        spellcheck={false}
        placeholder="obs:X,Y or table:X,Y"
        aria-describedby={describedBy('coords')}
        aria-invalid={isWrong('coords')}
        value={current === 'auto' ? '' : current}
        onInput={(event) => setValue(field, event.currentTarget.value)}
      />
    </div>
  );
}

/** A picture of the coordinates; for "auto", of those that it found. */
function Picture({ way, found }: { way: string; found: string | undefined }) {
  const shown = way === 'auto' ? (found ?? '') : way;
  const arranged = planned.value?.plan?.arranged;
  return shown.startsWith(KEY) ? (
    <Thumbnail
      name={shown.slice(KEY.length)}
      arrangeBy={arranged?.coordinates === shown ? arranged.column : ''}
    />
  ) : (
    <span class="thumbnail none">{shown.replace('obs:', '')}</span>
  );
}
