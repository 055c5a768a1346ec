import { useState } from 'preact/hooks';
import type { Session } from '../../../state/session';
import { copyText } from '../../page/copy';

/** What the values of a list are, and the control genes of a score. */
export function AboutColours({ session }: { session: Session }) {
  const { about, control } = session.colouring.current.value;
  const [said, setSaid] = useState('');
  if (about === undefined) return null;
  const copy = async () => {
    const { names } = await session.loadGenes();
    setSaid(await copyText(control!.map((gene) => names[gene]).join('\n'), 'Copied.'));
  };
  return (
    <p class="quiet about-colours">
      {about}{' '}
      {control && (
        <button type="button" class="text" onClick={() => void copy()}>
          Copy the control genes
        </button>
      )}{' '}
      <span role="status">{said}</span>
    </p>
  );
}
