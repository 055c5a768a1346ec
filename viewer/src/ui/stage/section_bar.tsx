import { useId } from 'preact/hooks';
import { factText } from '../../state/tissue/sections/arrange';
import { mirrored, turned, UPRIGHT } from '../../state/tissue/sections/orientation';
import { formatCount } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { Icon } from '../widgets/icons';

/** The section that is shown alone: its name, the way to others, and how it is turned. Nothing for all cells. */
export function SectionBar({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const section = sections.section.value;
  if (section === null || !sections.info) return null;
  const list = sections.list.value;
  const at = list.indexOf(section);
  const facts = sections.info.metadata.map(({ name, values }) => `${name}: ${factText(values[section])}`);
  return (
    <div class="section-bar" role="group" aria-label="Section">
      <button
        type="button"
        class="button square"
        aria-label="Back to all sections"
        title="Back to all sections (Escape)"
        onClick={() => sections.showGrid()}
      >
        <Icon name="grid" />
      </button>
      <Step session={session} by={-1} isOff={at === 0} />
      <p class="section-title" role="status">
        <strong>{sections.nameOf(section)}</strong>
        <span class="quiet">
          {at >= 0 && `${formatCount(at + 1)} of ${formatCount(list.length)}`}
          {facts.length > 0 && ` · ${facts.join(' · ')}`}
        </span>
      </p>
      <Step session={session} by={1} isOff={at === list.length - 1} />
      {session.view.placed.value && <Turning session={session} section={section} />}
    </div>
  );
}

function Step({ session, by, isOff }: { session: Session; by: 1 | -1; isOff: boolean }) {
  const [which, key] = by > 0 ? (['Next', ']'] as const) : (['Previous', '['] as const);
  return (
    <button
      type="button"
      class="button square"
      aria-label={`${which} section`}
      title={`${which} section (${key})`}
      disabled={isOff}
      onClick={() => session.tissue.sections.walk(by)}
    >
      <Icon name={by > 0 ? 'more' : 'less'} />
    </button>
  );
}

function Turning({ session, section }: { session: Session; section: number }) {
  const { sections } = session.tissue;
  const now = sections.orientationOf(section);
  const angle = useId();
  return (
    <div class="turning" role="group" aria-label="Orientation">
      <button
        type="button"
        class="button square"
        aria-label="Turn left by 90°"
        title="Turn left by 90°"
        onClick={() => sections.orient(section, turned(now, -90))}
      >
        <Icon name="undo" />
      </button>
      <label class="unseen" for={angle}>
        Rotation in degrees
      </label>
      <input
        id={angle}
        type="number"
        min={-1}
        max={360}
        step={1}
        value={now.degrees}
        title="Rotation in degrees, clockwise"
        onInput={({ currentTarget: { value } }) => {
          if (value !== '' && Number.isFinite(Number(value)))
            sections.orient(section, turned({ ...now, degrees: 0 }, Number(value)));
        }}
      />
      <span aria-hidden="true">°</span>
      <button
        type="button"
        class="button square"
        aria-label="Turn right by 90°"
        title="Turn right by 90°"
        onClick={() => sections.orient(section, turned(now, 90))}
      >
        <Icon name="redo" />
      </button>
      <button
        type="button"
        class="button square"
        aria-label="Flip"
        title="Flip: exchange left and right"
        aria-pressed={now.flipped}
        onClick={() => sections.orient(section, mirrored(now))}
      >
        <Icon name="flip" />
      </button>
      {(now.flipped || now.degrees !== 0) && (
        <button type="button" class="text" onClick={() => sections.orient(section, UPRIGHT)}>
          Upright
        </button>
      )}
    </div>
  );
}
