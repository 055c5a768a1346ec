import { useState } from 'preact/hooks';
import { isDiverging, isSafe, SCHEME_NAMES, schemeColors } from '../../../state/colouring/schemes';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { Toggle } from '../controls/toggle';

const THUMBNAIL_STEPS = 9;

/** The colour map of numbers: one of a list with thumbnails, and its direction. */
export function SchemeChoice({ session }: { session: Session }) {
  const { scheme, isReversed } = session.colouring;
  const [isOpen, setOpen] = useState(false);
  const list = (title: string, isTwoWay: boolean) => (
    <fieldset>
      <legend>{title}</legend>
      {SCHEME_NAMES.filter((name) => isDiverging(name) === isTwoWay).map((name) => (
        <label key={name} title={isSafe(name) ? undefined : 'Not safe for colour-blind people'}>
          <input
            type="radio"
            name="scheme"
            checked={scheme.value === name}
            onChange={() => (scheme.value = name)}
          />
          <Thumbnail colors={schemeColors(name, isReversed.value, THUMBNAIL_STEPS)} />
          <span>{name}</span>
          {isSafe(name) && (
            <>
              <span class="safe" aria-hidden="true">
                ✓
              </span>
              <span class="unseen"> safe for colour-blind people</span>
            </>
          )}
        </label>
      ))}
    </fieldset>
  );
  return (
    <div class="scheme-choice">
      <button
        type="button"
        class="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        title="Choose a colour map"
      >
        <span class="unseen">Colours: </span>
        <Thumbnail colors={schemeColors(scheme.value, isReversed.value, THUMBNAIL_STEPS)} />
        <span>{scheme.value}</span>
        <Icon name={isOpen ? 'higher' : 'lower'} />
      </button>
      {isOpen && (
        <div class="schemes">
          {list('From low to high', false)}
          {list('Away from a middle value', true)}
          <p class="quiet">✓ Colour-blind people tell the colours apart.</p>
        </div>
      )}
      <Toggle label="Reversed" value={isReversed} />
    </div>
  );
}

function Thumbnail({ colors }: { colors: readonly string[] }) {
  return <span class="thumbnail" style={{ background: `linear-gradient(to right, ${colors.join(', ')})` }} />;
}
