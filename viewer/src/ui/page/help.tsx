import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../state/session';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search for a gene'],
  ['↑ ↓ Enter', 'Move through the genes found, and choose one'],
  [
    '← → ↑ ↓',
    'Move the view (Shift: further); in 3-D, rotate it (Shift: move). The plot must have the focus',
  ],
  ['+ −', 'Zoom (the plot must have the focus)'],
  ['0', 'Show all cells (the plot must have the focus)'],
  ['D', '3-D, or the first two axes only'],
  ['P', 'Hide or show the panel'],
  [
    'W',
    'Another embedding beside this one, such as UMAP beside the tissue, or another section; again: close the panels',
  ],
  ['← → Home End', 'On a curtain, or on the edge of a panel: move it (Shift: further)'],
  ['S', 'Save what I see, in this browser'],
  ['L R B', 'Select with a lasso, a rectangle or a brush; V moves the view again'],
  ['Shift, Alt', 'While selecting: add, subtract; both: keep what is in both. Also with a click on a cell'],
  ['← → ↑ ↓ Enter', 'With the rectangle: move it (Shift: its size), and select the cells in it'],
  ['Ctrl+Z', 'Undo what was coloured, filtered, selected or grouped; Shift+Ctrl+Z: redo'],
  ['[ ]', 'A smaller or larger brush (or the wheel with Shift)'],
  ['Esc', 'Leave the gene field or the tool; release the clicked cell; clear the selection'],
  ['↑ ↓ Space', 'In a legend: move through the categories, switch one on or off'],
  ['→ Enter', 'In a legend: show only this category; → again: select it, its spotlight, its markers'],
  ['← → ↑ ↓ Enter', 'In the grid of sections: move from panel to panel, and show one large; Esc leads back'],
  ['Page Up, Page Down', 'The section before or after the one that is shown large'],
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
          <dd>Move and zoom; in 3-D, dragging rotates, and with Shift or the right button it moves</dd>
        </div>
        <div>
          <dt>Point, or tap</dt>
          <dd>
            Show the loaded values of a cell; a click loads its name, and keeps its neighbours if they are
            drawn
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
