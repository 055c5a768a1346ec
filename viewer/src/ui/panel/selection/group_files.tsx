import { useMemo, useState } from 'preact/hooks';
import { andList } from '../../../state/lists/find_name';
import type { Group } from '../../../state/selection/groups';
import { framesOf, type Frame } from '../../../state/selection/regions/frames';
import {
  coordinatesOf,
  isGeoJson,
  readGeoJson,
  regionsGeoJson,
} from '../../../state/selection/regions/geojson';
import { cellsInRegion } from '../../../state/selection/regions/cells_in';
import { readRegion } from '../../../state/selection/regions/saved_region';
import {
  findGroups,
  groupsCsv,
  groupsJson,
  nameCells,
  readGroups,
} from '../../../state/selection/group_files';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { fileStem, save } from '../../page/save';
import { foundText } from './by_name';

/** Saves groups as files, and reads them. */
export function GroupFiles({ session }: { session: Session }) {
  const [said, setSaid] = useState('');
  const isEmpty = session.groups.list.value.length === 0;
  const frames = useMemo(() => framesOf(session.bundle), [session]);
  const [chosen, setChosen] = useState<number | null>(null);
  const frame = frames[chosen ?? usualFrame(session, frames)];
  const hasRegions = session.groups.list.value.some(({ region }) => region);
  return (
    <>
      <div class="buttons">
        {(['csv', 'json'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-label={`Save the groups as ${kind.toUpperCase()}`}
            disabled={isEmpty}
            onClick={() => void saveGroups(session, kind)}
          >
            <Icon name="download" /> {kind.toUpperCase()}
          </button>
        ))}
        {frame && (
          <button
            type="button"
            aria-label="Save the outlines of groups as GeoJSON"
            title="Save the outlines of groups as annotations of QuPath"
            disabled={!hasRegions}
            onClick={() => setSaid(saveRegions(session, frame))}
          >
            <Icon name="download" /> GeoJSON
          </button>
        )}
        <label class="button import">
          Import
          <input
            type="file"
            accept=".csv,.json,.geojson,text/csv,application/json,application/geo+json"
            aria-label="Import groups from a CSV, JSON or GeoJSON file"
            onChange={(event) => {
              const field = event.currentTarget;
              const file = field.files?.[0];
              if (file)
                void importFile(session, file, frames, frame).then((text) => text !== null && setSaid(text));
              // So that the same file can be chosen again.
              field.value = '';
            }}
          />
        </label>
      </div>
      {frames.length > 1 && (
        <label class="field">
          <span>Coordinates of GeoJSON</span>
          <select
            value={frames.indexOf(frame)}
            onChange={(event) => setChosen(Number(event.currentTarget.value))}
          >
            {frames.map(({ label }, at) => (
              <option key={label} value={at}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="quiet import-status" role="status">
        {said}
      </p>
    </>
  );
}

async function saveGroups(session: Session, kind: 'csv' | 'json'): Promise<void> {
  const { bundle, groups } = session;
  await session.during('groups', 'Loading the names of the cells', async () => {
    const named = await nameCells(groups.list.peek(), bundle);
    const text = kind === 'csv' ? groupsCsv(named) : groupsJson(named, bundle.name);
    const type = kind === 'csv' ? 'text/csv' : 'application/json';
    save(new Blob([text], { type }), `${fileStem(bundle.name)}_groups.${kind}`);
  });
}

/** The picture of the section that is shown alone; else the first. */
function usualFrame({ view }: Session, frames: readonly Frame[]): number {
  const section = view.part.value?.section;
  if (section === undefined) return 0;
  return Math.max(
    0,
    frames.findIndex((each) => each.section === section || each.section === null),
  );
}

/** Says which outlines lie elsewhere. */
function saveRegions({ bundle, groups, tissue }: Session, frame: Frame): string {
  const nameOf = (section: number) => tissue.sections.info?.items[section].name ?? null;
  const { text, leftOut } = regionsGeoJson(groups.list.peek(), frame, nameOf);
  save(new Blob([text], { type: 'application/geo+json' }), `${fileStem(bundle.name)}_regions.geojson`);
  return leftOut.length === 0 ? '' : `Left out, since they do not lie there: ${andList(leftOut)}.`;
}

/** Adds the groups of a file; says what was found. Null if it failed. */
async function importFile(
  session: Session,
  file: File,
  frames: readonly Frame[],
  frame: Frame | undefined,
): Promise<string | null> {
  const text = await file.text();
  return isGeoJson(text) && frame
    ? importRegions(session, file.name, text, frames, frame)
    : importGroups(session, file.name, text);
}

async function importRegions(
  session: Session,
  fileName: string,
  text: string,
  frames: readonly Frame[],
  chosen: Frame,
): Promise<string | null> {
  const { bundle, groups, view, tissue } = session;
  let said: string | null = null;
  await session.during('groups', `Reading ${fileName}`, async () => {
    // A file of this page says which coordinates it has.
    const stated = coordinatesOf(text);
    const frame = frames.find(({ label }) => label === stated) ?? chosen;
    const items = tissue.sections.info?.items ?? [];
    const sectionOf = (name: string | null) => {
      const found = items.findIndex((item) => item.name === name);
      return found < 0 ? null : found;
    };
    const { regions, nOthers } = readGeoJson(text, frame, sectionOf, view.part.peek()?.section ?? null);
    const made: Group[] = [];
    for (const each of regions) {
      const twins = regions.filter(({ name }) => name === each.name).length;
      const { section } = each.region;
      const name =
        twins > 1 && section !== null ? `${each.name}, ${tissue.sections.nameOf(section)}` : each.name;
      const known = groups.list.peek().find((group) => group.name === name)?.color;
      const cells = await cellsInRegion(each.region, bundle);
      made.push({ name, color: each.color ?? known ?? '', cells, region: each.region });
    }
    await session.history.step(() => {
      for (const each of made) groups.put({ ...each, color: each.color || groups.freeColor.peek() });
      return Promise.resolve();
    });
    const nEmpty = made.filter(({ cells }) => cells.length === 0).length;
    said = [
      `${formatCounted(made.length, 'region')} imported, in ${frame.label}.`,
      nEmpty > 0 ? `${formatCounted(nEmpty, 'region')} without cells: are these the right coordinates?` : '',
      nOthers > 0 ? `${formatCounted(nOthers, 'shape')} left out: only polygons can be regions.` : '',
    ]
      .filter((each) => each !== '')
      .join(' ');
  });
  return said;
}

/** Adds the groups of a file; says how many cells were found. Null if it failed. */
async function importGroups(session: Session, fileName: string, text: string): Promise<string | null> {
  const { bundle, groups } = session;
  let said: string | null = null;
  await session.during('groups', `Reading ${fileName}`, async () => {
    const named = readGroups(text);
    const found = await findGroups(named, bundle.ids, bundle.nCells);
    await session.history.step(() => {
      for (const { name, color, cells, saved } of found.groups) {
        const known = groups.list.peek().find((group) => group.name === name)?.color;
        const region = saved && readRegion(saved, bundle);
        groups.put({
          name,
          color: color ?? known ?? groups.freeColor.peek(),
          cells,
          ...(region && { region }),
        });
      }
      return Promise.resolve();
    });
    said = `${formatCounted(named.length, 'group')} imported. ${foundText(found)}`;
  });
  return said;
}
