import { useMemo, useState } from 'preact/hooks';
import {
  codesBut,
  listCategories,
  MISSING_LABEL,
  type CategoryList,
} from '../../../state/lists/category_list';
import { countShown } from '../../../state/lists/shown_counts';
import { findFaint } from '../../../state/colouring/contrast';
import { MISSING } from '../../../state/filters/mask';
import { cellsOfCode } from '../../../state/selection/by_value';
import { formatCount } from '../../../state/texts/format';
import { N_COLORS } from '../../../state/colouring/palette';
import type { CategoryPaint } from '../../../state/colouring/paint';
import type { Session } from '../../../state/session';
import { belowHeight, Disclosure } from '../../markers/disclosure';
import { Rows, type RowAttributes } from '../../widgets/rows';
import { COLORS } from '../../stage/colors';
import { isDark } from '../../page/theme';

/** Lists of this length can be searched. */
const MANY = 16;
/** Longer names are cut, since a text may have a megabyte. */
const LONGEST = 300;
const NONE: ReadonlySet<number> = new Set();

interface LegendProps {
  session: Session;
  column: number;
  paint: CategoryPaint;
}

/** The categories of a column, each with its colour, number of cells, and a check box. */
export function Legend({ session, column, paint }: LegendProps) {
  const [typed, setTyped] = useState('');
  const hidden = session.filters.hidden.value.get(column) ?? NONE;
  const { categories } = session;
  const [names, colors] = [categories.namesOf(column), categories.colorsOf(column, paint.counts)];
  const { stage } = isDark.value ? COLORS.dark : COLORS.light;
  const faint = useMemo(() => findFaint(colors, `rgb(${stage.join(', ')})`), [colors, stage]);
  // Counts cells that the other filters show, so that a hidden category says how many it would add.
  const mask = session.filters.maskBeside(column);
  const shown = useMemo(() => countShown(paint, mask), [paint, mask]);
  const order = categories.orderOf(column, paint.counts);
  const list = useMemo(() => listCategories(paint, typed, names, order), [paint, names, order, typed]);
  const count = paint.labels.length + Number(paint.nMissing > 0);
  const hide = (off: ReadonlySet<number>) => void session.hide(column, off);
  const toggle = (code: number) => {
    const off = new Set(hidden);
    if (!off.delete(code)) off.add(code);
    hide(off);
  };
  const select = (code: number, event: MouseEvent) => {
    const cells = cellsOfCode(paint, code, session.filters.mask.peek());
    session.selection.apply(session.tools.modeFor(event), cells);
  };
  const grouping = session.markers.groupingOf(column);
  const groups = useMemo(
    () => (grouping === null ? null : session.markers.groupsOf(grouping, paint.labels)),
    [session, grouping, paint],
  );
  const [openedCode, setOpened] = useState<number | null>(null);
  const openedRow = useMemo(() => rowOf(list, openedCode), [list, openedCode]);
  const opened =
    openedRow === null || grouping === null || openedCode === null || !groups
      ? undefined
      : { row: openedRow, height: belowHeight(session, grouping, groups[openedCode]) };
  const row = (at: number, attributes: RowAttributes, isStop: boolean) => {
    const code = list.code(at);
    const name = (code === MISSING ? MISSING_LABEL : names[code]).slice(0, LONGEST);
    const off = hidden.has(code);
    const group = groups?.[code];
    return (
      <li key={at} {...attributes} class={off ? 'off' : ''}>
        <label title={name}>
          <input type="checkbox" tabIndex={isStop ? 0 : -1} checked={!off} onChange={() => toggle(code)} />
          <span
            class={faint.has(code) ? 'swatch faint' : 'swatch'}
            style={code === MISSING ? undefined : { backgroundColor: colors[code] }}
          />
          <span class="name">{name}</span>
          <span class="count">{formatCount(code === MISSING ? shown.nMissing : shown.counts[code])}</span>
        </label>
        <span class="acts">
          {/* Reached by the arrow keys. */}
          <button
            type="button"
            class="text only"
            tabIndex={-1}
            aria-label={`Only this: ${name}`}
            onClick={() => hide(codesBut(paint, code))}
          >
            Only this
          </button>
          <button
            type="button"
            class="text"
            tabIndex={-1}
            aria-label={`Select: ${name}`}
            title="Select these cells (Shift adds, Alt subtracts)"
            onClick={(event) => select(code, event)}
          >
            Select
          </button>
        </span>
        {grouping !== null && group !== undefined && group >= 0 && (
          <Disclosure
            session={session}
            grouping={grouping}
            group={group}
            name={name}
            isOpen={code === openedCode}
            onToggle={() => setOpened(code === openedCode ? null : code)}
          />
        )}
      </li>
    );
  };
  return (
    <div class={groups ? 'legend with-markers' : 'legend'}>
      <div class="legend-actions">
        <button type="button" class="text" disabled={hidden.size === 0} onClick={() => hide(NONE)}>
          Show all
        </button>
        <button
          type="button"
          class="text"
          disabled={hidden.size === count}
          onClick={() => hide(codesBut(paint, null))}
        >
          Hide all
        </button>
        {count > MANY && (
          <input
            type="search"
            aria-label="Find a category"
            placeholder={`Find in ${formatCount(count)}`}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </div>
      <Rows key={typed} count={list.count} list={{ 'aria-label': 'Categories' }} opened={opened}>
        {row}
      </Rows>
      {typed !== '' && (
        <p class="quiet found" role="status">
          {list.found === 0
            ? 'No category name contains this'
            : `${formatCount(list.found)} of ${formatCount(count)}`}
        </p>
      )}
      {list.found > list.count && (
        <p class="quiet">{formatCount(list.count)} are listed: type a name to find others.</p>
      )}
      <p class="quiet colors-note">{explainColors(paint, faint.size)}</p>
      {count === 0 && <p class="quiet">No cell has a value.</p>}
    </div>
  );
}

/** The row of a category in the list, if it is there. */
function rowOf(list: CategoryList, code: number | null): number | null {
  if (code === null) return null;
  for (let at = 0; at < list.count; at++) if (list.code(at) === code) return at;
  return null;
}

function explainColors(paint: CategoryPaint, nFaint: number): string | null {
  if (nFaint > 0) {
    const some = nFaint === 1 ? 'One colour of the file is' : `${nFaint} colours of the file are`;
    return `${some} hardly visible on this background, and outlined here; the other theme may show more.`;
  }
  const chosen = !paint.colors && paint.labels.length > N_COLORS;
  return chosen ? `Colours repeat after ${N_COLORS} categories.` : null;
}
