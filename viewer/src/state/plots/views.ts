import type { MarkerView } from '../markers/markers';
import type { Session } from '../session';
import type { ViewId } from './drawer';
import { isGrouping } from './engine/groupings';

const hasGenes = ({ bundle }: Session) => bundle.nGenes > 0;
const hasNumbers = (session: Session) =>
  hasGenes(session) || session.bundle.columns.some(({ kind }) => kind === 'number');
const has =
  (view: MarkerView) =>
  ({ markers }: Session) =>
    markers.views.includes(view);

const NEEDS: Readonly<Record<ViewId, (session: Session) => boolean>> = {
  table: has('table'),
  plot: (session) => has('plot')(session) || (hasGenes(session) && session.plots.dots.first !== null),
  variable: has('variable'),
  spatial: has('spatial'),
  neighbours: has('neighbours'),
  histogram: hasNumbers,
  composition: ({ bundle }) => bundle.columns.some(isGrouping),
  compare: hasGenes,
  violin: hasNumbers,
  scatter: hasNumbers,
};

/** Whether the bundle has what a plot or table needs. */
export function isAvailable(session: Session, view: ViewId): boolean {
  return NEEDS[view](session);
}
