import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../api';
import { THUMBNAIL, type Thumbnail as Points } from '../model/schema';
import { isDark } from '../../ui/page/theme';
import { reading, sources, values } from '../state';

const SIZE = 88;
const GRID = 1000;
const MARGIN = 5;
const COLOURS = [
  '#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b3a100', '#7a5fb5', '#6b8e23', '#a0522d',
]; // prettier-ignore

/**
 * A picture of a sample of cells, coloured by the first annotation with few categories. Sections lie side by
 * side if the export lays them out.
 */
export function Thumbnail({ name, arrangeBy }: { name: string; arrangeBy: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [points, setPoints] = useState<Points | null>(null);
  const input = reading.value;
  useEffect(() => {
    setPoints(null);
    const controller = new AbortController();
    const asked = { source: sources.peek(), values: values.peek(), key: name, arrange_by: arrangeBy };
    ask('thumbnail', THUMBNAIL, asked, controller.signal).then(setPoints, () => {
      // Without a picture it can still be chosen by name.
    });
    return () => controller.abort();
  }, [name, input, arrangeBy]);
  const dark = isDark.value;
  useEffect(() => {
    if (canvas.current && points) draw(canvas.current, points);
  }, [points, dark]);
  return <canvas ref={canvas} class="thumbnail" width={2 * SIZE} height={2 * SIZE} aria-hidden="true" />;
}

function draw(canvas: HTMLCanvasElement, { x, y, codes }: Points): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const plain = getComputedStyle(canvas).color;
  const scale = (canvas.width - 4 * MARGIN) / GRID;
  const radius = x.length > 400 ? 1.6 : 3;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  x.forEach((across, cell) => {
    const code = codes[cell] ?? 0;
    pen.fillStyle = code < 0 ? plain : COLOURS[code % COLOURS.length];
    pen.beginPath();
    pen.arc(
      2 * MARGIN + across * scale,
      canvas.height - 2 * MARGIN - y[cell] * scale,
      radius,
      0,
      2 * Math.PI,
    );
    pen.fill();
  });
}
