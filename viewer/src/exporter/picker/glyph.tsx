import type { Entry } from '../model/schema';

const PATHS: Record<Entry['kind'], string> = {
  folder: 'M3 6h6l2 2h10v11H3z',
  data: 'M5 6c0-3 14-3 14 0v12c0 3-14 3-14 0zM5 6c0 3 14 3 14 0M5 12c0 3 14 3 14 0',
  bundle: 'M4 5h16v14H4zM4 9h16M8 13h.01M12 15h.01M15 12.500h.01',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4',
  text: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7',
  file: 'M6 3h9l4 4v14H6z',
};

/** An icon for the kind of an entry; the name is beside it. */
export function Glyph({ kind }: { kind: Entry['kind'] }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={PATHS[kind]} />
    </svg>
  );
}
