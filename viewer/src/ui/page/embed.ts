import * as v from 'valibot';
import { ViewerError } from '../../bytes/errors';
import type { Cells } from '../../state/selection/sets';
import { inSourceOrder, numbersInSource } from '../../state/selection/source_order';
import type { Session } from '../../state/session';

const COLOUR = v.literal('karospace:colour');
/** Requests that a page may send if it shows this one in a frame. */
const AskSchema = v.union([
  v.strictObject({ type: COLOUR, column: v.string() }),
  v.strictObject({ type: COLOUR, gene: v.string() }),
]);

/**
 * Exchanges messages with the page that shows this one in a frame, if the address has `?embed=1`.
 * `&parent=ORIGIN` names the only origin to exchange messages with. See docs/howto/embed.md.
 */
export function connectParent(session: Session): () => void {
  const asked = new URLSearchParams(location.search);
  if (asked.get('embed') !== '1' || window.parent === window) return () => {};
  const only = asked.get('parent');
  if (only !== null && !isOrigin(only)) {
    session.problem.value = new ViewerError(
      `?parent=${only} is not an origin, so messages from the surrounding page are ignored.`,
      'Give a scheme and a host, such as https://lab.example.org, without a path.',
    );
    return () => {};
  }
  const target = only ?? originOfParent() ?? '*';

  const hear = (event: MessageEvent<unknown>) => {
    // Frames inside this page, pages that it opened and pages that opened it may send messages, too.
    if (event.source !== window.parent || (only !== null && event.origin !== only)) return;
    const parsed = v.safeParse(AskSchema, event.data);
    if (!parsed.success) return;
    if ('gene' in parsed.output) void session.colourByGene(parsed.output.gene);
    else void session.colourByColumn(parsed.output.column);
  };
  addEventListener('message', hear);
  const { bundle } = session;
  const post = (message: object) => window.parent.postMessage(message, target);
  const numbersOf = async (cells: Cells) =>
    Array.from(await (bundle.order ? numbersInSource : inSourceOrder)(bundle, cells));
  const rowsOf = async (cells: Cells) => Array.from(await numbersInSource(bundle, cells));
  const inTurn = turns((error) => session.report(error));
  const stops = [
    session.selection.subscribe((cells) =>
      inTurn(async () =>
        post({ type: 'karospace:selection', cells: await numbersOf(cells), rows: await rowsOf(cells) }),
      ),
    ),
    session.groups.list.subscribe((list) =>
      inTurn(async () => {
        const groups = [];
        for (const { name, color, cells } of list)
          groups.push({ name, color, cells: await numbersOf(cells), rows: await rowsOf(cells) });
        post({ type: 'karospace:groups', nCells: bundle.nCells, groups });
      }),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
    removeEventListener('message', hear);
  };
}

/** Does one thing after another, as the order of the cells may have to be loaded first. */
function turns(onFailure: (error: unknown) => void): (work: () => Promise<void>) => void {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(work).catch(onFailure);
  };
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}

/** Null if the browser does not tell, or the parent has no origin (a file, a sandbox). */
function originOfParent(): string | null {
  const [origin] = location.ancestorOrigins ?? [];
  return origin && origin !== 'null' ? origin : null;
}
