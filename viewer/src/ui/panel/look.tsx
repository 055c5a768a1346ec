import type { Session } from '../../state/session';
import { percent, Slider, times } from './controls/slider';
import { TissueImage } from './tissue_image';

/** How the points and the image look. */
export function Look({ session }: { session: Session }) {
  const { appearance } = session;
  return (
    <section>
      <h2>Appearance</h2>
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
    </section>
  );
}
