import * as v from 'valibot';
import { DOCKS, PLOT_VIEWS } from '../../plots/drawer';
import { definePart } from './part';

const PixelsSchema = v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)));

/** Where the drawer docks, how large it is, and the plot in it; the link or another part opens other views. */
export const drawerPart = definePart({
  key: 'drawer',
  name: 'the drawer',
  schema: v.object({
    open: v.nullable(v.string()),
    dock: v.picklist(DOCKS),
    below: PixelsSchema,
    right: PixelsSchema,
  }),
  save: ({ drawer: { open, dock, sizes } }) => ({
    open: PLOT_VIEWS.find((each) => each === open.peek()) ?? null,
    dock: dock.peek(),
    ...sizes.peek(),
  }),
  load: ({ drawer }, { open, dock, below, right }, misses) => {
    const view = PLOT_VIEWS.find((each) => each === open);
    if (open !== null && view === undefined) misses.add('the plot', open);
    drawer.dock.value = dock;
    drawer.sizes.value = { below, right };
    if (view) drawer.open.value = view;
  },
});
