import type { Scene } from '../../scene/scene';
import type { Session } from '../../state/session';

/** What the stage shows and a figure of it does not. */
export function leftOutOf(session: Session, scene: Scene): string[] {
  const { slides, transcripts, panels } = session;
  const extent = transcripts.chosen.peek().length > 0 ? transcripts.extent.peek() : 'none';
  const hasChannels =
    scene.slides.areShown && slides.drawn.peek().some((each) => slides.all[each].kind !== 'rgb');
  const all: readonly (readonly [boolean, string])[] = [
    [scene.regionNames.peek().length > 0, 'the names of regions'],
    [extent === 'all' || extent === 'sample', 'the colours of the genes of transcripts'],
    [extent === 'sample', 'transcripts beyond the sample on the page'],
    [extent === 'loading', 'transcripts that are still loading'],
    [hasChannels, 'the colours of the channels of the slide'],
    [panels.list.peek().length > 0, 'the panels beside it'],
  ];
  return all.flatMap(([isLeftOut, text]) => (isLeftOut ? [text] : []));
}
