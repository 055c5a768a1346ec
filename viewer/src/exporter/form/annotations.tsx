import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatCounted } from '../../state/texts/format';
import { NameSearch } from '../../state/lists/search';
import type { Column, Field } from '../model/schema';
import { textsOf } from '../model/values';
import { examples, facts, planning, setValue, usual, values } from '../state';
import { Ordered } from './ordered';
import { Problems } from './section';

const SHOWN = 200;

/** Columns of obs: the usual ones, all, or chosen ones in an order. */
export function Annotations({ field }: { field: Field }) {
  const chosen = textsOf(values.value, field.name);
  const [choosing, setChoosing] = useState(false);
  const mode =
    chosen.length === 1 && chosen[0] === 'all' ? 'all' : chosen.length > 0 || choosing ? 'chosen' : 'usual';
  const set = (names: readonly string[]) => setValue(field, [...names]);
  // Choosing begins with the usual ones, so it waits for the plan, which names them.
  const [waiting, setWaiting] = useState(false);
  const known = usual.value !== null || !planning.value;
  useEffect(() => {
    if (!waiting || !known) return;
    setWaiting(false);
    set(usual.peek() ?? []);
  }, [waiting, known]);
  const choose = (isChoosing: boolean, names: readonly string[]) => {
    setChoosing(isChoosing);
    setWaiting(isChoosing && (waiting || mode === 'usual'));
    set(names);
  };
  return (
    <fieldset class="field" aria-describedby="anno-help anno-problem">
      <legend>Annotations</legend>
      <div class="buttons" role="group" aria-label="Which annotations">
        <Choice title="The usual" on={mode === 'usual'} onChoose={() => choose(false, [])} />
        <Choice title="All" on={mode === 'all'} onChoose={() => choose(false, ['all'])} />
        <Choice
          title="Choose"
          on={mode === 'chosen'}
          onChoose={() => choose(true, mode === 'all' ? [] : chosen)}
        />
      </div>
      <p id="anno-help" class="hint">
        {field.help}
      </p>
      <Problems name="anno" />
      {waiting && <p class="hint">Finding the usual annotations …</p>}
      {mode === 'chosen' && !waiting && facts.value && (
        <>
          <Order names={chosen} onChange={set} />
          <Columns columns={facts.value.obs} chosen={chosen} onChange={set} />
        </>
      )}
    </fieldset>
  );
}

function Choice({ title, on, onChoose }: { title: string; on: boolean; onChoose: () => void }) {
  return (
    <button type="button" aria-pressed={on} onClick={onChoose}>
      {title}
    </button>
  );
}

interface ChangeProps {
  onChange: (names: readonly string[]) => void;
}

/** The chosen columns; the page shows the first one first. */
function Order({ names, onChange }: { names: readonly string[] } & ChangeProps) {
  if (names.length === 0) return <p class="hint">None yet: choose below.</p>;
  return <Ordered label="Chosen annotations, in their order" names={names} onChange={onChange} />;
}

function Columns({
  columns,
  chosen,
  onChange,
}: { columns: readonly Column[]; chosen: readonly string[] } & ChangeProps) {
  const [typed, setTyped] = useState('');
  const search = useMemo(() => new NameSearch(columns.map(({ name }) => name)), [columns]);
  const found = search.find(typed, SHOWN);
  return (
    <>
      <input
        type="search"
        aria-label="Search annotations"
        placeholder={`Search ${formatCounted(columns.length, 'column')}`}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <ul class="picks" aria-label="Columns of obs">
        {found.map((index) => {
          const column = columns[index];
          const on = chosen.includes(column.name);
          return (
            <li key={column.name}>
              <label>
                <input
                  type="checkbox"
                  checked={on}
                  onChange={() =>
                    onChange(on ? chosen.filter((name) => name !== column.name) : [...chosen, column.name])
                  }
                />
                <span class="name">{column.name}</span>
                <span class="quiet kind">{kindOf(column)}</span>
                <span class="quiet examples">{(examples.value[column.name] ?? []).join(', ')}</span>
              </label>
            </li>
          );
        })}
        {found.length === 0 && <li class="quiet none">No column name contains this</li>}
        {found.length === SHOWN && <li class="quiet none">Type more to see others</li>}
      </ul>
    </>
  );
}

function kindOf({ kind, n_categories }: Column): string {
  return n_categories === null ? kind : `${formatCounted(n_categories, 'category')}`;
}
