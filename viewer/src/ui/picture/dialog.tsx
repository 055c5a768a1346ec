import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import { formatCount } from '../../state/texts/format';
import { pictureLegend } from '../../state/picture/legend';
import type { Session } from '../../state/session';
import { isDark } from '../page/theme';
import { savePicture, type PictureOptions } from './picture';

const SCALES = [1, 2, 3, 4] as const;
const THEMES = ['light', 'dark'] as const;
/** The last choice: the figures of one study have one size. */
let lastScale = 2;

interface PictureDialogProps {
  session: Session;
  scene: Scene;
  onClose: () => void;
}

/** Asks for the title, resolution and parts of an image, and saves it. */
export function PictureDialog({ session, scene, onClose }: PictureDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [saving, setSaving] = useState(false);
  const hasLegend = useMemo(() => pictureLegend(session) !== null, [session]);
  const hasScaleBar = session.view.micronsPerUnit.value !== null;
  const largest = scene.largestScale;
  const [options, setOptions] = useState<PictureOptions>({
    title: session.bundle.title,
    scale: Math.max(1, ...SCALES.filter((scale) => scale <= Math.min(lastScale, largest))),
    theme: isDark.peek() ? 'dark' : 'light',
    legend: hasLegend,
    scaleBar: hasScaleBar,
  });
  useEffect(() => dialog.current?.showModal(), []);

  const make = async () => {
    lastScale = options.scale;
    setSaving(true);
    // The browser draws “Saving …” before it is busy with the image.
    await new Promise((done) => setTimeout(done));
    await savePicture(session, scene, options).catch((error: unknown) => (session.problem.value = error));
    dialog.current?.close();
  };
  const { width, height } = session.view.size.value;
  return (
    <dialog ref={dialog} class="card picture" onClose={onClose} aria-labelledby="picture-title">
      <h2 id="picture-title">Save an image</h2>
      <form
        class="wide"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <label class="field">
          <span>Title</span>
          <input
            type="text"
            placeholder="None"
            autocomplete="off"
            value={options.title}
            onInput={(event) => setOptions({ ...options, title: event.currentTarget.value })}
          />
        </label>
        <div class="field">
          <span id="picture-scale">Resolution</span>
          <div class="buttons" role="group" aria-labelledby="picture-scale">
            {SCALES.map((scale) => (
              <button
                key={scale}
                type="button"
                aria-pressed={options.scale === scale}
                disabled={scale > Math.max(1, largest)}
                title={scale > Math.max(1, largest) ? 'Too large for this browser' : undefined}
                onClick={() => setOptions({ ...options, scale })}
              >
                {scale} ×
              </button>
            ))}
          </div>
          <p class="quiet" role="status">
            {formatCount(Math.floor(width * options.scale))} ×{' '}
            {formatCount(Math.floor(height * options.scale))} pixels for the cells
          </p>
        </div>
        <div class="field">
          <span id="picture-theme">Background</span>
          <div class="buttons" role="group" aria-labelledby="picture-theme">
            {THEMES.map((theme) => (
              <button
                key={theme}
                type="button"
                aria-pressed={options.theme === theme}
                onClick={() => setOptions({ ...options, theme })}
              >
                {theme === 'dark' ? 'Dark' : 'Light'}
              </button>
            ))}
          </div>
        </div>
        {hasLegend && (
          <Check
            label="Legend"
            on={options.legend}
            onChange={(legend) => setOptions({ ...options, legend })}
          />
        )}
        {hasScaleBar && (
          <Check
            label="Scale bar"
            on={options.scaleBar}
            onChange={(scaleBar) => setOptions({ ...options, scaleBar })}
          />
        )}
        <div class="ways">
          <button class="button primary" type="submit" disabled={saving}>
            {saving ? 'Saving …' : 'Save PNG'}
          </button>
          <button class="button" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Check({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
