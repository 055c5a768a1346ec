import type { ComponentType } from 'preact';
import { VIEW_NAMES, type ViewId } from '../../state/plots/drawer';
import { isAvailable } from '../../state/plots/views';
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
  readonly place: Place;
  readonly View: ComponentType<{ session: Session }>;
}

/** All views: each is a tab of the drawer, a button of the panel, and a choice of the panels beside the stage. */
const VIEWS: readonly DrawerView[] = [
  { id: 'table', place: 'markers', View: MarkerGrid },
  { id: 'plot', place: 'markers', View: PlotView },
  { id: 'variable', place: 'markers', View: VariableView },
  { id: 'spatial', place: 'neighbourhoods', View: SpatialView },
  { id: 'neighbours', place: 'neighbourhoods', View: NeighboursView },
  { id: 'histogram', place: 'plots', View: HistogramView },
  { id: 'composition', place: 'plots', View: CompositionView },
  { id: 'compare', place: 'plots', View: CompareView },
  { id: 'violin', place: 'plots', View: ViolinView },
  { id: 'scatter', place: 'plots', View: ScatterView },
];

/** The views of a bundle, all or those of a section of the panel. */
export function viewsOf(session: Session, place?: Place): DrawerView[] {
  return VIEWS.filter(
    (each) => (!place || placeOf(session, each) === place) && isAvailable(session, each.id),
  );
}

/** Without tables of markers, dots are a plot like others. */
function placeOf({ markers }: Session, { id, place }: DrawerView): Place {
  return id === 'plot' && !markers.views.includes('plot') ? 'plots' : place;
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
      {views.map(({ id }) => (
        <button
          key={id}
          type="button"
          aria-expanded={session.drawer.open.value === id || session.panels.panelOf(id) !== null}
          onClick={() => openDrawer(session, id)}
        >
          {VIEW_NAMES[id]}
        </button>
      ))}
    </div>
  );
}
