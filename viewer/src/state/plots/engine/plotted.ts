import type { Bundle } from '../../../bundle/bundle';
import type { Colouring } from '../../colouring/colouring';
import type { Filters } from '../../filters/filters';
import type { Groups } from '../../selection/groups';
import type { Selection } from '../../selection/selection';

/** What plots are drawn of. */
export interface Plotted {
  readonly bundle: Bundle;
  readonly colouring: Colouring;
  readonly filters: Filters;
  readonly selection: Selection;
  readonly groups: Groups;
}
