import type { Session } from '../../state/session';
import { ViewButtons, viewsOf } from '../drawer/views';
import { Section } from './controls/section';

/** The ways to plots of the cells. */
export function Plots({ session }: { session: Session }) {
  if (viewsOf(session, 'plots').length === 0) return null;
  return (
    <Section id="plots" title="Plots">
      <ViewButtons session={session} place="plots" />
    </Section>
  );
}
