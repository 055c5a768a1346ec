import type { Scene } from '../../../scene/scene';
import { type Tool } from '../../../state/selection/tools';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { chooseTool } from '../../page/keys';
import { Controls } from './controls';
import { Options } from './options';
import { UndoButtons } from './undo_buttons';

const TOOLS: readonly (readonly [tool: Tool, label: string, title: string])[] = [
  ['move', 'Move the view', 'Move the view (V)'],
  ['lasso', 'Select cells with a lasso', 'Select cells: draw around them (L)'],
  [
    'rectangle',
    'Select cells with a rectangle',
    'Select the cells in a rectangle, also with the arrow keys (R)',
  ],
  ['brush', 'Select cells with a brush', 'Select cells: draw over them (B)'],
];

/** What a drag does, and the buttons for zooming, at the edge of the cells. Panels of sections cannot be zoomed. */
export function Rail({ session, scene }: { session: Session; scene: Scene | null }) {
  const { tools } = session;
  return (
    <div class="rail">
      {tools.isSelecting.value && <Options session={session} />}
      <div class="tools" role="group" aria-label="Tools">
        {TOOLS.map(([tool, label, title]) => (
          <button
            key={tool}
            type="button"
            aria-label={label}
            title={title}
            aria-pressed={tools.tool.value === tool}
            onClick={() => chooseTool(session, tool)}
          >
            <Icon name={tool} />
          </button>
        ))}
      </div>
      <UndoButtons session={session} />
      {scene && <Controls session={session} scene={scene} />}
    </div>
  );
}
