import { ViewerError } from '../../bytes/errors';

/** The message and advice for any error. */
export function explain(error: unknown): { message: string; advice: string } {
  if (error instanceof ViewerError) return { message: error.message, advice: error.advice };
  if (error instanceof RangeError) {
    return {
      message: `The browser has no memory left for this (${error.message}).`,
      advice: 'Close other tabs, or export fewer cells (--downsample).',
    };
  }
  return {
    message: `Something went wrong in the viewer: ${error instanceof Error ? error.message : String(error)}.`,
    advice: 'Reload the page; if it happens again, please report this message.',
  };
}
