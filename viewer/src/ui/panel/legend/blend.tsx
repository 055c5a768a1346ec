import type { BlendPaint } from '../../../state/colouring/paint';
import { combinationName, cornerOf, mix, type Ground } from '../../../state/genes/blend';
import type { Session } from '../../../state/session';
import { formatCount, formatTick } from '../../../state/texts/format';
import { isDark } from '../../page/theme';
import { COLORS } from '../../stage/colors';
import { Icon } from '../../widgets/icons';
import { RangeSlider } from '../controls/range_slider';
import { Section } from '../controls/section';

const TILES = 12;

/** The colours of blended genes: their mixtures, the range of each, and how many cells express which. */
export function BlendLegend({ session, paint }: { session: Session; paint: BlendPaint }) {
  const { colouring } = session;
  const { by } = colouring.current.value;
  const ground = isDark.value ? COLORS.dark : COLORS.light;
  const ranges = colouring.blendRanges.value;
  const found = colouring.combinations.value;
  const names = paint.genes.map(({ name }) => name);
  const color = (shares: readonly number[]) => `rgb(${mix(shares, ground).join(', ')})`;
  const setRange = (gene: number, range: readonly [number, number] | null) =>
    (colouring.chosenBlend.value = names.map((_, at) =>
      at === gene ? range : (colouring.chosenBlend.peek()[at] ?? null),
    ));
  const remove = (gene: number) => {
    if (by.by !== 'blend') return;
    const left = by.genes.filter((_, at) => at !== gene);
    const next =
      left.length > 1 ? { by: 'blend' as const, genes: left } : { by: 'gene' as const, index: left[0] };
    void session.chooseColour(next, names.filter((_, at) => at !== gene).join(' + '));
  };
  return (
    <Section id="legend" title="Blend" class="blend">
      {names.length === 2 && <Square names={names} ground={ground} />}
      {paint.genes.map(({ name, extent }, gene) => {
        const corner = cornerOf(1 << gene, names.length);
        const [low, high] = ranges[gene];
        return (
          <div key={gene} role="group" aria-label={name}>
            <p class="blend-gene">
              <span class="swatch" style={{ backgroundColor: color(corner) }} />
              <b class="name" title={name}>
                {name}
              </b>
              {colouring.chosenBlend.value[gene] && (
                <button type="button" class="text" onClick={() => setRange(gene, null)}>
                  Full range
                </button>
              )}
              <button
                type="button"
                class="text remove"
                aria-label={`Take ${name} out of the blend`}
                onClick={() => remove(gene)}
              >
                <Icon name="close" />
              </button>
            </p>
            {extent[0] === extent[1] ? (
              <p class="quiet">Every cell has the value {formatTick(extent[0])}.</p>
            ) : (
              <>
                <RangeSlider
                  extent={extent}
                  range={[low, high]}
                  gradient={`linear-gradient(to right, ${color(corner.map(() => 0))}, ${color(corner)})`}
                  labels={[`Lowest colour of ${name} at`, `Highest colour of ${name} at`]}
                  texts={[formatTick(low), formatTick(high)]}
                  onChange={(range) => setRange(gene, range)}
                />
                <div class="ticks">
                  <span>{formatTick(low)}</span>
                  <span>{formatTick(high)}</span>
                </div>
              </>
            )}
          </div>
        );
      })}
      {found && (
        <ul class="groups-legend" aria-label="Shown cells by the genes above zero">
          {[...found.counts.keys()].reverse().map((bits) => (
            <li key={bits}>
              <span class="swatch" style={{ backgroundColor: color(cornerOf(bits, names.length)) }} />
              <span class="name">{combinationName(bits, names)}</span>
              <span class="count">{formatCount(found.counts[bits])}</span>
            </li>
          ))}
          {paint.nMissing > 0 && (
            <li>
              <span class="swatch" />
              <span class="name quiet">missing</span>
              <span class="count">{formatCount(found.nMissing)}</span>
            </li>
          )}
        </ul>
      )}
    </Section>
  );
}

/** The mixtures of two genes: the first to the right, the second upwards. */
function Square({ names, ground }: { names: readonly string[]; ground: Ground }) {
  const tiles = Array.from({ length: TILES ** 2 }, (_, at) => [at % TILES, Math.floor(at / TILES)]);
  return (
    <div class="mixtures" role="img" aria-label={`Mixtures: ${names[0]} to the right, ${names[1]} upwards`}>
      <span class="up">{names[1]} →</span>
      <svg viewBox={`0 0 ${TILES} ${TILES}`} shape-rendering="crispEdges" aria-hidden="true">
        {tiles.map(([x, y]) => {
          const shares = [x, y].map((step) => step / (TILES - 1));
          return (
            <rect
              key={`${x} ${y}`}
              x={x}
              y={TILES - 1 - y}
              width={1}
              height={1}
              fill={`rgb(${mix(shares, ground).join(', ')})`}
            />
          );
        })}
      </svg>
      <span class="across">{names[0]} →</span>
    </div>
  );
}
