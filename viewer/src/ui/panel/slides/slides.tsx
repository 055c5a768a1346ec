import type { Slide } from '../../../bundle/tissue';
import { MOST_SLIDES, type PlacedSlide } from '../../../state/drawing/slides';
import type { Session } from '../../../state/session';
import { embeddingNames } from '../../../state/view/embedding_names';
import { rememberHost } from '../../start/hosts';
import { explain } from '../../widgets/explain';
import { Section } from '../controls/section';
import { percent, Slider, times } from '../controls/slider';
import { Toggle } from '../controls/toggle';
import { Channels } from './channels';

interface Listed {
  readonly under: readonly PlacedSlide[];
  readonly shown: readonly PlacedSlide[];
  readonly drawn: readonly PlacedSlide[];
  readonly unseen: readonly URL[];
}

function isGrid({ tissue }: Session): boolean {
  return tissue.sections.mode.value === 'grid' && tissue.sections.info !== null;
}

/** The slides that the page shows: under the cells of the stage, or in the panels of the grid. */
function listedIn(session: Session): Listed {
  const { slides, tissue } = session;
  const under = isGrid(session) ? slides.inPanels(tissue.sections.info!.embedding) : slides.under.value;
  const shown = slides.chosen(under);
  const all = (numbers: readonly number[]) => numbers.map((each) => slides.all[each]);
  return {
    under: all(under),
    shown: all(shown),
    drawn: all(slides.allowed(shown)),
    unseen: slides.unseenOf(shown),
  };
}

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
  const { appearance, bundle, view } = session;
  const where = whereIs(session);
  if (where !== null) return <p class="quiet">{where}</p>;
  const listed = listedIn(session);
  const { shown } = listed;
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
      <WhichSlide session={session} listed={listed} />
      <Toggle label={shown.length === 1 ? 'Tissue image' : 'Tissue images'} value={appearance.showImage} />
      {listed.unseen.map((url) => (
        <OtherHost key={url.origin} session={session} url={url} />
      ))}
      {appearance.showImage.value && <Looks session={session} drawn={listed.drawn} />}
      {unplaced.length > 0 && (
        <p class="quiet">
          {`Not drawn, since the bundle does not hold where they lie: ${unplaced.map(({ name }) => name).join(', ')}.`}
        </p>
      )}
    </>
  );
}

/** Why no slide is drawn, whatever cells are shown; null if slides are. */
function whereIs(session: Session): string | null {
  const { slides, bundle, view } = session;
  if (slides.all.length === 0)
    return 'The bundle holds images but not their positions under the cells, so they are not drawn.';
  const are = slides.all.length === 1 ? 'The image is' : 'The images are';
  if (view.solid.value && !isGrid(session)) return `${are} drawn under the cells in 2-D.`;
  if (slides.here.value.length > 0 || isGrid(session)) return null;
  return `${are} drawn under “${embeddingNames(bundle.embeddings)[slides.all[0].embedding]}”.`;
}

/** If several slides lie in one place. */
function WhichSlide({ session, listed: { under, shown } }: { session: Session; listed: Listed }) {
  const { slides } = session;
  const several = under.filter(({ section }) => section === shown[0].section);
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

function Looks({ session, drawn }: { session: Session; drawn: readonly Slide[] }) {
  const { slides, appearance } = session;
  const { settings } = slides;
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
      <Failures session={session} />
      {!isGrid(session) && drawn.length > MOST_SLIDES && (
        <p class="quiet">{`${MOST_SLIDES} images are drawn at once, the largest in view: zoom in to see others.`}</p>
      )}
    </>
  );
}

/** What could not be loaded, until it is there. */
function Failures({ session }: { session: Session }) {
  const { count, error, isWaiting, retry } = session.slides.settings.failures;
  if (count.value === 0) return null;
  const are = count.value === 1 ? 'One tile' : `${count.value} tiles`;
  return (
    <p class="failed" role="status">
      {`${are} of the image could not be loaded. ${explain(error.value).message} `}
      {isWaiting.value && 'The page will ask again. '}
      <button type="button" class="text" onClick={retry}>
        Try again now
      </button>
    </p>
  );
}
