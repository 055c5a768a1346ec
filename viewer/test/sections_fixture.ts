import { gzip, toBytes, type MapFiles } from './map_files';
import { streamBundle } from './stream_fixture';

type Atlas = Record<string, unknown>;

/** The five cells of `streamBundle` in three sections: `s1`, `s2`, and one cell without a section. */
export function sectionsBundle(change: (atlas: Atlas) => void = () => {}): MapFiles {
  const item = (name: string | null, start: number, end: number, more: object) => ({
    name,
    start,
    end,
    n_placed: end - start,
    minimum: [1000, 2000],
    maximum: [1001, 2002],
    points: { path: `a/section_${start}.bin.gz`, size_bytes: 10 },
    ...more,
  });
  const files = streamBundle((atlas) => {
    atlas.sections = {
      column: 'slice',
      embedding: 0,
      first_column: 0,
      metadata: [
        { name: 'condition', values: ['treated', 'control', null] },
        { name: 'day', values: [10, 2, null] },
      ],
      items: [
        item('s1', 0, 3, { n_placed: 2 }),
        item('s2', 3, 4, {}),
        item(null, 4, 5, { n_placed: 0, minimum: null, maximum: null }),
      ],
    };
    change(atlas);
  });
  const points = (start: number, places: number[], codes: number[]) => {
    const bytes = [...toBytes(Uint16Array.from(places)), ...codes];
    files.files.set(`a/section_${start}.bin.gz`, gzip(Uint8Array.from(bytes)));
  };
  points(0, [0, 65534, 65535, 65534, 0, 65535], [0, 1, 255]);
  points(3, [32767, 0], [1]);
  points(4, [65535, 65535], [1]);
  return files;
}
