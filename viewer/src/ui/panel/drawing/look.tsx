import type { Session } from '../../../state/session';
import { isTissuePositions, knownMicrons } from '../../../state/view/embedding_view';
import { percent, Slider, times } from '../controls/slider';
import { TissueImage } from './tissue_image';

/** Controls for the look of the points and the image. */
export function Look({ session }: { session: Session }) {
  const { appearance } = session;
  return (
    <div class="part" role="group" aria-labelledby="look-title">
      <h3 id="look-title">Appearance</h3>
      <Slider
        label="Point size"
        value={appearance.pointSize}
        minimum={0.25}
        maximum={5}
        step={0.05}
        format={times}
      />
      <Slider
        label="Point opacity"
        value={appearance.opacity}
        minimum={0.05}
        maximum={1}
        step={0.05}
        format={percent}
      />
      <TissueImage session={session} />
      <Unit session={session} />
    </div>
  );
}

/** A field for the length of a unit, for the scale bar, since few files state it. */
function Unit({ session }: { session: Session }) {
  const { view } = session;
  const info = view.embedding.value?.info;
  if (!info || info.dims === 1 || view.solid.value || !isTissuePositions(info)) return null;
  const known = knownMicrons(info);
  return (
    <label class="field">
      <span>Microns per unit, for a scale bar</span>
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        placeholder={known === null ? 'Not known' : `${Number(known.toPrecision(4))}, as the data say`}
        value={view.givenMicrons.value ?? ''}
        onChange={(event) => {
          const microns = Number(event.currentTarget.value);
          view.givenMicrons.value = microns > 0 && Number.isFinite(microns) ? microns : null;
          // Show the stored value, since an invalid length is not stored.
          event.currentTarget.value = view.givenMicrons.peek() === null ? '' : String(microns);
        }}
      />
    </label>
  );
}
