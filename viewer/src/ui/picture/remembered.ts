import { effect, signal } from '@preact/signals';
import { readOptions, type FigureOptions } from '../../state/picture/figure_options';

const KEY = 'karospace-figure';

/** The choices for figures, since those of one study look alike. They outlast the page. */
export const figureOptions = signal<FigureOptions>(readOptions(stored()));

effect(() => {
  const text = JSON.stringify(figureOptions.value);
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Some file:// pages and private windows deny storage: the choices then last as long as the page.
  }
});

function stored(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null');
  } catch {
    return null;
  }
}
