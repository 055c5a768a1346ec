import { formatCount, formatTick } from '../../../state/texts/format';
import { SCALES, ticksOf } from '../../../state/colouring/scale';
import type { Range } from '../../../state/colouring/colouring';
import type { NumberPaint } from '../../../state/colouring/paint';
import { N_BARS } from '../../../state/colouring/summary';
import type { Session } from '../../../state/session';
import { NumberField } from '../controls/number_field';
import { RangeSlider } from '../controls/range_slider';
import { AboutColours } from '../genes/about_colours';
import { Section } from '../controls/section';
import { Expression } from './expression';
import { Histogram } from './histogram';
import { ScaleChoice } from './scale_choice';
import { SchemeChoice } from './scheme_choice';

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
  const scale = colouring.scale.value;
  const { to, from } = SCALES[scale];
  const domain = colouring.domain.value;
  // Bars and thumbs are on the scale, texts in the units of the data.
  const [places, ends] = [domain, colouring.range.value].map((range): Range => [to(range[0]), to(range[1])]);
  const backTo = (place: number, end: 0 | 1) =>
    place === ends[end] ? colouring.range.value[end] : from(place);
  const field = (end: 0 | 1, label: string) => (
    <NumberField
      label={label}
      text={formatTick(colouring.range.value[end])}
      onChange={(value) => {
        const next = value ?? domain[end];
        const other = colouring.range.value[1 - end];
        if (end === 0 ? next < other : next > other)
          colouring.setRange(end === 0 ? [next, other] : [other, next]);
      }}
    />
  );
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
          <Histogram bars={summary?.histogram ?? NO_BARS} extent={places} range={ends} />
          <RangeSlider
            extent={places}
            range={ends}
            gradient={gradient}
            texts={[formatTick(low), formatTick(high)]}
            onChange={(range) => colouring.setRange([backTo(range[0], 0), backTo(range[1], 1)])}
          />
          {scale !== 'linear' && (
            <div class="scale-ticks" aria-hidden="true">
              {ticksOf(domain, scale).map(({ value, at }) => (
                <span key={value} style={{ left: `${100 * at}%` }}>
                  {formatTick(value)}
                </span>
              ))}
            </div>
          )}
          <div class="ticks">
            {field(0, 'Range from')}
            {scale !== 'linear' && <span class="quiet">{SCALES[scale].label.toLowerCase()} scale</span>}
            {field(1, 'Range to')}
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
      <SchemeChoice session={session} />
      <ScaleChoice session={session} extent={extent} />
    </Section>
  );
}

function everyEighth(colors: readonly string[]): string[] {
  return colors.filter((_, step) => step % 8 === 0 || step === colors.length - 1);
}
