import type { SavedPart } from './part';
import { appearancePart } from './appearance';
import { comparePart } from './compare';
import { drawerPart } from './drawer';
import { filtersPart } from './filters';
import { geneListsPart } from './gene_lists';
import { groupsPart, selectionPart } from './groups';
import { legendPart } from './legend';
import { linkPart } from './link_part';
import { plotsPart } from './plots';
import { transcriptsPart } from './transcripts';
import { sectionsPart } from './sections';

/** What a session file keeps, in the order in which it is brought back: colours and filters may be those of groups. */
export const SAVED_PARTS: readonly SavedPart[] = [
  groupsPart,
  geneListsPart,
  linkPart,
  drawerPart,
  sectionsPart,
  legendPart,
  appearancePart,
  filtersPart,
  selectionPart,
  comparePart,
  plotsPart,
  transcriptsPart,
];
