import type { Signal } from '@preact/signals';

/** Formats the value of a slider. */
export const percent = (value: number) => `${Math.round(100 * value)} %`;
export const times = (value: number) => `${value.toFixed(2)} ×`;

interface SliderProps {
  label: string;
  value: Signal<number>;
  minimum: number;
  maximum: number;
  step: number;
  format: (value: number) => string;
}

export function Slider({ label, value, minimum, maximum, step, format }: SliderProps) {
  return (
    <label class="slider">
      <span>{label}</span>
      <span class="amount" aria-hidden="true">
        {format(value.value)}
      </span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={format(value.value)}
        min={minimum}
        max={maximum}
        step={step}
        value={value.value}
        onInput={(event) => (value.value = Number(event.currentTarget.value))}
      />
    </label>
  );
}
