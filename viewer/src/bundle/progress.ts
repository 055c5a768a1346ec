import type { OnProgress } from './bundle';

/** Shares of two loads that together are one. */
export function splitProgress(onProgress?: OnProgress): [OnProgress, OnProgress] {
  const shares = [0, 0];
  const report = (half: number) => (share: number) => {
    shares[half] = share;
    onProgress?.((shares[0] + shares[1]) / 2);
  };
  return [report(0), report(1)];
}
