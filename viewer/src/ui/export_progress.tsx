import { useEffect, useState } from 'preact/hooks';
import { STILL_MINUTES } from '../bundle/arrival';
import type { Bundle } from '../bundle/bundle';

/** Shows the progress of an export while its genes are being written. */
export function ExportProgress({ bundle }: { bundle: Bundle }) {
  const { arrival } = bundle;
  const [progress, setProgress] = useState(arrival?.progress ?? null);
  useEffect(() => {
    setProgress(arrival?.progress ?? null);
    return arrival?.onProgress(() => setProgress(arrival.progress));
  }, [arrival]);
  if (!progress) return null;
  const percent = Math.floor((100 * progress.done) / Math.max(1, progress.total));
  if (arrival?.isStill) {
    return (
      <p class="arriving quiet" role="status">
        The export has made no progress for {STILL_MINUTES} minutes ({percent} %). What is there can be looked
        at; if it was interrupted, run the same command again with <code>--resume</code>.
      </p>
    );
  }
  return (
    <p class="arriving quiet" role="status">
      Still being exported ({percent} %)
      <progress aria-hidden="true" value={progress.done} max={Math.max(1, progress.total)} />
    </p>
  );
}
