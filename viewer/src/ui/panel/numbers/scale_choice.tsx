import { SCALE_NAMES, SCALES, usualMiddle, type Scale } from '../../../state/colouring/scale';
import { formatTick } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { NumberField } from '../controls/number_field';

/** How values are spread over the colours, and the value in the middle of two-sided colours. */
export function ScaleChoice({ session, extent }: { session: Session; extent: readonly [number, number] }) {
  const { colouring } = session;
  const { scale, chosenMiddle } = colouring;
  const middle = colouring.middle.value;
  return (
    <div class="scale-choice">
      <label class="field">
        <span>Scale</span>
        <select value={scale.value} onChange={(event) => (scale.value = event.currentTarget.value as Scale)}>
          {SCALE_NAMES.map((name) => (
            <option key={name} value={name}>
              {SCALES[name].label}
            </option>
          ))}
        </select>
      </label>
      {middle !== null && (
        <div class="field">
          <span>Middle</span>
          <NumberField
            label="Value of the middle colour"
            text={formatTick(middle)}
            onChange={(value) => (chosenMiddle.value = value)}
          />
          {chosenMiddle.value !== null && (
            <button type="button" class="text" onClick={() => (chosenMiddle.value = null)}>
              Back to {formatTick(usualMiddle(extent, scale.value))}
            </button>
          )}
        </div>
      )}
      {scale.value !== 'linear' && extent[0] < 0 && (
        <p class="quiet">Values below zero are scaled by their size, and keep their sign.</p>
      )}
    </div>
  );
}
