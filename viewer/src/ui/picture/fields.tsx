import { useId, useState } from 'preact/hooks';
import { BACKGROUNDS, COLUMNS, LIMITS, UNITS, type FigureOptions } from '../../state/picture/figure_options';

const SIZES: readonly (readonly [FigureOptions['size'], string])[] = [
  ['page', 'As on the page'],
  ['single', `One column, ${COLUMNS.single} mm`],
  ['middle', `One and a half columns, ${COLUMNS.middle} mm`],
  ['double', `Two columns, ${COLUMNS.double} mm`],
  ['own', 'Own size'],
];
const RESOLUTIONS = [150, 300, 600] as const;
const NAMES = { white: 'White', dark: 'Dark', transparent: 'Transparent' } as const;

interface FileFieldsProps {
  options: FigureOptions;
  change: (some: Partial<FigureOptions>) => void;
}

/** Size, resolution and background of a figure. */
export function FileFields({ options, change }: FileFieldsProps) {
  const id = useId();
  return (
    <>
      <label class="field">
        <span>Size</span>
        <select
          value={options.size}
          onChange={({ currentTarget }) => change({ size: currentTarget.value as FigureOptions['size'] })}
        >
          {SIZES.map(([size, name]) => (
            <option key={size} value={size}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {options.size === 'own' && (
        <div class="pair">
          <NumberField
            label="Width"
            of="width"
            value={options.width}
            onChange={(width) => change({ width })}
          />
          <NumberField
            label="Height"
            of="height"
            placeholder="Follows"
            value={options.height}
            onChange={(height) => change({ height })}
          />
          <label class="field">
            <span>Unit</span>
            <select
              value={options.unit}
              onChange={({ currentTarget }) => change({ unit: currentTarget.value as FigureOptions['unit'] })}
            >
              {UNITS.map((unit) => (
                <option key={unit} value={unit}>
                  {unit}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <div class="field">
        <label for={id}>Pixels per inch</label>
        <div class="with-number">
          <div class="buttons" role="group" aria-label="Usual pixels per inch">
            {RESOLUTIONS.map((dpi) => (
              <button
                key={dpi}
                type="button"
                aria-pressed={options.dpi === dpi}
                onClick={() => change({ dpi })}
              >
                {dpi}
              </button>
            ))}
          </div>
          <NumberInput id={id} of="dpi" value={options.dpi} onChange={(dpi) => change({ dpi })} />
        </div>
      </div>
      <Choice
        label="Background"
        options={BACKGROUNDS.map((each) => [each, NAMES[each]])}
        value={options.background}
        onChange={(background) => change({ background })}
      />
    </>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <span id={id}>{label}</span>
      <div class="buttons" role="group" aria-labelledby={id}>
        {options.map(([each, name]) => (
          <button key={each} type="button" aria-pressed={value === each} onClick={() => onChange(each)}>
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}

interface NumberProps {
  of: keyof typeof LIMITS;
  value: number;
  placeholder?: string;
  onChange: (value: number) => void;
}

export function NumberField({ label, ...rest }: NumberProps & { label: string }) {
  return (
    <label class="field">
      <span>{label}</span>
      <NumberInput {...rest} />
    </label>
  );
}

/** A number within its limits: what is not is marked, and changes nothing. An empty field is 0, where that is allowed. */
function NumberInput({ id, of, value, placeholder, onChange }: NumberProps & { id?: string }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [low, high] = LIMITS[of];
  const known = value === 0 && placeholder ? '' : String(value);
  const number = Number((typed ?? known).replace(',', '.'));
  const isWrong = !(number >= low && number <= high);
  return (
    <input
      id={id}
      type="text"
      inputMode="decimal"
      autocomplete="off"
      placeholder={placeholder}
      aria-invalid={isWrong}
      title={isWrong ? `A number from ${low} to ${high}` : undefined}
      value={typed ?? known}
      onInput={({ currentTarget }) => {
        setTyped(currentTarget.value);
        const next = Number(currentTarget.value.replace(',', '.'));
        if (next >= low && next <= high) onChange(next);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

export function Check({
  label,
  on,
  onChange,
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
