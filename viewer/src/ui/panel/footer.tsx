import { useState } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import type { Session } from '../../state/session';
import { downloadPicture } from '../download';
import { Icon } from '../icons';
import { ThemeButton } from '../theme_button';

const SAID_MS = 4000;

interface FooterProps {
  session: Session;
  scene: Scene | null;
  onHelp: () => void;
}

export function Footer({ session, scene, onHelp }: FooterProps) {
  const [said, setSaid] = useState('');
  const say = (text: string) => {
    setSaid(text);
    setTimeout(() => setSaid(''), SAID_MS);
  };
  return (
    <footer>
      <p class="said" role="status">
        {said}
      </p>
      <button
        type="button"
        class="button"
        disabled={!scene}
        onClick={() => scene && void downloadPicture(session, scene)}
      >
        <Icon name="download" /> PNG
      </button>
      <button
        type="button"
        class="button"
        aria-label="Copy link"
        title="Copy the address of what is shown"
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
    return 'This browser does not let the page copy: take the link from the address bar.';
  }
}
