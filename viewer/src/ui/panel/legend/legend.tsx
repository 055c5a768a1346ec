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
import { sizeOf, type PaletteName } from '../../../state/colouring/qualitative';
import { MOST_SORTED } from '../../../state/lists/category_order';
import type { CategoryPaint } from '../../../state/colouring/paint';
import type { Session } from '../../../state/session';
import { belowHeight, Disclosure } from '../../markers/disclosure';
import { Icon } from '../../widgets/icons';
import { Rows, type RowAttributes } from '../../widgets/rows';
import { COLORS } from '../../stage/colors';
import { isDark } from '../../page/theme';
import { CategoryEditor, EDITOR_HEIGHT } from './category_editor';
import { LegendOptions } from './legend_options';
import { RowActs } from './row_acts';
import { SpotlightLine } from './spotlight_button';

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
  const mask = session.drawn.maskBeside(column);
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
    const cells = cellsOfCode(paint, code, session.drawn.mask.peek());
    session.selection.apply(session.tools.modeFor(event), cells);
  };
  const grouping = session.markers.groupingOf(column);
  const groups = useMemo(
    () => (grouping === null ? null : session.markers.groupsOf(grouping, paint.labels)),
    [session, grouping, paint],
  );
  const [openedCode, setOpened] = useState<number | null>(null);
  const [isEdited, setEdited] = useState(false);
  const [hasOptions, setOptions] = useState(false);
  const openedRow = useMemo(() => rowOf(list, openedCode), [list, openedCode]);
  const open = (code: number | null, edits: boolean) => {
    setEdited(edits);
    setOpened(code === openedCode && edits === isEdited ? null : code);
  };
  const height = isEdited ? EDITOR_HEIGHT : heightOf(session, grouping, groups?.[openedCode ?? MISSING]);
  const opened = openedOf(openedRow, height);
  const { by } = session.colouring.current.value;
  const isColouring = by.by === 'column' && by.index === column;
  const { sort, palette } = categories.editsOf(column);
  const nLabels = paint.labels.length;
  // Cells without a category stay at the end.
  const isPlace = (at: number) => at >= 0 && at < nLabels;
  const canMove = typed === '' && nLabels <= MOST_SORTED;
  const move = (from: number, to: number) =>
    [from, to].every(isPlace) && categories.move(column, paint.counts, from, to);
  const mover = (from: number, to: number) => (canMove && isPlace(to) ? () => move(from, to) : null);
  const row = (at: number, attributes: RowAttributes, isStop: boolean) => {
    const code = list.code(at);
    const name = (code === MISSING ? MISSING_LABEL : names[code]).slice(0, LONGEST);
    const off = hidden.has(code);
    const group = groups?.[code];
    return (
      <li key={at} {...attributes} class={off ? 'off' : ''}>
        {canMove && sort === 'own' && <Grip code={code} />}
        <label title={titleOf(paint, code, name)}>
          <input type="checkbox" tabIndex={isStop ? 0 : -1} checked={!off} onChange={() => toggle(code)} />
          <Swatch code={code} color={colors[code]} isFaint={faint.has(code)} />
          <span class="name">{name}</span>
          <span class="count">{formatCount(code === MISSING ? shown.nMissing : shown.counts[code])}</span>
        </label>
        <RowActs
          session={session}
          code={code}
          name={name}
          canEdit={hasOptions}
          isEdited={isEdited && code === openedCode}
          isColouring={isColouring}
          onOnly={() => hide(codesBut(paint, code))}
          onSelect={(event) => select(code, event)}
          onEdit={() => open(code, true)}
        />
        {isEdited && code === openedCode && (
          <CategoryEditor
            key={code}
            session={session}
            column={column}
            label={paint.labels[code]}
            name={name}
            color={colors[code]}
            onUp={mover(at, at - 1)}
            onDown={mover(at, at + 1)}
            onClose={() => open(code, true)}
          />
        )}
        {grouping !== null && group !== undefined && group >= 0 && (
          <Disclosure
            session={session}
            grouping={grouping}
            group={group}
            name={name}
            isOpen={!isEdited && code === openedCode}
            onToggle={() => open(code, false)}
          />
        )}
      </li>
    );
  };
  return (
    <div class={groups ? 'legend with-markers' : 'legend'}>
      <Head
        nHidden={hidden.size}
        count={count}
        typed={typed}
        hasOptions={hasOptions}
        onHide={(all) => hide(all ? codesBut(paint, null) : NONE)}
        onType={setTyped}
        onOptions={() => setOptions(!hasOptions)}
      />
      {hasOptions && (
        <LegendOptions
          session={session}
          column={column}
          labels={paint.labels}
          colors={colors}
          isGiven={paint.colors !== null}
        />
      )}
      {isColouring && <SpotlightLine session={session} names={names} />}
      <Rows
        key={typed}
        count={list.count}
        list={{ 'aria-label': 'Categories' }}
        opened={opened}
        onMove={canMove ? move : null}
      >
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
      <p class="quiet colors-note">{explainColors(paint, palette, faint.size)}</p>
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

function openedOf(row: number | null, height: number | null) {
  return row === null || height === null ? undefined : { row, height };
}

/** Pixels of the markers below a category; null if it has none. */
function heightOf(session: Session, grouping: number | null, group: number | undefined): number | null {
  return grouping === null || group === undefined ? null : belowHeight(session, grouping, group);
}

function titleOf({ labels }: CategoryPaint, code: number, name: string): string {
  const label = code === MISSING ? name : labels[code].slice(0, LONGEST);
  return name === label ? name : `${name} (in the data: ${label})`;
}

function Swatch({ code, color, isFaint }: { code: number; color: string; isFaint: boolean }) {
  return (
    <span
      class={isFaint ? 'swatch faint' : 'swatch'}
      style={code === MISSING ? undefined : { backgroundColor: color }}
    />
  );
}

/** What a category is dragged by. */
function Grip({ code }: { code: number }) {
  if (code === MISSING) return null;
  return (
    <span class="grip" aria-hidden="true">
      <Icon name="grip" />
    </span>
  );
}

function explainColors(paint: CategoryPaint, palette: PaletteName | null, nFaint: number): string | null {
  if (nFaint > 0) {
    const some = nFaint === 1 ? 'One colour is' : `${nFaint} colours are`;
    return `${some} hardly visible on this background, and outlined here; the other theme may show more.`;
  }
  const most = palette === null ? (paint.colors ? Infinity : N_COLORS) : sizeOf(palette);
  return paint.labels.length > most ? `Colours repeat after ${most} categories.` : null;
}

interface HeadProps {
  nHidden: number;
  count: number;
  typed: string;
  hasOptions: boolean;
  onHide: (all: boolean) => void;
  onType: (typed: string) => void;
  onOptions: () => void;
}

function Head({ nHidden, count, typed, hasOptions, onHide, onType, onOptions }: HeadProps) {
  return (
    <div class="legend-actions">
      <button type="button" class="text" disabled={nHidden === 0} onClick={() => onHide(false)}>
        Show all
      </button>
      <button type="button" class="text" disabled={nHidden === count} onClick={() => onHide(true)}>
        Hide all
      </button>
      <button
        type="button"
        class="text options-button"
        aria-expanded={hasOptions}
        title="Order and colours"
        aria-label="Order and colours"
        onClick={onOptions}
      >
        <Icon name="edit" />
      </button>
      {count > MANY && (
        <input
          type="search"
          aria-label="Find a category"
          placeholder={`Find in ${formatCount(count)}`}
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
