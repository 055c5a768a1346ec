import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { recall, remember } from '../../page/preferences';
import { Icon } from '../../widgets/icons';

const KEY = 'karospace-sections';

/** By section, whether the user opened or closed it. */
const opened = signal(recall(KEY));

interface SectionProps {
  /** Under which the page remembers whether it is open. */
  id: string;
  title: string;
  /** Whether it is closed until the user opens it. */
  isClosed?: boolean;
  class?: string;
  children: ComponentChildren;
}

/** A part of the panel that folds, and stays so. */
export function Section({ id, title, isClosed, class: name, children }: SectionProps) {
  const choice = opened.value[id];
  const isOpen = typeof choice === 'boolean' ? choice : !isClosed;
  return (
    <section class={isOpen ? name : `${name ?? ''} shut`} aria-labelledby={`${id}-title`}>
      <h2>
        <button
          id={`${id}-title`}
          type="button"
          class="section-title"
          aria-expanded={isOpen}
          onClick={() => choose(id, !isOpen)}
        >
          {title} <Icon name={isOpen ? 'lower' : 'more'} />
        </button>
      </h2>
      {isOpen && children}
    </section>
  );
}

/** Opens a section, for what leads to it. */
export function openSection(id: string): void {
  choose(id, true);
}

function choose(id: string, isOpen: boolean): void {
  opened.value = { ...opened.peek(), [id]: isOpen };
  remember(KEY, opened.peek());
}
