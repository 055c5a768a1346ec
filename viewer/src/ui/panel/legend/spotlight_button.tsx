import { useEffect } from 'preact/hooks';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';

/** Fades all other categories while it is pointed at or has the focus, and until it is pressed again. */
export function SpotlightButton({ session, code, name }: { session: Session; code: number; name: string }) {
  const { spotlight } = session;
  const isHeld = spotlight.held.value === code;
  const leave = () => {
    if (spotlight.pointed.peek() === code) spotlight.pointed.value = null;
  };
  // A row that leaves the page takes its light with it.
  useEffect(() => leave, [code]);
  return (
    <button
      type="button"
      class="text spotlight"
      // Reached by the arrow keys.
      tabIndex={-1}
      aria-label={`Spotlight: ${name}`}
      title="Fade all others; press to keep it so"
      aria-pressed={isHeld}
      onPointerEnter={(event) => event.pointerType === 'mouse' && (spotlight.pointed.value = code)}
      onPointerLeave={leave}
      onFocus={() => (spotlight.pointed.value = code)}
      onBlur={leave}
      onClick={() => {
        spotlight.hold(isHeld ? null : code);
        if (isHeld) leave();
      }}
    >
      <Icon name="spotlight" />
    </button>
  );
}

/** Says which category is in the light, and ends that. */
export function SpotlightLine({ session, names }: { session: Session; names: readonly string[] }) {
  const held = session.spotlight.held.value;
  if (held === null) return null;
  return (
    <p class="spotlight-line" role="status">
      <span>
        Spotlight on <b>{names[held] ?? 'missing'}</b>
      </span>
      <button type="button" class="text" onClick={() => session.spotlight.hold(null)}>
        End
      </button>
    </p>
  );
}
