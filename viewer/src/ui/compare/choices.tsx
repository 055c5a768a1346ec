import { COMPARE_TESTS } from '../../state/compare/result';
import { sizesText } from '../../state/compare/sides';
import { COMPARE_NAMES } from '../../state/compare/texts';
import type { Session } from '../../state/session';
import { formatCount } from '../../state/texts/format';
import { Toggle } from '../panel/controls/toggle';
import { GenesChoice } from './genes_choice';
import { SideChoice } from './side_choice';

/** Both sides, the genes and the test. */
export function Choices({ session }: { session: Session }) {
  const { compare } = session;
  const [first, second] = compare.sides.value;
  const marked = compare.marked.value;
  const progress = compare.progress.value;
  return (
    <>
      <SideChoice session={session} at={0} label="Compare" />
      <SideChoice session={session} at={1} label="with" />
      <button type="button" class="text swap" onClick={() => (compare.sides.value = [second, first])}>
        Swap the sides
      </button>
      <p class={marked?.problem ? 'wrong' : 'quiet'} role="status">
        {marked ? (marked.problem ?? sizesText(marked)) : 'Counting cells …'}
      </p>
      <GenesChoice session={session} />
      <div class="buttons" role="group" aria-label="Test">
        {COMPARE_TESTS.map((test) => (
          <button
            key={test}
            type="button"
            title={COMPARE_NAMES[test]}
            aria-pressed={compare.test.value === test}
            onClick={() => (compare.test.value = test)}
          >
            {test === 'wilcoxon' ? 'Wilcoxon' : 'Welch’s t'}
          </button>
        ))}
      </div>
      {compare.test.value === 'wilcoxon' && (
        <>
          <Toggle label="Correct for ties" value={compare.tieCorrect} />
          <p class="quiet">
            Off at first, as in scanpy. Single-cell values are mostly ties (zeros); without it, p-values are
            too large.
          </p>
        </>
      )}
      {progress ? (
        <div class="compare-progress">
          <progress aria-label="Compared genes" value={progress.done} max={progress.total} />
          <span class="quiet">
            {formatCount(progress.done)} of {formatCount(progress.total)} genes
          </span>
          <button type="button" class="button" onClick={() => compare.cancel()}>
            Cancel
          </button>
        </div>
      ) : (
        <button
          type="button"
          class="button primary"
          disabled={!marked || marked.problem !== null}
          onClick={() => void session.runComparison()}
        >
          Compare
        </button>
      )}
    </>
  );
}
