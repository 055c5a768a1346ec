import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../state/session';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search a gene'],
  ['↑ ↓ Enter', 'Walk through the genes that were found, and choose one'],
  ['← → ↑ ↓', 'Move the view (with the plot focused; Shift moves further); in 3-D turn it (Shift moves)'],
  ['+ −', 'Zoom (with the plot focused)'],
  ['0', 'Show all cells again (with the plot focused)'],
  ['D', '3-D, or the first two axes only'],
  ['P', 'Hide the panel, or show it'],
  ['L', 'Lasso: draw around cells to select them; with Shift they are added'],
  ['Esc', 'Leave the gene field; leave the lasso; let go of the clicked cell; clear the selection'],
  ['↑ ↓ Space', 'In a legend: walk through the categories, switch one on or off'],
  ['→ Enter', 'In a legend: show only this category'],
  ['?', 'This page'],
];

export function Help({ session, onClose }: { session: Session; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { bundle } = session;
  return (
    <dialog ref={dialog} class="card help" onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keys and gestures</h2>
      <dl>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        <div>
          <dt>Drag, wheel, pinch</dt>
          <dd>Move and zoom; in 3-D a drag turns, and with Shift or the right button it moves</dd>
        </div>
        <div>
          <dt>Point, or tap</dt>
          <dd>
            What is loaded about a cell; a click loads its name, and keeps its neighbours where they are drawn
          </dd>
        </div>
      </dl>
      <p class="quiet">
        {bundle.format}, read from {bundle.where}
      </p>
      <form method="dialog">
        <button class="button primary" type="submit">
          Close
        </button>
      </form>
    </dialog>
  );
}
