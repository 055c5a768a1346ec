import type { Session } from '../../state/session';

/** What is missing for a plot, and how to get it. */
export function NoTables({ session, what }: { session: Session; what: string }) {
  const { column } = session.markers.grouping.value!;
  return (
    <p class="quiet plot-empty">
      This export has no {what} by {column === '' ? 'these groups' : column}, only markers of the file.{' '}
      {column !== '' && `Export to KaroSpace with --group-by “${column}” to see them.`}
    </p>
  );
}
