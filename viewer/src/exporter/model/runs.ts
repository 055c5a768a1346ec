import type { Run, RunState } from './schema';

const WORDS: Record<RunState, string> = {
  waiting: 'Waiting',
  running: 'Running',
  stopping: 'Cancelling',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

export const stateWord = (state: RunState) => WORDS[state];
export const isActive = ({ state }: Run) => ['waiting', 'running', 'stopping'].includes(state);
export const canRepeat = ({ state }: Run) => ['failed', 'cancelled', 'interrupted'].includes(state);

/** The current stage: the first that has begun and is not finished. */
export function currentStage({ stages, state }: Run): string {
  if (state !== 'running') return '';
  const at =
    stages.find(({ done, total }) => done > 0 && done < total) ??
    stages.find((each) => each.done < each.total);
  return at?.name ?? (stages.length > 0 ? 'publishing' : 'planning');
}

/** Runs that have ended since `before`. */
export function endedSince(before: readonly Run[], now: readonly Run[]): Run[] {
  const active = new Set(before.filter(isActive).map(({ id }) => id));
  return now.filter((run) => active.has(run.id) && !isActive(run));
}

/** The last part of a path or a URL. */
export function lastName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).pop() ?? path;
}
