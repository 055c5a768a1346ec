import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { readFacts, type Catalog, type DataSet, type DataSetFacts } from '../../bundle/catalog';
import { openDataSet } from '../../bundle/open';
import { within } from '../../bytes/files';
import { formatCounted } from '../../state/texts/format';
import { Breakable } from '../widgets/breakable';
import { choose } from './phase';
import { Thumbnail } from './picture';

interface DataSetRowProps {
  catalog: Catalog;
  dataset: DataSet;
  /** Whether another data set has the same name. */
  isRepeated: boolean;
  hasPictures: boolean;
}

/** One data set of a list: its picture, title, description and size. */
export function DataSetRow({ catalog, dataset, isRepeated, hasPictures }: DataSetRowProps) {
  const row = useRef<HTMLLIElement>(null);
  const isSeen = useSeen(row);
  const { facts, size } = useFacts(catalog, dataset, isSeen);
  const files = useMemo(() => within(catalog.files, dataset.path), [catalog, dataset]);
  const title = facts?.title ?? dataset.name;
  // The name is the word for it in addresses and files.
  const small = [title !== dataset.name && dataset.name, isRepeated && dataset.path, size];
  return (
    <li ref={row}>
      <button type="button" onClick={() => choose(catalog, dataset.id)}>
        {hasPictures && (
          <Thumbnail
            files={files}
            path={isSeen ? (facts?.picture ?? null) : null}
            isTurned={facts?.isTurned ?? false}
          />
        )}
        <span class="texts">
          <span class="name" title={title}>
            <Breakable text={title} /> {dataset.id === catalog.first && <span class="badge">default</span>}
          </span>
          {facts?.description && <span class="description">{facts.description}</span>}
          <span class="quiet">{small.filter(Boolean).join(' · ')}</span>
        </span>
      </button>
    </li>
  );
}

/** Data sets of a chosen folder are opened one after another for their titles, since nothing lists them. */
let before: Promise<unknown> = Promise.resolve();

function useFacts(catalog: Catalog, dataset: DataSet, isSeen: boolean) {
  const [read, setRead] = useState<{ facts: DataSetFacts; size: string } | null>(null);
  useEffect(() => {
    if (!isSeen || dataset.facts || !catalog.files.roots) return;
    let gone = false;
    const load = async () => {
      if (gone) return;
      const bundle = await openDataSet(catalog, dataset);
      const facts = await readFacts(bundle);
      if (!gone) setRead({ facts, size: sizeText(bundle) });
    };
    before = before.then(load).catch(() => {
      // It is explained when somebody opens the data set.
    });
    return () => {
      gone = true;
    };
  }, [catalog, dataset, isSeen]);
  return { facts: dataset.facts ?? read?.facts ?? null, size: read?.size ?? sizeText(dataset) };
}

function sizeText({ nCells, nGenes }: { nCells: number | null; nGenes: number | null }): string {
  return [nCells !== null && formatCounted(nCells, 'cell'), nGenes !== null && formatCounted(nGenes, 'gene')]
    .filter(Boolean)
    .join(' · ');
}

/** Whether an element has been in view. */
function useSeen(element: { readonly current: Element | null }): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      setSeen(true);
      observer.disconnect();
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return isSeen;
}
