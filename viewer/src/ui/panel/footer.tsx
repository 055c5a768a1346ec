import { useState } from 'preact/hooks';
import { Icon } from '../widgets/icons';
import { ThemeButton } from '../page/theme_button';

const SHOWN_MS = 4000;

interface FooterProps {
  /** Whether there is a picture to save. */
  drawn: boolean;
  onPicture: () => void;
  onHelp: () => void;
}

/** Buttons to save the image, copy the link, open the help and change the theme. */
export function Footer({ drawn, onPicture, onHelp }: FooterProps) {
  const [status, setStatus] = useState('');
  const say = (text: string) => {
    setStatus(text);
    setTimeout(() => setStatus(''), SHOWN_MS);
  };
  return (
    <footer>
      <p class="status" role="status">
        {status}
      </p>
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
        onClick={() => void copyLink().then(say)}
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

async function copyLink(): Promise<string> {
  try {
    await navigator.clipboard.writeText(location.href);
    return 'The link is copied.';
  } catch {
    return 'The browser does not allow copying: copy the link from the address bar.';
  }
}
