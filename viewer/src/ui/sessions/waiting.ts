import { signal } from '@preact/signals';

/** A session file that was dropped before its bundle is open, and the name of that bundle. */
export const waiting = signal<{ readonly text: string; readonly name: string } | null>(null);
