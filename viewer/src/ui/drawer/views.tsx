import type { ComponentType } from 'preact';
import type { MarkerView } from '../../state/markers/markers';
import type { ViewId } from '../../state/plots/drawer';
import { isGrouping } from '../../state/plots/engine/groupings';
import type { Session } from '../../state/session';
import { CompareView } from '../compare/view';
import { MarkerGrid } from '../markers/grid';
import { NeighboursView } from '../markers/near/neighbours';
import { SpatialView } from '../markers/near/spatial';
import { PlotView } from '../markers/plot';
import { VariableView } from '../markers/variable';
import { CompositionView } from '../plots/composition';
import { HistogramView } from '../plots/histogram';
import { ScatterView } from '../plots/scatter';
import { ViolinView } from '../plots/violin';
import { openDrawer } from './open';

/** Sections of the panel with the buttons of views. */
type Place = 'markers' | 'neighbourhoods' | 'plots';

interface DrawerView {
  readonly id: ViewId;
  readonly name: string;
  readonly place: Place;
  readonly isAvailable: (session: Session) => boolean;
  readonly View: ComponentType<{ session: Session }>;
}

const has =
  (id: MarkerView) =>
  ({ markers }: Session) =>
    markers.views.includes(id);

const hasCategories = ({ bundle }: Session) => bundle.columns.some(isGrouping);
const hasNumbers = ({ bundle }: Session) =>
  bundle.nGenes > 0 || bundle.columns.some(({ kind }) => kind === 'number');

/** All views: each is a tab of the drawer, and a button of the panel. */
const VIEWS: readonly DrawerView[] = [
  { id: 'table', name: 'Gene table', place: 'markers', isAvailable: has('table'), View: MarkerGrid },
  { id: 'plot', name: 'Dot plot', place: 'markers', isAvailable: has('plot'), View: PlotView },
  {
    id: 'plot',
    name: 'Dot plot',
    place: 'plots',
    isAvailable: (session) =>
      !has('plot')(session) && session.bundle.nGenes > 0 && session.plots.dots.first !== null,
    View: PlotView,
  },
  {
    id: 'variable',
    name: 'Variable genes',
    place: 'markers',
    isAvailable: has('variable'),
    View: VariableView,
  },
  {
    id: 'spatial',
    name: 'Spatial genes',
    place: 'neighbourhoods',
    isAvailable: has('spatial'),
    View: SpatialView,
  },
  {
    id: 'neighbours',
    name: 'Neighbours',
    place: 'neighbourhoods',
    isAvailable: has('neighbours'),
    View: NeighboursView,
  },
  { id: 'histogram', name: 'Histogram', place: 'plots', isAvailable: hasNumbers, View: HistogramView },
  {
    id: 'composition',
    name: 'Composition',
    place: 'plots',
    isAvailable: hasCategories,
    View: CompositionView,
  },
  {
    id: 'compare',
    name: 'Compare',
    place: 'plots',
    isAvailable: ({ bundle }) => bundle.nGenes > 0,
    View: CompareView,
  },
  { id: 'violin', name: 'Violins', place: 'plots', isAvailable: hasNumbers, View: ViolinView },
  { id: 'scatter', name: 'Scatter', place: 'plots', isAvailable: hasNumbers, View: ScatterView },
];

/** The views of a bundle, all or those of a section of the panel. */
export function viewsOf(session: Session, place?: Place): DrawerView[] {
  return VIEWS.filter((each) => (!place || each.place === place) && each.isAvailable(session));
}

/** The view that is open; null if none is. */
export function openView(session: Session): DrawerView | null {
  const open = session.drawer.open.value;
  return open === null ? null : (viewsOf(session).find(({ id }) => id === open) ?? null);
}

/** Buttons of the panel that open views; nothing if the bundle has none of them. */
export function ViewButtons({ session, place }: { session: Session; place: Place }) {
  const views = viewsOf(session, place);
  if (views.length === 0) return null;
  return (
    <div class="buttons">
      {views.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-expanded={session.drawer.open.value === id}
          onClick={() => openDrawer(session, id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
