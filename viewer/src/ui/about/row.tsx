import type { ComponentChildren } from 'preact';

/** A term and its value; nothing if there is no value. */
export function Row({ label, children }: { label: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
