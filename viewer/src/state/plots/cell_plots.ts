import type { Markers } from '../markers/markers';
import type { StartWorker } from '../filters/service';
import { EngineClient } from './engine/client';
import type { Plotted } from './engine/plotted';
import { CompositionPlot } from './counts/composition_plot';
import { DotPlot } from './dots/dot_plot';
import { HistogramPlot } from './counts/histogram_plot';
import { ScatterPlot } from './scatter/scatter_plot';
import { ViolinPlot } from './violin/violin_plot';

/** Plots of loaded values, with a point or a place for each cell. */
export class CellPlots {
  readonly histogram: HistogramPlot;
  readonly composition: CompositionPlot;
  readonly violin: ViolinPlot;
  readonly scatter: ScatterPlot;
  readonly dots: DotPlot;

  constructor(from: Plotted & { readonly markers: Markers }, start?: StartWorker) {
    const client = new EngineClient(start);
    this.histogram = new HistogramPlot(from, client);
    this.composition = new CompositionPlot(from, client);
    this.violin = new ViolinPlot(from, client);
    this.scatter = new ScatterPlot(from, client);
    this.dots = new DotPlot(from, client);
  }
}
