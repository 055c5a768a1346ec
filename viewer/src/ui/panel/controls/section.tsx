import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../widgets/icons';

const KEY = 'karospace-sections';

type Opened = Readonly<Record<string, unknown>>;

/** By section, whether the user opened or closed it. */
const opened = signal<Opened>(remembered());

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
          onClick={() => remember({ ...opened.peek(), [id]: !isOpen })}
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
  remember({ ...opened.peek(), [id]: true });
}

function remember(next: Opened): void {
  opened.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Some file:// pages and private windows deny storage: the choice then lasts as long as the page.
  }
}

function remembered(): Opened {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof known === 'object' && known !== null ? (known as Opened) : {};
  } catch {
    return {};
  }
}
