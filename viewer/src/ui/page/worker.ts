import { wrap, type Remote } from 'comlink';
import type { PageServices } from '../../state/filters/page.worker';
import PageWorker from '../../state/filters/page.worker?worker&inline';

/** Longest time to wait until it begins. */
const PATIENCE_MS = 5_000;

let started: Promise<Remote<PageServices> | null> | null = null;

/**
 * The worker of the page, which starts when something first needs it. Null if the browser or the policy of a page
 * around allows none: the work is then done in the page.
 */
export function pageWorker(): Promise<Remote<PageServices> | null> {
  started ??= start();
  return started;
}

async function start(): Promise<Remote<PageServices> | null> {
  let worker: Worker;
  try {
    worker = new PageWorker();
  } catch {
    return null;
  }
  const services = wrap<PageServices>(worker);
  const isAlive = await new Promise<boolean>((done) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      done(false);
    });
    setTimeout(() => done(false), PATIENCE_MS);
    void services.alive().then(done);
  });
  if (isAlive) return services;
  worker.terminate();
  return null;
}
