import type { Colouring } from '../../../state/colouring/colouring';
import { formatCount, formatRounded } from '../../../state/texts/format';

/** Most categories of a small legend. */
const MOST = 8;

/** A small legend of one side of a curtain. */
export function CurtainLegend({ colouring, side }: { colouring: Colouring; side: 'left' | 'right' }) {
  const { paint, label } = colouring.current.value;
  if (paint.kind === 'plain' || paint.kind === 'blend') return null;
  const [colors, labels] = [colouring.colors.value, colouring.labels.value];
  const [low, high] = colouring.range.value;
  return (
    <div class={`curtain-legend ${side}`} role="group" aria-label={`Legend on the ${side}: ${label}`}>
      <strong title={label}>{label}</strong>
      {paint.kind === 'number' ? (
        <>
          <div class="bar" style={{ background: `linear-gradient(to right, ${colors.join(', ')})` }} />
          <div class="ends">
            <span>{formatRounded(low)}</span>
            <span>{formatRounded(high)}</span>
          </div>
        </>
      ) : (
        <ul>
          {labels.slice(0, MOST).map((name, code) => (
            <li key={code}>
              <i style={{ background: colors[code] }} />
              <span title={name}>{name}</span>
            </li>
          ))}
          {labels.length > MOST && <li class="quiet">and {formatCount(labels.length - MOST)} more</li>}
        </ul>
      )}
    </div>
  );
}
