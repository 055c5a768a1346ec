import { Copy } from '../copy';
import { isUrl } from '../model/path';

/** The command line names it too. */
const GUIDE = { title: 'Put an export online', file: 'docs/howto/online.md' };

/** The steps from a finished export to a public address. */
export function Online({ target }: { target: string }) {
  const quoted = /^[\w./:@-]+$/.test(target) ? target : `'${target.replaceAll("'", `'\\''`)}'`;
  const verify = `karospace-stream verify ${quoted}`;
  const doctor = 'karospace-stream doctor https://ADDRESS-OF-THE-EXPORT/';
  return (
    <details class="fold online">
      <summary>Put it online</summary>
      <ol>
        <li>
          Check that the export is complete: <code>{verify}</code> <Copy text={verify} title="Copy" />
        </li>
        {isUrl(target) ? (
          <li>
            It is on a store already. Let everyone read it there; its page is <code>index.html</code>.
          </li>
        ) : (
          <li>
            Copy the folder to any web host. GitHub Pages is free and takes up to 1 GB: push the folder, with
            an empty file <code>.nojekyll</code> beside it, to a public repository and switch on Settings,
            Pages. For larger ones export again with <code>s3://bucket/name</code> as the output.
          </li>
        )}
        <li>
          Check whether the host serves it correctly: <code>{doctor}</code>{' '}
          <Copy text={doctor} title="Copy" /> For ten hosts it says which settings to change.
        </li>
      </ol>
      <p class="quiet">
        The guide “{GUIDE.title}” in the documentation, <code>{GUIDE.file}</code>, goes through it step by
        step.
      </p>
    </details>
  );
}
