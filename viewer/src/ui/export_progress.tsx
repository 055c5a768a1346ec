import { useEffect, useState } from 'preact/hooks';
import { STALLED_MINUTES } from '../bundle/live/live_files';
import type { Bundle } from '../bundle/bundle';

/** Shows the progress of an export while its genes are being written. */
export function ExportProgress({ bundle }: { bundle: Bundle }) {
  const { live } = bundle;
  const [progress, setProgress] = useState(live?.progress ?? null);
  useEffect(() => {
    setProgress(live?.progress ?? null);
    return live?.onProgress(() => setProgress(live.progress));
  }, [live]);
  if (!progress) return null;
  const percent = Math.floor((100 * progress.done) / Math.max(1, progress.total));
  if (live?.isStalled) {
    return (
      <p class="export-progress quiet" role="status">
        The export has made no progress for {STALLED_MINUTES} minutes ({percent} %). What is there can be
        looked at; if it was interrupted, run the same command again with <code>--resume</code>.
      </p>
    );
  }
  return (
    <p class="export-progress quiet" role="status">
      Still being exported ({percent} %)
      <progress aria-hidden="true" value={progress.done} max={Math.max(1, progress.total)} />
    </p>
  );
}
