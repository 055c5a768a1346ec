import { useState } from 'preact/hooks';
import type { Session } from '../../../state/session';
import { contentName } from '../../../state/view/linked/content';
import { MOST_PANELS } from '../../../state/view/linked/linked_panels';
import { useGenes } from '../colour/gene_search';
import { ColumnField } from '../controls/column_field';
import { NameField } from '../controls/name_search';

const ONE_PICTURE = 'A curtain lies over one picture: choose “One” or “All” above the panels first';

/** Panels beside the stage, and a curtain over it. */
export function Beside({ session }: { session: Session }) {
  const { panels, bundle, curtain } = session;
  const [isOpen, setOpen] = useState(false);
  const { beside } = panels;
  const nPanels = panels.list.value.length;
  const hasCurtain = curtain.wanted.value !== null;
  const isGrid = session.tissue.sections.mode.value === 'grid';
  return (
    <div class="part" role="group" aria-labelledby="beside-title">
      <h3 id="beside-title">Side by side</h3>
      <div class="buttons">
        {beside !== null && (
          <button
            type="button"
            disabled={nPanels >= MOST_PANELS}
            title="Another panel, in which the same cells are hovered and selected"
            onClick={() => panels.open(beside)}
          >
            {nPanels === 0 ? `${contentName(bundle, beside)} beside` : 'One more panel'}
          </button>
        )}
        <button
          type="button"
          aria-expanded={isOpen || hasCurtain}
          disabled={isGrid}
          title={isGrid ? ONE_PICTURE : 'Two colourings, and a line between them that can be moved'}
          onClick={() => {
            if (hasCurtain) void session.chooseCurtain(null);
            setOpen(!(isOpen || hasCurtain));
          }}
        >
          Curtain
        </button>
      </div>
      {(isOpen || hasCurtain) && !isGrid && <CurtainChoice session={session} />}
    </div>
  );
}

/** What colours the cells at the right of the curtain. */
function CurtainChoice({ session }: { session: Session }) {
  const { columns, nGenes } = session.bundle;
  const wanted = session.curtain.wanted.value;
  const offered = [...columns.keys()].filter((column) => columns[column].kind !== 'string');
  const choose = (index: number | null) =>
    index === null
      ? session.chooseCurtain(null)
      : session.chooseCurtain({ by: 'column', index }, columns[index].name);
  return (
    <>
      {offered.length > 0 && (
        <ColumnField
          id="curtain-column"
          label="Right of the curtain"
          columns={columns}
          offered={offered}
          chosen={wanted?.by === 'column' ? wanted.index : null}
          active={wanted?.by === 'column'}
          nothing={wanted?.by === 'gene' ? 'A gene' : 'Choose a column'}
          whyDisabled={() => null}
          onChoose={(index) => void choose(index)}
        />
      )}
      {nGenes > 0 && <GeneChoice session={session} />}
    </>
  );
}

function GeneChoice({ session }: { session: Session }) {
  const genes = useGenes(session);
  const wanted = session.curtain.wanted.value;
  const isGene = wanted?.by === 'gene';
  return (
    <div class={isGene ? 'field active' : 'field'}>
      <NameField
        id="curtain-gene"
        label="Gene right of the curtain"
        things="Genes for the curtain"
        names={genes?.names ?? null}
        others={genes?.ids}
        current={isGene ? (genes?.names[wanted.index] ?? '') : ''}
        placeholder="Search a gene"
        none="No exported gene has a name that contains this"
        first={session.geneLists.recent.value}
        onChoose={(index, name) => void session.chooseCurtain({ by: 'gene', index }, name)}
      />
    </div>
  );
}
