import { factText, valuesOf } from '../../../state/tissue/sections/arrange';
import { formatCount, formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { Caption } from '../caption';
import { Orientations } from './orientations';
import { SectionSwitch } from './switch';

/** Columns with more values are no chips. */
const MOST_CHIPS = 12;

/** What is above the panels: what they show, which of them, and in which order. */
export function Toolbar({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const nAll = sections.info!.items.length;
  const nShown = sections.list.value.length;
  return (
    <div class="grid-toolbar">
      <div class="first">
        <Caption session={session} />
        <SectionSwitch session={session} />
      </div>
      <div class="second">
        <input
          type="search"
          placeholder="Find a section"
          aria-label="Find a section by its name"
          value={sections.search.value}
          onInput={(event) => (sections.search.value = event.currentTarget.value)}
        />
        <Sort session={session} />
        <div class="segments" role="group" aria-label="Scale of the panels">
          {[false, true].map((fitted) => (
            <button
              key={String(fitted)}
              type="button"
              title={fitted ? 'Each section fills its panel' : 'All sections at the same scale'}
              aria-pressed={sections.isFitted.value === fitted}
              onClick={() => (sections.isFitted.value = fitted)}
            >
              {fitted ? 'Fit each' : 'Same scale'}
            </button>
          ))}
        </div>
        <Orientations session={session} />
        <p class="count" role="status">
          {nShown === nAll
            ? formatCounted(nAll, 'section')
            : `${formatCount(nShown)} of ${formatCounted(nAll, 'section')}`}
        </p>
      </div>
      <Facts session={session} />
    </div>
  );
}

function Sort({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const { by, isReversed } = sections.sort.value;
  return (
    <div class="sort">
      <select
        aria-label="Order of the sections"
        value={String(by)}
        onChange={({ currentTarget: { value } }) => {
          const next = value === 'name' || value === 'cells' ? value : Number(value);
          sections.sort.value = { by: next, isReversed };
        }}
      >
        <option value="name">By name</option>
        <option value="cells">By number of cells</option>
        {sections.info!.metadata.map(({ name }, column) => (
          <option key={column} value={String(column)}>
            By {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button square"
        aria-label="Reverse the order"
        title="Reverse the order"
        aria-pressed={isReversed}
        onClick={() => (sections.sort.value = { by, isReversed: !isReversed })}
      >
        <Icon name={isReversed ? 'higher' : 'lower'} />
      </button>
    </div>
  );
}

/** Chips with the values of the metadata of sections, which choose the panels that are shown. */
function Facts({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const columns = sections.info!.metadata.flatMap((facts, column) => {
    const values = valuesOf(facts);
    return values.length > 1 && values.length <= MOST_CHIPS ? [{ ...facts, column, shown: values }] : [];
  });
  const isNarrowed = sections.chosen.value.size > 0 || sections.search.value.trim() !== '';
  if (columns.length === 0 && !isNarrowed) return null;
  return (
    <div class="facts">
      {columns.map(({ name, column, shown, values }) => (
        <div key={column} class="fact" role="group" aria-label={name}>
          <span class="quiet">{name}</span>
          {shown.map((value) => {
            const isOn = sections.chosen.value.get(column)?.has(value) ?? false;
            return (
              <button
                key={String(value)}
                type="button"
                class="fact-chip"
                aria-pressed={isOn}
                onClick={() => sections.choose(column, value, !isOn)}
              >
                {factText(value)} <small>{formatCount(values.filter((each) => each === value).length)}</small>
              </button>
            );
          })}
        </div>
      ))}
      {isNarrowed && (
        <button type="button" class="text" onClick={() => sections.showEverySection()}>
          Show every section
        </button>
      )}
    </div>
  );
}
