import { useEffect, useState } from 'preact/hooks';
import type { Bundle } from '../../bundle/bundle';
import { checkPicture } from '../../bundle/pictures';
import { ViewerError } from '../../bytes/errors';
import { formatCount } from '../../state/format';
import type { Session } from '../../state/session';
import { Card } from './card';
import { explain } from '../explain';
import { backToList, list, openPicked, openZipFile, tablesRead } from './phase';

/** Opened from a disk, where a page may not read its own folder: it has to be given. */
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
          ? `${formatCount(bundle.nCells)} cells, ${formatCount(bundle.nGenes)} genes`
          : 'Reading its contents'}
      </p>
      <progress aria-label="Loading" {...(share > 0 && { value: share })} />
    </Card>
  );
}

/** Ways to open something of this machine; quiet where they are not what the page is about. */
export function OpenButtons({ quiet = false }: { quiet?: boolean }) {
  const look = quiet ? 'button file' : 'button primary file';
  return (
    <div class="ways">
      <label class={look}>
        Choose folder
        <input
          type="file"
          aria-label="Choose the export folder"
          // @ts-expect-error: Preact's types do not know the attribute, every browser does.
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
        // A picture to look at while waiting: without it the page waits all the same.
      },
    );
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [bundle, path]);
  if (refused !== null) return <p class="quiet">{refused}</p>;
  if (!url) return <div class="preview" />;
  // Drawn with y downwards, whatever it is of: that is the first embedding, which the page may draw upwards.
  const turned = bundle.embeddings[0].yAxis === 'up';
  return <img class={turned ? 'preview turned' : 'preview'} src={url} alt="" width={256} height={256} />;
}
