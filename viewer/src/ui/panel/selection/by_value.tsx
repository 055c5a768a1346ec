import { useState } from 'preact/hooks';
import type { CategoryPaint, NumberPaint } from '../../../state/colouring/paint';
import { cellsBetween, cellsOfCode } from '../../../state/selection/by_value';
import { heldMode } from '../../../state/selection/tools';
import { formatTick } from '../../../state/texts/format';
import type { Cells } from '../../../state/selection/sets';
import type { Session } from '../../../state/session';
import { NameField } from '../controls/name_search';
import { ModeChoice } from '../../stage/tools/modes';

const COMPARISONS = { least: 'at least', most: 'at most', between: 'between' } as const;
type Comparison = keyof typeof COMPARISONS;

/** Selects the shown cells with some values of what colours them. */
export function ByValue({ session }: { session: Session }) {
  const { paint, label } = session.colouring.current.value;
  if (paint.kind === 'number') return <Threshold key={label} session={session} paint={paint} label={label} />;
  if (paint.kind === 'category')
    return <Category key={label} session={session} paint={paint} label={label} />;
  return <p class="quiet">Colour the cells by a gene or a column first: its values are offered here.</p>;
}

interface FormProps {
  session: Session;
  /** Null while the form is not complete. */
  cells: (() => Cells) | null;
}

/** What the values do to the selection. */
function Apply({ session, cells }: FormProps) {
  const { selection, tools } = session;
  return (
    <div class="apply">
      <ModeChoice session={session} />
      <button
        type="button"
        class="button"
        disabled={cells === null}
        onClick={(event) => cells && selection.apply(heldMode(event) ?? tools.mode.peek(), cells())}
      >
        Select
      </button>
    </div>
  );
}

function Threshold({ session, paint, label }: { session: Session; paint: NumberPaint; label: string }) {
  const [comparison, setComparison] = useState<Comparison>('least');
  const [texts, setTexts] = useState<readonly [string, string]>(['', '']);
  const [first, second] = texts.map((text) => (text.trim() === '' ? NaN : Number(text.replace(',', '.'))));
  const low = comparison === 'most' ? -Infinity : first;
  const high = comparison === 'least' ? Infinity : comparison === 'most' ? first : second;
  const isComplete = low <= high;
  const field = (at: 0 | 1, name: string) => (
    <input
      type="text"
      inputMode="decimal"
      autocomplete="off"
      aria-label={name}
      placeholder={paint.extent ? formatTick(paint.extent[at]) : ''}
      value={texts[at]}
      onInput={({ currentTarget: { value } }) => setTexts(at === 0 ? [value, texts[1]] : [texts[0], value])}
    />
  );
  return (
    <div class="by-value" role="group" aria-label="Select by value">
      <p class="quiet">Shown cells whose {label} is</p>
      <div class="comparison">
        <select
          aria-label="Comparison"
          value={comparison}
          onChange={(event) => setComparison(event.currentTarget.value as Comparison)}
        >
          {Object.entries(COMPARISONS).map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
        {field(0, comparison === 'between' ? 'From' : 'Value')}
        {comparison === 'between' && field(1, 'To')}
      </div>
      <Apply
        session={session}
        cells={isComplete ? () => cellsBetween(paint, low, high, session.drawn.mask.peek()) : null}
      />
    </div>
  );
}

function Category({ session, paint, label }: { session: Session; paint: CategoryPaint; label: string }) {
  const [code, setCode] = useState<number | null>(null);
  const names = session.colouring.labels.value;
  return (
    <div class="by-value" role="group" aria-label="Select by value">
      <div class="field">
        <NameField
          id="select-category"
          label={`Shown cells whose ${label} is`}
          things="Categories"
          names={names}
          current={code === null ? '' : names[code]}
          placeholder="Choose a category"
          none="No category name contains this"
          onChoose={setCode}
        />
      </div>
      <Apply
        session={session}
        cells={code === null ? null : () => cellsOfCode(paint, code, session.drawn.mask.peek())}
      />
    </div>
  );
}
