import { useState } from 'preact/hooks';
import { paletteJson, palettePython, parsePalette } from '../../../state/colouring/palette_text';
import { PALETTE_NAMES, PALETTES, type PaletteName } from '../../../state/colouring/qualitative';
import { MOST_SORTED, SORT_NAMES, SORTS, type Sort } from '../../../state/lists/category_order';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { copyText } from '../../widgets/copy';

interface LegendOptionsProps {
  session: Session;
  column: number;
  labels: readonly string[];
  colors: readonly string[];
  /** Whether the file has colours. */
  isGiven: boolean;
}

const NOT_ALLOWED = 'The browser does not allow copying here.';
/** Most names in one sentence. */
const MOST_NAMED = 5;

/** The order and the colours of all categories of a column. */
export function LegendOptions({ session, column, labels, colors, isGiven }: LegendOptionsProps) {
  const { categories, bundle } = session;
  const { sort, palette, names, colors: chosen, order } = categories.editsOf(column);
  const [status, setStatus] = useState('');
  const [isPasting, setPasting] = useState(false);
  const { name } = bundle.columns[column];
  const isLong = labels.length > MOST_SORTED;
  const copy = async (text: string) =>
    setStatus((await copyText(text)) ? `The colours of “${name}” are copied.` : NOT_ALLOWED);
  const isChanged =
    names.size > 0 || chosen.size > 0 || palette !== null || sort !== 'data' || order.length > 0;
  return (
    <div class="legend-options" role="group" aria-label="Order and colours">
      <label class="field">
        <span>Order</span>
        <select
          value={sort}
          disabled={isLong}
          title={isLong ? `Lists of more than ${formatCount(MOST_SORTED)} keep the data's order` : undefined}
          onChange={(event) => categories.change(column, { sort: event.currentTarget.value as Sort })}
        >
          {SORT_NAMES.map((each) => (
            <option key={each} value={each}>
              {SORTS[each]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Palette</span>
        <select
          value={palette ?? ''}
          onChange={(event) =>
            categories.change(column, { palette: (event.currentTarget.value || null) as PaletteName | null })
          }
        >
          <option value="">{isGiven ? 'Of the file' : 'Distinct (40)'}</option>
          {PALETTE_NAMES.filter((each) => isGiven || each !== 'distinct').map((each) => (
            <option key={each} value={each}>
              {PALETTES[each].label}
              {PALETTES[each].isSafe ? ', safe for colour-blind people' : ''}
            </option>
          ))}
        </select>
      </label>
      <div class="buttons" role="group" aria-label="The palette as text">
        <button type="button" onClick={() => void copy(paletteJson(labels, colors))}>
          Copy JSON
        </button>
        <button
          type="button"
          title="A dict for palette= of scanpy"
          onClick={() => void copy(palettePython(name, labels, colors))}
        >
          Copy Python
        </button>
        <button type="button" aria-expanded={isPasting} onClick={() => setPasting(!isPasting)}>
          Paste …
        </button>
      </div>
      {isPasting && <Paste onApply={(text) => setStatus(apply(session, column, labels, text))} />}
      {sort === 'own' && (
        <p class="quiet">Drag categories by their dots, or press Alt and an arrow key on one.</p>
      )}
      {isChanged && (
        <button type="button" class="text" onClick={() => categories.reset(column)}>
          Reset names, colours and order
        </button>
      )}
      <p class="quiet" role="status">
        {status}
      </p>
    </div>
  );
}

function Paste({ onApply }: { onApply: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <div class="field">
      <label for="pasted-palette">Palette as JSON, Python, or lines of names and #rrggbb</label>
      <textarea
        id="pasted-palette"
        rows={4}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="button" class="button" disabled={text.trim() === ''} onClick={() => onApply(text)}>
        Use these colours
      </button>
    </div>
  );
}

/** Gives categories the colours of a text, as one step. Returns what happened. */
function apply({ categories }: Session, column: number, labels: readonly string[], text: string): string {
  const { named, colors: list, refused } = parsePalette(text);
  const shown = categories.namesOf(column);
  const colors = new Map(categories.editsOf(column).colors);
  const known = new Set([...labels, ...shown]);
  let count = 0;
  labels.forEach((label, code) => {
    const color = named ? (named.get(label) ?? named.get(shown[code])) : list.at(code);
    if (color === undefined) return;
    colors.set(label, color);
    count++;
  });
  if (count > 0) categories.change(column, { colors });
  const unknown = [...(named?.keys() ?? [])].filter((name) => !known.has(name));
  return [
    count === 0
      ? 'No category got a colour: paste names and colours such as {"B": "#1f77b4"}.'
      : `${formatCount(count)} of ${formatCount(labels.length)} categories have the pasted colours.`,
    unknown.length > 0 && `No category is called ${some(unknown)}.`,
    refused.length > 0 && `Not a colour such as #1f77b4: ${some(refused)}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function some(texts: readonly string[]): string {
  const named = texts.slice(0, MOST_NAMED).map((text) => `“${text.slice(0, 40)}”`);
  const more = texts.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
