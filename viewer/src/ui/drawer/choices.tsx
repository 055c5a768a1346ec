import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../widgets/icons';

/** The choices of a plot, at its left. In a small drawer they fold, as they would leave no room for the plot. */
export function PlotChoices({ title, children }: { title: string; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class={isOpen ? 'plot-choices is-open' : 'plot-choices'}>
      <button type="button" class="button plot-fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? 'higher' : 'lower'} /> {title}
      </button>
      {children}
    </div>
  );
}
