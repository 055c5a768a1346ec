import { useEffect, useState } from 'preact/hooks';
import { paintColumn, type CategoryPaint } from '../../../state/colouring/paint';
import type { Session } from '../../../state/session';
import { Legend } from '../legend/legend';

/** The categories of a column that does not colour the cells. */
export function Checklist({ session, column }: { session: Session; column: number }) {
  const [paint, setPaint] = useState<CategoryPaint | null>(null);
  useEffect(() => {
    const left = new AbortController();
    session.bundle.column(column, left.signal).then(
      (values) => {
        const painted = paintColumn(session.bundle.columns[column], values);
        if (painted.kind === 'category') setPaint(painted);
      },
      (error: unknown) => session.report(error),
    );
    return () => left.abort();
  }, [session, column]);
  return paint && <Legend session={session} column={column} paint={paint} />;
}
