import { batch, signal } from '@preact/signals';
import * as v from 'valibot';
import { endedSince, lastName, stateWord } from '../model/runs';
import { STATE, type Run } from '../model/schema';

export const runs = signal<readonly Run[]>([]);
/** Secrets in the addresses of served bundles, by target. */
export const views = signal<Readonly<Record<string, string>>>({});
/** Whether the exporter responds. */
export const connected = signal(true);
export const notifying = signal('Notification' in window && Notification.permission === 'granted');

/** Subscribes to the state of all runs. The browser reconnects by itself. */
export function followRuns(): void {
  const events = new EventSource('api/events');
  events.onopen = () => (connected.value = true);
  events.onerror = () => (connected.value = false);
  events.onmessage = ({ data }: MessageEvent<string>) => {
    const state = v.parse(STATE, JSON.parse(data));
    const ended = endedSince(runs.peek(), state.runs);
    batch(() => {
      runs.value = state.runs;
      views.value = state.views;
    });
    ended.forEach(tell);
  };
}

export async function allowNotices(): Promise<void> {
  notifying.value = (await Notification.requestPermission()) === 'granted';
}

function tell(run: Run): void {
  if (!notifying.peek() || !document.hidden) return;
  try {
    new Notification(`${stateWord(run.state)}: ${lastName(run.target)}`, {
      body: run.problem?.message ?? run.target,
      tag: run.id,
    });
  } catch {
    // Phones show no notifications without a service worker.
  }
}
