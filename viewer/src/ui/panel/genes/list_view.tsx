import { useState } from 'preact/hooks';
import type { GeneTable } from '../../../bundle/bundle';
import type { GeneSet } from '../../../bundle/statistics';
import { MOST_BLENDED } from '../../../state/genes/blend';
import type { GeneList } from '../../../state/genes/gene_lists';
import type { Method } from '../../../state/genes/score';
import { formatCount, formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { openDrawer } from '../../drawer/open';
import { GeneButtons } from '../../markers/gene_buttons';
import { copyText } from '../../page/copy';
import type { Editing } from './editing';

/** Genes that are listed before somebody asks for all. */
const FEW = 12;

const EXPORTED = 'exported';
const METHODS: Readonly<Record<Method, string>> = {
  mean: 'Mean',
  zscore: 'Mean of z-scores',
  score: 'Score against control genes',
};

interface ListViewProps {
  session: Session;
  genes: GeneTable;
  shown: GeneList | GeneSet;
  onEdit: (editing: Editing) => void;
}

/** A list of genes, and what can be done with it. */
export function ListView({ session, genes: { names }, shown, onEdit }: ListViewProps) {
  const { markers, geneLists } = session;
  const { dots } = session.plots;
  const { name, genes } = shown;
  const set = 'source' in shown ? shown : null;
  const [isLong, setIsLong] = useState(false);
  const [said, setSaid] = useState('');
  const some = isLong ? genes : genes.slice(0, FEW);
  const more = genes.length - some.length;
  /** The first groups with means. */
  const plotted = markers.statistics?.groupings.findIndex(({ tables }) => tables !== null) ?? -1;
  const text = () => genes.map((gene) => names[gene]).join('\n');
  return (
    <div class="gene-list" role="group" aria-label={name}>
      <p class="quiet">{set ? aboutSet(set) : formatCounted(genes.length, 'gene')}</p>
      <GeneButtons session={session} genes={some} names={names} label={`Genes of ${name}`}>
        {more > 0 && (
          <li>
            <button type="button" class="text" onClick={() => setIsLong(true)}>
              {formatCount(more)} more
            </button>
          </li>
        )}
      </GeneButtons>
      {genes.length > 0 && <Colours session={session} shown={shown} />}
      <div class="buttons">
        {genes.length > 1 && genes.length <= MOST_BLENDED && (
          <button type="button" onClick={() => void session.chooseColour({ by: 'blend', genes }, name)}>
            Blend
          </button>
        )}
        {(plotted >= 0 || dots.first) && genes.length > 0 && (
          <button
            type="button"
            onClick={() => {
              if (plotted < 0) dots.chosen.value = dots.by.peek() ?? dots.first;
              else if (markers.tables.peek() === null) markers.choose(plotted);
              markers.typed.value = text();
              markers.plotsBest.value = false;
              openDrawer(session, 'plot');
            }}
          >
            Dot plot
          </button>
        )}
        <button type="button" onClick={() => void copyText(text(), 'The names are copied.').then(setSaid)}>
          Copy
        </button>
        <button
          type="button"
          onClick={() =>
            onEdit(set ? { own: null, name: geneLists.freeName(), genes } : { own: name, name, genes })
          }
        >
          {set ? 'Edit a copy' : 'Edit'}
        </button>
        {!set && (
          <button
            type="button"
            onClick={() => {
              geneLists.chosen.value = null;
              geneLists.remove(name);
            }}
          >
            Delete
          </button>
        )}
      </div>
      <p class="quiet said" role="status">
        {said}
      </p>
    </div>
  );
}

/** What the cells are coloured by: one value of all genes. */
function Colours({ session, shown }: { session: Session; shown: GeneList | GeneSet }) {
  const { name, genes } = shown;
  const column = 'source' in shown ? shown.column : null;
  const wanted = session.colouring.wanted.value;
  const ofThis = wanted.by === 'list' && wanted.name === name ? wanted.method : null;
  const [picked, setPicked] = useState<Method | typeof EXPORTED | null>(null);
  const method = picked ?? ofThis ?? (column === null ? 'mean' : EXPORTED);
  const isColoured =
    method === EXPORTED ? wanted.by === 'column' && wanted.index === column : ofThis === method;
  const colour = () => {
    if (method !== EXPORTED) void session.chooseColour({ by: 'list', name, genes, method }, name);
    else void session.chooseColour({ by: 'column', index: column! }, name);
  };
  return (
    <div class="list-colours">
      <select
        aria-label="Value of each cell"
        value={method}
        onChange={(event) => setPicked(event.currentTarget.value as Method)}
      >
        {column !== null && <option value={EXPORTED}>Score of the export</option>}
        {Object.entries(METHODS).map(([each, title]) => (
          <option key={each} value={each}>
            {title}
          </option>
        ))}
      </select>
      <button type="button" class="button" aria-pressed={isColoured} onClick={colour}>
        Colour
      </button>
    </div>
  );
}

/** Where a set is from, and how many of its genes are here. */
function aboutSet({ source, genes, nNotExported, nMissing }: GeneSet): string {
  const all = genes.length + nNotExported + nMissing;
  const rest = [
    ...(nNotExported > 0 ? [`${formatCount(nNotExported)} not exported`] : []),
    ...(nMissing > 0 ? [`${formatCount(nMissing)} not in the file`] : []),
  ].join(', ');
  const count =
    rest === ''
      ? formatCounted(all, 'gene')
      : `${formatCount(genes.length)} of ${formatCounted(all, 'gene')}`;
  return `${count}${rest && ` (${rest})`}, from ${source}`;
}
