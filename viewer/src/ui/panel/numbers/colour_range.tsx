import { formatCount, formatTick } from '../../../state/texts/format';
import { SCHEME_NAMES, type Scheme } from '../../../state/colouring/palette';
import type { NumberPaint } from '../../../state/colouring/paint';
import { N_BARS } from '../../../state/colouring/summary';
import type { Session } from '../../../state/session';
import { RangeSlider } from '../controls/range_slider';
import { AboutColours } from '../genes/about_colours';
import { Section } from '../controls/section';
import { Expression } from './expression';
import { Histogram } from './histogram';

const CUTS = [
  { label: '1 to 99 %', share: 0.01 },
  { label: '5 to 95 %', share: 0.05 },
] as const;

const NO_BARS = new Uint32Array(N_BARS);

/** The colour bar of numbers, with the values at both ends. */
export function ColourRange({ session, paint }: { session: Session; paint: NumberPaint }) {
  const { colouring } = session;
  const [low, high] = colouring.range.value;
  const { extent } = paint;
  const summary = colouring.summary.value;
  if (!extent) {
    return (
      <Section id="legend" title="Colour range">
        <p class="quiet">No cell has a value.</p>
      </Section>
    );
  }
  const gradient = `linear-gradient(to right, ${everyEighth(colouring.colors.value).join(', ')})`;
  return (
    <Section id="legend" title="Colour range" class="colour-range">
      <AboutColours session={session} />
      {extent[0] === extent[1] ? (
        // The zeros of a gene are counted below.
        !(extent[0] === 0 && paint.nZero !== null) && (
          <p class="quiet">Every cell has the value {formatTick(extent[0])}.</p>
        )
      ) : (
        <>
          <Histogram bars={summary?.histogram ?? NO_BARS} extent={extent} range={[low, high]} />
          <RangeSlider
            extent={extent}
            range={[low, high]}
            gradient={gradient}
            onChange={(range) => (colouring.chosenRange.value = range)}
          />
          <div class="ticks">
            <span>{formatTick(low)}</span>
            <span>{formatTick(high)}</span>
          </div>
          <div class="buttons" role="group" aria-label="Set the range">
            <button
              type="button"
              aria-pressed={colouring.chosenRange.value === null}
              onClick={() => (colouring.chosenRange.value = null)}
            >
              Full
            </button>
            {CUTS.map(({ label, share }) => (
              <button key={label} type="button" onClick={() => colouring.cutAt(share)}>
                {label}
              </button>
            ))}
          </div>
        </>
      )}
      {summary && <Expression session={session} paint={paint} summary={summary} />}
      {summary && paint.nMissing > 0 && (
        <p class="missing-line">
          <span class="swatch" /> missing <span class="count">{formatCount(summary.nMissing)}</span>
        </p>
      )}
      <label class="field">
        <span>Colours</span>
        <select
          value={colouring.scheme.value}
          onChange={(event) => (colouring.scheme.value = event.currentTarget.value as Scheme)}
        >
          {SCHEME_NAMES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </Section>
  );
}

function everyEighth(colors: readonly string[]): string[] {
  return colors.filter((_, step) => step % 8 === 0 || step === colors.length - 1);
}
