import { notInLink } from '../../state/link/saved/file';
import type { Session } from '../../state/session';
import { say, Status } from '../page/status';
import { ThemeButton } from '../page/theme_button';
import { sessionsOf } from '../sessions/sessions';
import { Icon } from '../widgets/icons';

interface FooterProps {
  session: Session;
  /** Whether there is a picture to save. */
  drawn: boolean;
  onPicture: () => void;
  onHelp: () => void;
}

/** Buttons to save the image, copy the link, open the help and change the theme. */
export function Footer({ session, drawn, onPicture, onHelp }: FooterProps) {
  return (
    <footer>
      <Status />
      <button
        type="button"
        class="button"
        title="Save an image of what is shown"
        disabled={!drawn}
        onClick={onPicture}
      >
        <Icon name="download" /> Image
      </button>
      <button
        type="button"
        class="button"
        aria-label="Copy link"
        title="Copy the address of this view"
        onClick={() => void copyLink(session)}
      >
        <Icon name="link" /> <span class="words">Copy link</span>
      </button>
      <ThemeButton />
      <button
        type="button"
        class="button square"
        aria-label="Help"
        title="Keys and gestures (?)"
        onClick={onHelp}
      >
        <Icon name="help" />
      </button>
    </footer>
  );
}

/** Most parts that one message names. */
const MOST_NAMED = 3;

async function copyLink(session: Session): Promise<void> {
  let said = 'The link is copied.';
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    said = 'The browser does not allow copying: copy the link from the address bar.';
  }
  const lacking = notInLink(session);
  if (lacking.length === 0) return say(said);
  const more = lacking.length - MOST_NAMED;
  const named = lacking.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  say(`${said} It does not hold: ${named}.`, {
    label: 'Save a session file',
    run: () => void sessionsOf(session).saveFile(),
  });
}
