import type { ComponentChildren } from 'preact';
import { waiting } from '../sessions/waiting';
import { Breakable } from '../widgets/breakable';

/** A box in the middle of the page. */
export function Card({
  title,
  role,
  children,
}: {
  title: string;
  role?: 'alert' | 'status';
  children: ComponentChildren;
}) {
  return (
    <main class="start">
      <section class="card" role={role}>
        <h1>
          <Breakable text={title} />
        </h1>
        {children}
        {waiting.value && (
          <p role="status">
            The session file of “{waiting.value.name}” is read: open that data set, and it is restored.
          </p>
        )}
      </section>
    </main>
  );
}
