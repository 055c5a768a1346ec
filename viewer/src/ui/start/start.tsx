import { useEffect, useState } from 'preact/hooks';
import type { Bundle } from '../../bundle/bundle';
import { checkPicture } from '../../bundle/pictures';
import { ViewerError } from '../../bytes/errors';
import { formatCounted } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { Card } from './card';
import { explain } from '../widgets/explain';
import { backToList, list, openPicked, openZipFile, tablesRead } from './phase';

/** Asks for a folder, since a page that is opened from a disk may not read its own. */
export function Asking() {
  return (
    <Card title="Choose the export folder">
      <p>
        This page was opened from a disk, and browsers do not let such a page read the files beside it. Choose
        the folder that contains this <code>index.html</code>, or a .zip of it, or drop it here. Nothing is
        sent anywhere.
      </p>
      <OpenButtons />
      <p class="quiet">
        To avoid this step, serve the folder: <code>karospace-stream serve FOLDER</code>
      </p>
    </Card>
  );
}

export function Failed({ error }: { error: unknown }) {
  const { message, advice } = explain(error);
  return (
    <Card title="This bundle cannot be opened" role="alert">
      <p class="failure">{message}</p>
      <p>{advice}</p>
      <OpenButtons />
      {list.value && list.value.datasets.length > 1 && (
        <button type="button" class="button text" onClick={backToList}>
          ‹ All data sets
        </button>
      )}
    </Card>
  );
}

export function Opening({ bundle, session }: { bundle: Bundle | null; session: Session | null }) {
  const share = session ? session.progress.value : tablesRead.value;
  return (
    <Card title={bundle ? bundle.title : 'Opening the bundle'} role="status">
      {bundle?.previewPath && <Preview bundle={bundle} path={bundle.previewPath} />}
      <p class="quiet">
        {bundle
          ? `${formatCounted(bundle.nCells, 'cell')}, ${formatCounted(bundle.nGenes, 'gene')}`
          : 'Reading its contents'}
      </p>
      <progress aria-label="Loading" {...(share > 0 && { value: share })} />
    </Card>
  );
}

/** Buttons to open files of this machine; `quiet` if they are not the main action. */
export function OpenButtons({ quiet = false }: { quiet?: boolean }) {
  const look = quiet ? 'button file' : 'button primary file';
  return (
    <div class="ways">
      <label class={look}>
        Choose folder
        <input
          type="file"
          aria-label="Choose the export folder"
          // @ts-expect-error: Preact's types lack the attribute, which every browser has.
          webkitdirectory
          onChange={(event) => openPicked(event.currentTarget.files)}
        />
      </label>
      <label class="button file">
        Choose .zip
        <input
          type="file"
          aria-label="Choose a zip of an export"
          accept=".zip,application/zip"
          onChange={(event) => void openZipFile(event.currentTarget.files?.[0])}
        />
      </label>
    </div>
  );
}

function Preview({ bundle, path }: { bundle: Bundle; path: string }) {
  const [url, setUrl] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    bundle.file(path).then(
      (bytes) => {
        if (gone) return;
        try {
          checkPicture(bytes, path, 'preview');
        } catch (error) {
          if (!(error instanceof ViewerError)) throw error;
          setRefused(error.message);
          return;
        }
        setUrl((made = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }))));
      },
      () => {
        // The picture only fills the time while loading, so an error does not matter.
      },
    );
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [bundle, path]);
  if (refused !== null) return <p class="quiet">{refused}</p>;
  if (!url) return <div class="preview" />;
  // The picture of the first embedding always has y downwards, but the page may draw y upwards.
  const turned = bundle.embeddings[0].yAxis === 'up';
  return <img class={turned ? 'preview turned' : 'preview'} src={url} alt="" width={256} height={256} />;
}
