import type { Bundle } from '../../bundle/bundle';
import type { Filters } from '../filters/filters';
import { SectionsState } from './sections/sections';

/** What the page shows of a tissue beside its cells. */
export class TissueState {
  readonly sections: SectionsState;

  constructor(bundle: Bundle, filters: Filters) {
    this.sections = new SectionsState(bundle, filters);
  }
}
