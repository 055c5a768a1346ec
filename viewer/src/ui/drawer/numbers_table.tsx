import type { CsvColumn } from '../../state/texts/csv';
import { formatCount } from '../../state/texts/format';

/** More rows would slow down the page. */
const MOST_ROWS = 1_000;

/** The numbers of a plot. */
export function NumbersTable({ label, columns }: { label: string; columns: readonly CsvColumn[] }) {
  const count = columns[0].texts.length;
  const isNumeric = columns.map(({ texts }) =>
    texts.every((text) => text === '' || !Number.isNaN(Number(text))),
  );
  const rows = columns[0].texts.slice(0, MOST_ROWS);
  return (
    <div class="numbers-scroll" tabIndex={0} role="region" aria-label={`Numbers of ${label}`}>
      <table class="numbers">
        <thead>
          <tr>
            {columns.map(({ header }, at) => (
              <th key={at} scope="col" class={isNumeric[at] ? 'number' : undefined}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((_, row) => (
            <tr key={row}>
              {columns.map(({ texts }, at) => (
                <td key={at} class={isNumeric[at] ? 'number' : undefined}>
                  {texts[row]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {count > MOST_ROWS && (
        <p class="quiet">and {formatCount(count - MOST_ROWS)} more rows, in the CSV file</p>
      )}
    </div>
  );
}
