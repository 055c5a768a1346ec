import { effect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { Scene } from '../../../scene/scene';
import type { SceneSession } from '../../../state/drawing/scene_session';
import type { EmbeddingView } from '../../../state/view/embedding_view';
import { isDark } from '../../page/theme';
import { COLORS } from '../colors';

/** Draws on the canvas of a plot, in the colours of the theme, as long as the plot is there. */
export function useScene(
  plot: RefObject<HTMLElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
  session: SceneSession,
  onScene: (scene: Scene | null) => void,
): void {
  useEffect(() => {
    const stopSize = followSize(plot.current!, session.view);
    const made = new Scene(canvas.current!, session);
    const stopTheme = effect(() => {
      made.colors = isDark.value ? COLORS.dark : COLORS.light;
    });
    onScene(made);
    return () => {
      stopTheme();
      stopSize();
      onScene(null);
      made.destroy();
    };
  }, [session]);
}

function followSize(plot: HTMLElement, view: EmbeddingView): () => void {
  const measure = () => {
    view.size.value = { width: plot.clientWidth, height: plot.clientHeight };
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(plot);
  return () => observer.disconnect();
}
