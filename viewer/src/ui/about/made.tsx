import { useEffect, useState } from 'preact/hooks';
import type { Bundle } from '../../bundle/bundle';
import type { Receipt } from '../../bundle/about/receipt';
import { ViewerError } from '../../bytes/errors';
import { formatCount, formatCounted, formatNbytes } from '../../state/texts/format';
import { Row } from './row';
import { Sums } from './sums';

interface MadeProps {
  bundle: Bundle;
  receipt: Receipt;
}

/** How the export was made. */
export function Made({ bundle, receipt }: MadeProps) {
  const { generator, nCellsSource, nGenesSource, nFiles, nBytes, seconds, options, notes } = receipt;
  const size = [
    nFiles !== null && `${formatCounted(nFiles, 'file')}`,
    nBytes !== null && formatNbytes(nBytes),
  ];
  return (
    <>
      {receipt.failure && <p class="failure">{receipt.failure}</p>}
      <dl>
        <Row label="Made with">{generator}</Row>
        <Row label="On">{dateOf(receipt.createdAt)}</Row>
        <Row label="Cells">{ofHowMany(bundle.nCells, nCellsSource)}</Row>
        <Row label="Genes">{ofHowMany(bundle.nGenes, nGenesSource)}</Row>
        <Row label="Size">{size.filter(Boolean).join(', ')}</Row>
        <Row label="Took">{seconds !== null && duration(seconds)}</Row>
        <Row label="Format">{bundle.format}</Row>
        <Row label="Sums">{bundle.sums && <Sums sums={bundle.sums} of={bundle.name} />}</Row>
        <Row label="Read from">{bundle.where}</Row>
      </dl>
      {options.length > 0 && (
        <>
          <h4>Options</h4>
          <dl>
            {options.map(([label, value], index) => (
              <Row key={index} label={label}>
                {value}
              </Row>
            ))}
          </dl>
        </>
      )}
      {notes.length > 0 && (
        <>
          <h4>Noticed</h4>
          <ul>
            {notes.map((note, index) => (
              <li key={index}>{note}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** Loads a value when the dialog opens: null until it is loaded, and the error if loading fails. */
export function useLoaded<T>(load: () => Promise<T>): { value: T | null; failure: string } {
  const [state, setState] = useState<{ value: T | null; failure: string }>({ value: null, failure: '' });
  useEffect(() => {
    let isWanted = true;
    const put = (next: typeof state) => isWanted && setState(next);
    load().then(
      (value) => put({ value, failure: '' }),
      (error: unknown) =>
        put({ value: null, failure: error instanceof ViewerError ? error.message : String(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return state;
}

/** `2,000 of 30,000` if some are left out. */
function ofHowMany(count: number, all: number | null): string {
  return all !== null && all > count ? `${formatCount(count)} of ${formatCount(all)}` : formatCount(count);
}

/** `20 November 2026`; text that is not a date stays unchanged. */
function dateOf(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
