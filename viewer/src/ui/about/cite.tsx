import { useEffect, useRef, useState } from 'preact/hooks';
import type { Bundle } from '../../bundle/bundle';
import { dataCitation, softwareCitation, type Citation } from '../../state/texts/citation';
import { Linked } from './linked';
import { useLoaded } from './made';

interface CiteProps {
  bundle: Bundle;
  onClose: () => void;
}

/** A dialog that says how to cite the data and the program. */
export function Cite({ bundle, onClose }: CiteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const about = useLoaded(() => bundle.about());
  const receipt = useLoaded(() => bundle.receipt());
  const [said, setSaid] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  const data = about.value && dataCitation(bundle.title, about.value);
  return (
    <dialog ref={dialog} class="card help about" onClose={onClose} aria-labelledby="cite-title">
      <div class="text" role="region" aria-labelledby="cite-title" tabIndex={0}>
        <h2 id="cite-title">How to cite</h2>
        <h3>The data</h3>
        {data && <Cited of="the data" citation={data} onCopied={setSaid} />}
        {about.value && !data && (
          <p>These data do not say how to cite them: ask those who shared this page with you.</p>
        )}
        {about.failure && <p class="failure">{about.failure}</p>}
        <h3>The program</h3>
        <Cited
          of="the program"
          citation={softwareCitation(receipt.value ?? { generator: '', createdAt: '' })}
          onCopied={setSaid}
        />
      </div>
      <form method="dialog">
        <button class="button primary" type="submit">
          Close
        </button>{' '}
        <span role="status">{said}</span>
      </form>
    </dialog>
  );
}

interface CitedProps {
  of: string;
  citation: Citation;
  onCopied: (said: string) => void;
}

function Cited({ of, citation, onCopied }: CitedProps) {
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      onCopied('Copied.');
    } catch {
      onCopied('The browser does not allow copying: select the text.');
    }
  };
  return (
    <>
      <p class="description" dir="auto">
        <Linked text={citation.text} />
      </p>
      <pre>{citation.bibtex}</pre>
      <div class="buttons">
        <button type="button" aria-label={`Copy the text: ${of}`} onClick={() => void copy(citation.text)}>
          Copy text
        </button>
        <button type="button" aria-label={`Copy BibTeX: ${of}`} onClick={() => void copy(citation.bibtex)}>
          Copy BibTeX
        </button>
      </div>
    </>
  );
}

/** The button beside the title that opens the dialog. */
export function CiteButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" class="text about-button" title="How to cite these data" onClick={onClick}>
      Cite
    </button>
  );
}
