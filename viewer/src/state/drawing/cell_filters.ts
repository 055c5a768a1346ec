import type { Filters } from '../filters/filters';

/** Which cells a plot shows, and the columns that tell what belongs to them. */
export type CellFilters = Pick<Filters, 'mask' | 'nShown' | 'hidden' | 'maskBeside' | 'codes'>;
