import { formatCount, formatRounded, formatShare } from '../../../state/texts/format';
import { NOT_DETECTED } from '../../../state/colouring/colouring';
import type { NumberPaint } from '../../../state/colouring/paint';
import type { NumberSummary } from '../../../state/colouring/summary';
import type { Session } from '../../../state/session';
import { rememberZeros } from '../../page/preferences';
import { Toggle } from '../controls/toggle';

interface ExpressionProps {
  session: Session;
  paint: NumberPaint;
  summary: NumberSummary;
}

/** How many of the shown cells express the gene, how much, and the colour of the others. Nothing for columns. */
export function Expression({ session, paint, summary }: ExpressionProps) {
  const { colouring, drawn } = session;
  const { by } = colouring.current.value.by;
  if (by !== 'gene' && (by !== 'list' || paint.nZero === null)) return null;
  if (paint.nZero === null) {
    return (
      <p class="quiet">
        Some values are below zero, as in scaled data, so zero is a value like any other and not grey.
      </p>
    );
  }
  const isFiltered = drawn.mask.value !== null;
  return (
    <>
      <p class="expression" role="status">
        {expressionText(summary, isFiltered, by === 'list' ? 'One or more are expressed' : 'Expressed')}
      </p>
      <Toggle
        label={
          <>
            <span class="swatch zero" /> Grey where{' '}
            {colouring.namesZeros.value ? NOT_DETECTED : 'not expressed'}
          </>
        }
        value={colouring.greyZeros}
        onChosen={rememberZeros}
      />
      {colouring.greyZeros.value && <Toggle label="Call zeros “not detected”" value={colouring.namesZeros} />}
    </>
  );
}

function expressionText(
  { nZero, nOther, mean }: NumberSummary,
  isFiltered: boolean,
  expressed: string,
): string {
  const count = nZero + nOther;
  const cells = isFiltered ? 'of the shown cells' : 'of the cells';
  if (count === 0) return isFiltered ? 'No shown cell has a value.' : 'No cell has a value.';
  if (nOther === 0) return isFiltered ? 'No shown cell expresses it.' : 'No cell expresses it.';
  const text =
    `${expressed} in ${formatShare(nOther, count)} ${cells} (${formatCount(nOther)} of ${formatCount(count)})` +
    (mean === null ? '.' : `, with a mean of ${formatRounded(mean)}.`);
  if (nZero === 0) return text;
  return `${text} The bars leave out the zeros (${formatShare(nZero, count)}).`;
}
