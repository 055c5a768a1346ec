import type { ComponentChildren } from 'preact';

/** A term and what it means here; nothing where there is nothing to tell. */
export function Row({ label, children }: { label: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
