import type { OnProgress } from '../bundle';

/** Combines the progress of two loads into one. */
export function splitProgress(onProgress?: OnProgress): [OnProgress, OnProgress] {
  const shares = [0, 0];
  const report = (half: number) => (share: number) => {
    shares[half] = share;
    onProgress?.((shares[0] + shares[1]) / 2);
  };
  return [report(0), report(1)];
}
