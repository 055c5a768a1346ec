import type { Session } from '../../../state/session';

/** The choice between a panel for each section, one section, and all cells in one picture. */
export function SectionSwitch({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const { info } = sections;
  if (!info || info.items.length < 2) return null;
  const section = sections.section.value;
  const isGrid = sections.mode.value === 'grid';
  const choices = [
    ['Grid', 'A panel for each section', isGrid, () => sections.showGrid()],
    ['One', 'One section', section !== null, () => sections.open(oneOf(session))],
    ['All', 'All cells in one picture', !isGrid && section === null, () => sections.showAll()],
  ] as const;
  return (
    <div class="section-switch">
      <div class="segments" role="group" aria-label="Sections">
        {choices.map(([text, title, isOn, choose]) => (
          <button key={text} type="button" title={title} aria-pressed={isOn} onClick={choose}>
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}

/** The section that was looked at last, or the first of the list. */
function oneOf({ tissue: { sections } }: Session): number {
  const list = sections.list.peek();
  const current = sections.current.peek();
  return current ?? list[0] ?? 0;
}
