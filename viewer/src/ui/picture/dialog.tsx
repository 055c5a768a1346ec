import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import type { FigureOptions } from '../../state/picture/figure_options';
import type { Session } from '../../state/session';
import { Check, Choice, FileFields, NumberField } from './fields';
import { legendsOf } from './legends_of';
import { saveFigure } from './picture';
import { Preview } from './preview';
import { figureOptions } from './remembered';

interface PictureDialogProps {
  session: Session;
  scene: Scene;
  onClose: () => void;
}

/** Asks for the title, size and parts of a figure of the cells, shows it, and saves it. */
export function PictureDialog({ session, scene, onClose }: PictureDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [saving, setSaving] = useState(false);
  const [title, setTitle] = useState(session.bundle.title);
  const hasLegend = useMemo(() => legendsOf(session).length > 0, [session]);
  const options = figureOptions.value;
  const change = (some: Partial<FigureOptions>) => (figureOptions.value = { ...options, ...some });
  useEffect(() => dialog.current?.showModal(), []);

  const make = async () => {
    setSaving(true);
    // The browser draws “Saving …” before it is busy with the image.
    await new Promise((done) => setTimeout(done));
    await saveFigure(session, scene, title, options).catch(
      (error: unknown) => (session.problem.value = error),
    );
    dialog.current?.close();
  };
  const parts: readonly (readonly [
    string,
    'subtitle' | 'legend' | 'labels' | 'axes' | 'scaleBar',
    boolean,
  ])[] = [
    ['Caption', 'subtitle', true],
    ['Legend', 'legend', hasLegend],
    ['Names on the cells', 'labels', scene.labels.value.length > 0],
    ['Axes', 'axes', true],
    ['Scale bar', 'scaleBar', session.view.hasLengths.value],
  ];
  return (
    <dialog ref={dialog} class="card picture figure" onClose={onClose} aria-labelledby="picture-title">
      <h2 id="picture-title">Save an image</h2>
      <form
        class="wide"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Preview session={session} scene={scene} title={title} options={options} />
        <div class="choices">
          <label class="field">
            <span>Title</span>
            <input
              type="text"
              placeholder="None"
              autocomplete="off"
              value={title}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          </label>
          <Choice
            label="File"
            options={[
              ['svg', 'SVG'],
              ['png', 'PNG'],
            ]}
            value={options.format}
            onChange={(format) => change({ format })}
          />
          <FileFields options={options} change={change} />
          <div class="pair">
            {options.size !== 'page' && (
              <NumberField
                label="Letters, in points"
                of="text"
                value={options.text}
                onChange={(text) => change({ text })}
              />
            )}
            <NumberField
              label="Points, times their size"
              of="points"
              value={options.points}
              onChange={(points) => change({ points })}
            />
          </div>
          <div class="parts">
            {parts.map(
              ([label, key, isThere]) =>
                isThere && (
                  <Check key={key} label={label} on={options[key]} onChange={(on) => change({ [key]: on })} />
                ),
            )}
          </div>
          <div class="ways">
            <button class="button primary" type="submit" disabled={saving}>
              {saving ? 'Saving …' : `Save ${options.format.toUpperCase()}`}
            </button>
            <button class="button" type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </div>
        </div>
      </form>
    </dialog>
  );
}
