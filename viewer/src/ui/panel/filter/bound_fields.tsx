import { parseBound, type Bound, type Bounds } from '../../../state/filters/bounds';
import { boundText } from '../../../state/filters/texts';

interface BoundFieldsProps {
  bounds: Bounds;
  /** Shown where there is no bound. */
  extent: readonly [number, number];
  onChange: (bounds: Bounds) => void;
}

/** Two fields to type the bounds into; empty ones are none. */
export function BoundFields({ bounds: [low, high], extent, onChange }: BoundFieldsProps) {
  return (
    <div class="bound-fields">
      <BoundField name="From" bound={low} end={extent[0]} onChange={(next) => onChange([next, high])} />
      <BoundField name="to" bound={high} end={extent[1]} onChange={(next) => onChange([low, next])} />
    </div>
  );
}

interface BoundFieldProps {
  name: string;
  bound: Bound;
  end: number;
  onChange: (bound: Bound) => void;
}

function BoundField({ name, bound, end, onChange }: BoundFieldProps) {
  const text = bound === null ? '' : boundText(bound);
  return (
    <label>
      <span>{name}</span>
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        placeholder={boundText(end)}
        value={text}
        onChange={(event) => {
          const next = parseBound(event.currentTarget.value);
          // What is no number leaves the bound as it is.
          if (next === undefined) event.currentTarget.value = text;
          else onChange(next);
        }}
      />
    </label>
  );
}
