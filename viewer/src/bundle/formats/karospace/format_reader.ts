import * as v from 'valibot';
import type { Bytes, Files } from '../../../bytes/files';
import { readJson } from '../../../bytes/json';
import { liveFiles, mayStillRun } from '../../live/live_files';
import type { Bundle } from '../../bundle';
import type { FormatReader } from '../format';
import { BaseBundle } from './base/base_bundle';
import { StreamBundle } from './stream/stream_bundle';

/** Opens the atlas if the manifest names one, otherwise the base layer. */
export const karospaceReader: FormatReader = {
  excerpts: { 'manifest.json': streamFirst },
  async open(files, mark, json, onProgress) {
    if (mark === 'atlas.json') return openAtlas(files, json);
    const atlas = atlasOf(json);
    if (atlas === null) return BaseBundle.open(files, json, onProgress);
    return openAtlas(files, await readJson(files, atlas));
  },
};

async function openAtlas(files: Files, json: unknown): Promise<Bundle> {
  return new StreamBundle(mayStillRun(json) ? await liveFiles(files, json) : files, json);
}

const StreamKey = v.object({ version: v.picklist([1, 2]), path: v.string() });

function atlasOf(manifest: unknown): string | null {
  const parsed = v.safeParse(v.object({ stream: StreamKey }), manifest);
  return parsed.success ? parsed.output.stream.path : null;
}

const STREAM_FIRST = /^\s*\{\s*"stream"\s*:\s*(\{[^{}]*\})/;

/** A manifest lists every part of every gene, but is not needed beyond its first key if that names an atlas. */
function streamFirst(begin: Bytes): string | null {
  const found = STREAM_FIRST.exec(new TextDecoder().decode(begin.subarray(0, 1024)));
  return found && `{"stream":${found[1]}}`;
}
