import type { Side } from '../../state/compare/sides';
import type { Session } from '../../state/session';

/** What a side is made of: two lists, as all categories of all columns would be too long for one. */
export function SideChoice({ session, at, label }: { session: Session; at: 0 | 1; label: string }) {
  const { compare, groups, bundle } = session;
  const side = compare.sides.value[at];
  const names = groups.list.value.map(({ name }) => name);
  // The names of categories may be known only once the column is loaded.
  void compare.marked.value;
  const choose = (chosen: Side) => {
    const [first, second] = compare.sides.peek();
    compare.sides.value = at === 0 ? [chosen, second] : [first, chosen];
  };
  const columns = [...bundle.columns.entries()].filter(
    ([, { kind }]) => kind === 'category' || kind === 'bool',
  );
  const value = side.is === 'category' ? `column ${side.column}` : side.is;
  const which = at === 0 ? 'first' : 'second';
  return (
    <div class="side-choice">
      <label class="field">
        <span>{label}</span>
        <select
          aria-label={`Cells of the ${which} side`}
          value={value}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            if (chosen === 'selection' || chosen === 'rest') choose({ is: chosen });
            else if (chosen === 'group') choose({ is: 'group', name: names[0] });
            else choose({ is: 'category', column: Number(chosen.slice('column '.length)), code: 0 });
          }}
        >
          <option value="selection">The selection</option>
          <option value="rest">The rest of the shown cells</option>
          {(names.length > 0 || side.is === 'group') && <option value="group">A group of mine</option>}
          <optgroup label="A category of">
            {columns.map(([column, { name }]) => (
              <option key={column} value={`column ${column}`}>
                {name}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      {side.is === 'group' && (
        <select
          aria-label={`Group of the ${which} side`}
          value={side.name}
          onChange={(event) => choose({ is: 'group', name: event.currentTarget.value })}
        >
          {(names.includes(side.name) ? names : [side.name, ...names]).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      {side.is === 'category' && (
        <select
          aria-label={`Category of the ${which} side`}
          value={String(side.code)}
          onChange={(event) => choose({ ...side, code: Number(event.currentTarget.value) })}
        >
          {session.categories.namesOf(side.column).map((name, code) => (
            <option key={code} value={String(code)}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
