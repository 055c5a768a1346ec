import { parseBound } from '../../../state/filters/bounds';

interface NumberFieldProps {
  label: string;
  /** The number as it is shown. */
  text: string;
  /** Called with null if the field was emptied. */
  onChange: (value: number | null) => void;
}

/** A field for a number. What is no number leaves it as it is. */
export function NumberField({ label, text, onChange }: NumberFieldProps) {
  return (
    <input
      type="text"
      class="number-field"
      inputMode="decimal"
      autocomplete="off"
      aria-label={label}
      value={text}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      onChange={(event) => {
        const value = parseBound(event.currentTarget.value);
        if (value === undefined) event.currentTarget.value = text;
        else onChange(value);
      }}
    />
  );
}
