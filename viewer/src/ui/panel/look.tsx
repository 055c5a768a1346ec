import { useEffect, useState } from 'preact/hooks';
import type { ImageInfo } from '../../bundle/bundle';
import type { Session } from '../../state/session';
import { percent, Slider, times } from './controls/slider';
import { Toggle } from './controls/toggle';

/** How the points and the image look. */
export function Look({ session }: { session: Session }) {
  const { appearance, bundle } = session;
  return (
    <section>
      <h2>Look</h2>
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
      {bundle.image && <Image session={session} image={bundle.image} />}
    </section>
  );
}

function Image({ session, image }: { session: Session; image: ImageInfo }) {
  const { appearance, view, bundle } = session;
  if (!image.placement) return <UnplacedImage session={session} image={image} />;
  if (view.embedding.value?.index !== 0) {
    return <p class="quiet">The image is drawn under “{bundle.embeddings[0].label}”.</p>;
  }
  if (view.solid.value) return <p class="quiet">The image is drawn under the cells in 2-D.</p>;
  return (
    <>
      <Toggle label="Tissue image" value={appearance.showImage} />
      {appearance.showImage.value && (
        <Slider
          label="Image opacity"
          value={appearance.imageOpacity}
          minimum={0.05}
          maximum={1}
          step={0.05}
          format={percent}
        />
      )}
    </>
  );
}

/** Shown beside the cells, not under them: a guess would lie about which tissue a cell is in. */
function UnplacedImage({ session, image }: { session: Session; image: ImageInfo }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  const show = () =>
    session.bundle.file(image.path).then(
      (bytes) => setUrl(URL.createObjectURL(new Blob([bytes]))),
      (error: unknown) => (session.problem.value = error),
    );
  return (
    <div class="unplaced">
      <p class="quiet">
        The bundle holds an image but not how it lies under the cells, so it is not drawn there.
      </p>
      {url ? (
        <img src={url} alt="Tissue image of the bundle" />
      ) : (
        <button type="button" class="button" onClick={() => void show()}>
          Show the image
        </button>
      )}
    </div>
  );
}
