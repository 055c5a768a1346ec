import type { Session } from '../../../state/session';
import { embeddingNames } from '../../../state/view/embedding_names';
import { rememberHost } from '../../start/hosts';
import { Section } from '../controls/section';
import { percent, Slider, times } from '../controls/slider';
import { Toggle } from '../controls/toggle';
import { Channels } from './channels';

/** Choices for the slides under the cells; nothing if the bundle has none. */
export function SlidesSection({ session }: { session: Session }) {
  if ((session.bundle.tissue?.slides.length ?? 0) === 0) return null;
  return (
    <Section id="image" title="Image">
      <SlideChoices session={session} />
    </Section>
  );
}

function SlideChoices({ session }: { session: Session }) {
  const { slides, appearance, bundle, view } = session;
  const where = whereIs(session);
  if (where !== null) return <p class="quiet">{where}</p>;
  const shown = slides.shown.value.map((each) => slides.all[each]);
  if (shown.length === 0) {
    const column = bundle.tissue?.sections?.column ?? 'section';
    return (
      <p class="quiet">
        {`Each image belongs to the cells of one ${column}, so it is drawn only while no other cells are shown.`}
      </p>
    );
  }
  const unplaced = (bundle.tissue?.slides ?? []).filter(
    ({ toPixel, embedding }) => toPixel === null && embedding === view.embedding.value?.index,
  );
  return (
    <>
      <WhichSlide session={session} />
      <Toggle label={shown.length === 1 ? 'Tissue image' : 'Tissue images'} value={appearance.showImage} />
      {slides.unseen.value.map((url) => (
        <OtherHost key={url.origin} session={session} url={url} />
      ))}
      {appearance.showImage.value && <Looks session={session} />}
      {unplaced.length > 0 && (
        <p class="quiet">
          {`Not drawn, since the bundle does not hold where they lie: ${unplaced.map(({ name }) => name).join(', ')}.`}
        </p>
      )}
    </>
  );
}

/** Why no slide is drawn, whatever cells are shown; null if slides are. */
function whereIs({ slides, bundle, view }: Session): string | null {
  if (slides.all.length === 0)
    return 'The bundle holds images but not their positions under the cells, so they are not drawn.';
  const are = slides.all.length === 1 ? 'The image is' : 'The images are';
  if (view.solid.value) return `${are} drawn under the cells in 2-D.`;
  if (slides.here.value.length > 0) return null;
  return `${are} drawn under “${embeddingNames(bundle.embeddings)[slides.all[0].embedding]}”.`;
}

/** If several slides lie in one place. */
function WhichSlide({ session }: { session: Session }) {
  const { slides } = session;
  const [first] = slides.shown.value.map((each) => slides.all[each]);
  const several = slides.under.value
    .map((each) => slides.all[each])
    .filter(({ section }) => section === first.section);
  if (several.length < 2) return null;
  const { choice } = slides.settings;
  return (
    <label class="field">
      <span>Which image</span>
      <select
        value={Math.min(choice.value, several.length - 1)}
        onChange={(event) => (choice.value = Number(event.currentTarget.value))}
      >
        {several.map(({ name }, each) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A slide on another host, which gets a request only if the user agrees. */
function OtherHost({ session, url }: { session: Session; url: URL }) {
  const agree = () => {
    rememberHost(url.origin);
    session.slides.settings.allowed.value++;
  };
  return (
    <div class="other-host">
      <p class="quiet">
        The image lies on another host: <strong class="host">{url.host}</strong>. It will learn your network
        address and what you look at.
      </p>
      <button type="button" class="button" onClick={agree}>
        Load the image
      </button>
    </div>
  );
}

function Looks({ session }: { session: Session }) {
  const { slides, appearance } = session;
  const { settings } = slides;
  const drawn = slides.drawn.value.map((each) => slides.all[each]);
  if (drawn.length === 0) return null;
  const factor = { minimum: 0.2, maximum: 3, step: 0.05, format: times };
  const hasPictures = drawn.some(({ kind }) => kind === 'rgb');
  const count = settings.loading.value;
  return (
    <>
      <Channels session={session} slides={drawn} />
      <Slider
        label="Image opacity"
        value={appearance.imageOpacity}
        minimum={0.05}
        maximum={1}
        step={0.05}
        format={percent}
      />
      <Slider label="Brightness" value={settings.brightness} {...factor} />
      {hasPictures && <Slider label="Contrast" value={settings.contrast} {...factor} />}
      <Slider label="Gamma" value={settings.gamma} {...factor} />
      <p class="image-foot">
        <button type="button" class="text" disabled={!settings.isChanged} onClick={() => settings.reset()}>
          Reset the image
        </button>
        <span class="quiet" data-loading={count}>
          {count > 0 ? 'Loading tiles …' : ''}
        </span>
      </p>
    </>
  );
}
