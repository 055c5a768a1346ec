import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../widgets/icons';

interface PlotChoicesProps {
  title: string;
  /** Whether there is no plot without a choice. */
  isNeeded?: boolean;
  children: ComponentChildren;
}

/** The choices of a plot, at its left. In a narrow drawer they fold, as they would leave no room for the plot. */
export function PlotChoices({ title, isNeeded = false, children }: PlotChoicesProps) {
  const [isOpen, setOpen] = useState(isNeeded);
  useEffect(() => {
    if (isNeeded) setOpen(true);
  }, [isNeeded]);
  return (
    <div class={isOpen ? 'plot-choices is-open' : 'plot-choices'}>
      <button type="button" class="button plot-fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? 'higher' : 'lower'} /> {title}
      </button>
      {children}
    </div>
  );
}
