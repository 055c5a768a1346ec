import type { Range } from '../../../state/colouring/colouring';

const STEPS = 1000;

interface RangeSliderProps {
  extent: Range;
  range: Range;
  /** The colours between the thumbs. */
  gradient: string;
  /** What the thumbs are, for screen readers. */
  labels?: readonly [string, string];
  texts?: readonly [string, string];
  onChange: (range: Range) => void;
}

/** Two thumbs on one bar. Each is a slider of its own, for keyboards and screen readers. */
export function RangeSlider({ extent, range, gradient, labels, texts, onChange }: RangeSliderProps) {
  const width = extent[1] - extent[0];
  const toStep = (value: number) => Math.round(((value - extent[0]) / width) * STEPS);
  const toValue = (step: number) => (step === STEPS ? extent[1] : extent[0] + (step / STEPS) * width);
  const [low, high] = range.map((end) => Math.min(STEPS, Math.max(0, toStep(end))));
  return (
    <div class="range-slider">
      <div class="bar">
        <div class="end" style={{ width: `${low / 10}%`, background: 'var(--bar-low)' }} />
        <div class="colours" style={{ background: gradient }} />
        <div class="end" style={{ width: `${(STEPS - high) / 10}%`, background: 'var(--bar-high)' }} />
      </div>
      <input
        type="range"
        aria-label={labels?.[0] ?? 'Lowest colour at'}
        aria-valuetext={texts?.[0] ?? String(range[0])}
        min={0}
        max={STEPS}
        value={low}
        onInput={(event) => {
          const step = Math.min(Number(event.currentTarget.value), high - 1);
          event.currentTarget.value = String(step);
          onChange([toValue(step), range[1]]);
        }}
      />
      <input
        type="range"
        aria-label={labels?.[1] ?? 'Highest colour at'}
        aria-valuetext={texts?.[1] ?? String(range[1])}
        min={0}
        max={STEPS}
        value={high}
        onInput={(event) => {
          const step = Math.max(Number(event.currentTarget.value), low + 1);
          event.currentTarget.value = String(step);
          onChange([range[0], toValue(step)]);
        }}
      />
    </div>
  );
}
