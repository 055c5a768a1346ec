import { useEffect } from 'preact/hooks';
import type { Session } from '../../../state/session';
import { Toggle } from '../controls/toggle';

/** Shows names over sections that are laid out side by side. Nothing for other embeddings. */
export function SectionNames({ session }: { session: Session }) {
  const { sections } = session;
  const column = sections.column.value;
  const isOn = sections.on.value;
  useEffect(() => {
    sections.load().catch((error: unknown) => (session.problem.value = error));
  }, [session, column, isOn]);
  if (column === null) return null;
  return <Toggle label="Names of the sections" value={sections.on} />;
}
