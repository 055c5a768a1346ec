import type { ComponentChildren } from 'preact';
import { problemsAt } from '../state';

/** A part of the form with its title. */
export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** The errors of a field, shown right below it. */
export function Problems({ name }: { name: string }) {
  return (
    <div id={`${name}-problem`} aria-live="polite">
      {problemsAt(name).map((message) => (
        <p key={message} class="problem">
          {message}
        </p>
      ))}
    </div>
  );
}

/** The value of `aria-describedby` for a field. */
export const describedBy = (name: string) => `${name}-help ${name}-problem`;

/** The value of `aria-invalid` for a field. */
export const isWrong = (name: string) => problemsAt(name).length > 0;
