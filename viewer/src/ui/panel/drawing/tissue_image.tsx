import { useEffect, useState } from 'preact/hooks';
import type { ImageInfo } from '../../../bundle/bundle';
import { MOST_IMAGES } from '../../../state/drawing/images';
import type { Session } from '../../../state/session';
import { embeddingNames } from '../../../state/view/embedding_names';
import { percent, Slider } from '../controls/slider';
import { Toggle } from '../controls/toggle';

const NONE = '';

/** Controls for the look of the images under the cells, and for the section whose image is shown. */
export function TissueImage({ session }: { session: Session }) {
  const { bundle, view, images, appearance, slides } = session;
  // A slide of the same picture has choices of its own.
  if (bundle.images.every((image) => slides.replaces(image))) return null;
  const placed = bundle.images.filter(({ placement }) => placement);
  if (placed.length === 0) return <UnplacedImage session={session} image={bundle.images[0]} />;
  const are = placed.length === 1 ? 'The image is' : 'The images are';
  if (view.solid.value) return <p class="quiet">{are} drawn under the cells in 2-D.</p>;
  if (images.here.value.length === 0) {
    const under = embeddingNames(bundle.embeddings)[placed[0].embedding];
    return <p class="quiet">{`${are} drawn under “${under}”.`}</p>;
  }
  return (
    <>
      {images.areChosen.value && <SectionChoice session={session} />}
      {images.shown.value.length > 0 && (
        <Toggle
          label={images.shown.value.length === 1 ? 'Tissue image' : 'Tissue images'}
          value={appearance.showImage}
        />
      )}
      {images.shown.value.length > 0 && appearance.showImage.value && (
        <Slider
          label="Image opacity"
          value={appearance.imageOpacity}
          minimum={0.05}
          maximum={1}
          step={0.05}
          format={percent}
        />
      )}
      {images.shown.value.length > MOST_IMAGES && appearance.showImage.value && (
        <p class="quiet">{`${MOST_IMAGES} images are drawn at once, the largest in view: zoom in to see others.`}</p>
      )}
    </>
  );
}

/** The choice of a section, if sections overlap: the image of one is shown only with its own cells. */
function SectionChoice({ session }: { session: Session }) {
  const { images } = session;
  const all = images.here.value.filter((each) => images.image(each).cells);
  const name = images.image(all[0]).cells!.column;
  const column = images.column(name);
  if (column === null) return null;
  const shown = images.shown.value.find((each) => all.includes(each));
  const choose = (value: string) =>
    void session.hide(column, value === NONE ? new Set() : images.othersOf(Number(value)));
  return (
    <>
      <label class={shown === undefined ? 'field' : 'field active'}>
        <span>Show with its image</span>
        <select
          value={shown === undefined ? NONE : String(shown)}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value={NONE}>{`All of ${name}, no image`}</option>
          {all.map((each) => (
            <option key={each} value={each}>
              {images.image(each).cells!.category ?? 'missing'}
            </option>
          ))}
        </select>
      </label>
      {shown === undefined && (
        <p class="quiet">
          {`Each image belongs to the cells of one ${name}, so it is drawn only while no other cells are shown.`}
        </p>
      )}
    </>
  );
}

/** An image beside the cells, not under them: a guessed placement would mislead. */
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
        The bundle holds an image but not its position under the cells, so it is not drawn there.
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
