import { useMemo, useState } from 'preact/hooks';
import { findFaint } from '../../state/contrast';
import { MISSING } from '../../state/filters';
import { formatCount } from '../../state/format';
import { categoryColors, N_COLORS } from '../../state/palette';
import type { CategoryPaint } from '../../state/paint';
import type { Session } from '../../state/session';
import { COLORS } from '../stage/colors';
import { isDark } from '../theme';

/** From here on the list can be searched. */
const MANY = 16;

interface LegendProps {
  session: Session;
  column: number;
  paint: CategoryPaint;
}

/** The categories of a column, each with its colour, its cells, and whether they are shown. */
export function Legend({ session, column, paint }: LegendProps) {
  const [wanted, setWanted] = useState('');
  const hidden = session.filters.hidden.value.get(column) ?? new Set<number>();
  const colors = useMemo(() => categoryColors(paint.counts, paint.colors), [paint]);
  const { stage } = isDark.value ? COLORS.dark : COLORS.light;
  const faint = useMemo(() => findFaint(colors, `rgb(${stage.join(', ')})`), [colors, stage]);
  const codes = [...paint.labels.keys(), ...(paint.nMissing > 0 ? [MISSING] : [])];
  const hide = (off: Iterable<number>) => void session.hide(column, new Set(off));
  const toggle = (code: number) => {
    const off = new Set(hidden);
    if (!off.delete(code)) off.add(code);
    hide(off);
  };
  const sought = wanted.trim().toLowerCase();
  const listed = codes.filter((code) => sought === '' || labelOf(paint, code).toLowerCase().includes(sought));
  return (
    <div class="legend">
      <div class="legend-actions">
        <button type="button" class="text" disabled={hidden.size === 0} onClick={() => hide([])}>
          Show all
        </button>
        <button
          type="button"
          class="text"
          disabled={hidden.size === codes.length}
          onClick={() => hide(codes)}
        >
          Hide all
        </button>
        {codes.length > MANY && (
          <input
            type="search"
            aria-label="Find a category"
            placeholder={`Find in ${codes.length}`}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </div>
      <ul>
        {listed.map((code) => (
          <li key={code} class={hidden.has(code) ? 'off' : ''}>
            <label title={labelOf(paint, code)}>
              <input type="checkbox" checked={!hidden.has(code)} onChange={() => toggle(code)} />
              <span
                class={faint.has(code) ? 'swatch faint' : 'swatch'}
                style={code === MISSING ? undefined : { backgroundColor: colors[code] }}
              />
              <span class="name">{labelOf(paint, code)}</span>
              <span class="count">{formatCount(code === MISSING ? paint.nMissing : paint.counts[code])}</span>
            </label>
            <button
              type="button"
              class="text only"
              aria-label={`Show only ${labelOf(paint, code)}`}
              onClick={() => hide(codes.filter((other) => other !== code))}
            >
              only
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet colors-note">{explainColors(paint, faint.size)}</p>
      {codes.length === 0 && <p class="quiet">No cell has a value.</p>}
    </div>
  );
}

function explainColors(paint: CategoryPaint, nFaint: number): string | null {
  if (nFaint > 0) {
    const some = nFaint === 1 ? 'One colour of the file is' : `${nFaint} colours of the file are`;
    return `${some} hardly seen on this background, and outlined here; the other theme may show more.`;
  }
  const chosen = !paint.colors && paint.labels.length > N_COLORS;
  return chosen ? `Colours repeat after ${N_COLORS} categories.` : null;
}

function labelOf(paint: CategoryPaint, code: number): string {
  return code === MISSING ? 'missing' : paint.labels[code];
}
