import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Catalog, DataSet } from '../../bundle/catalog';
import { formatCount } from '../../state/texts/format';
import { NameSearch } from '../../state/lists/search';
import { Card } from './card';
import { DataSetRow } from './data_set';
import { backToList, choose } from './phase';
import { OpenButtons } from './start';

const SHOWN = 300;
/** This many fit on a screen, without a search field. */
const FEW = 6;

/** The data sets that a folder offers. */
export function DataSets({ catalog }: { catalog: Catalog }) {
  const { datasets, files } = catalog;
  const [typed, setTyped] = useState('');
  const search = useMemo(() => new NameSearch(datasets.map(searched)), [datasets]);
  useEffect(() => {
    document.title = 'Data sets · KaroSpace';
  }, []);
  const repeated = useMemo(() => repeatedNames(datasets), [datasets]);
  // Of a chosen folder, it is not known yet.
  const hasPictures = files.roots !== undefined || datasets.some(({ facts }) => facts?.picture);
  const found = search.find(typed, SHOWN).map((index) => datasets[index]);

  return (
    <Card title="Choose a data set">
      <p class="quiet">
        {formatCount(datasets.length)} data sets at {files.where}
      </p>
      {datasets.length > FEW && (
        <form
          class="wide"
          onSubmit={(event) => {
            event.preventDefault();
            if (found[0]) choose(catalog, found[0].id);
          }}
        >
          <input
            type="search"
            aria-label="Search data sets"
            placeholder="Search"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </form>
      )}
      <ul class="datasets" aria-label="Data sets">
        {found.map((dataset) => (
          <DataSetRow
            key={dataset.id}
            catalog={catalog}
            dataset={dataset}
            isRepeated={repeated.has(dataset.name)}
            hasPictures={hasPictures}
          />
        ))}
        {found.length === 0 && <li class="quiet none">No data set has a name that contains this</li>}
        {found.length === SHOWN && <li class="quiet none">Type more to see others</li>}
      </ul>
      <OpenButtons quiet />
    </Card>
  );
}

/** The name comes first, so that names that begin with the typed text rank before the others. */
function searched({ id, name, facts }: DataSet): string {
  return [...new Set([name, id, facts?.title ?? name])].join(' ');
}

/** Names that several exports share, as of one file; their folders distinguish them. */
function repeatedNames(datasets: readonly DataSet[]): Set<string> {
  const seen = new Set<string>();
  return new Set(datasets.map(({ name }) => name).filter((name) => seen.has(name) || !seen.add(name)));
}

/** The bar over a data set that was chosen from a list. */
export function ListBar({ catalog }: { catalog: Catalog }) {
  return (
    <nav class="list-bar" aria-label="Data sets">
      <button type="button" class="button text" onClick={backToList}>
        ‹ All {formatCount(catalog.datasets.length)} data sets
      </button>
    </nav>
  );
}
