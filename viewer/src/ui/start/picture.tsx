import { useEffect, useState } from 'preact/hooks';
import { checkPicture } from '../../bundle/pictures';
import { MOST_NBYTES } from '../../bytes/bounded';
import type { Files } from '../../bytes/files';

/** The small picture of a data set in a list; an empty box while it loads, and if there is none. */
export function Thumbnail({
  files,
  path,
  isTurned,
}: {
  files: Files;
  path: string | null;
  isTurned: boolean;
}) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (path === null) return;
    let made: string | null = null;
    let gone = false;
    const load = async () => {
      const bytes = await files.get(path, { most: MOST_NBYTES });
      checkPicture(bytes, path, 'picture');
      if (!gone) setUrl((made = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }))));
    };
    load().catch(() => {
      // A list is useful without a picture.
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [files, path]);
  if (!url) return <span class="thumbnail" aria-hidden="true" />;
  return <img class={isTurned ? 'thumbnail turned' : 'thumbnail'} src={url} alt="" />;
}
