import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { nearestGene, type ScatterPoints } from '../../state/markers/variable';
import type { Session } from '../../state/session';
import { isDark } from '../page/theme';
import { pointing } from '../picture/pointing';
import { colourByMarker, colouringGene } from './colour';

const MARGIN = { left: 50, right: 10, top: 10, bottom: 36 } as const;
/** Pixels around a point in which it is pointed at. */
const NEAR = 12;
const DOT = 1.6;

interface ScatterProps {
  session: Session;
  points: ScatterPoints;
  names: readonly string[];
}

/** Variance against mean of all genes. The table beside it has the same numbers, for those who cannot point. */
export function Scatter({ session, points, names }: ScatterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [pointed, setPointed] = useState<number | null>(null);
  const coloured = colouringGene(session);
  const dark = isDark.value;
  useLayoutEffect(() => {
    const watched = canvas.current!;
    const watch = new ResizeObserver(() =>
      setSize({ width: watched.clientWidth, height: watched.clientHeight }),
    );
    watch.observe(watched);
    return () => watch.disconnect();
  }, []);
  const inner = {
    width: Math.max(1, size.width - MARGIN.left - MARGIN.right),
    height: Math.max(1, size.height - MARGIN.top - MARGIN.bottom),
  };
  useEffect(() => {
    if (size.width > 0) draw(canvas.current!, points, inner, [coloured, pointed], names);
  }, [points, size, coloured, pointed, dark]);
  const geneAt = (x: number, y: number) =>
    nearestGene(points, { x: x - MARGIN.left, y: y - MARGIN.top }, inner, NEAR);
  return (
    <canvas
      ref={canvas}
      class="scatter"
      role="img"
      aria-label="Variance of all genes against their mean, both logarithmic; the table has the numbers"
      {...pointing(
        (x, y) => setPointed(geneAt(x, y)),
        () => setPointed(null),
      )}
      onClick={(event) => {
        const gene = geneAt(event.offsetX, event.offsetY);
        if (gene !== null) void colourByMarker(session, gene, names[gene]);
      }}
    />
  );
}

function draw(
  canvas: HTMLCanvasElement,
  { x, y, xTicks, yTicks }: ScatterPoints,
  { width, height }: { width: number; height: number },
  named: readonly (number | null)[],
  names: readonly string[],
): void {
  const scale = devicePixelRatio;
  canvas.width = canvas.clientWidth * scale;
  canvas.height = canvas.clientHeight * scale;
  const pen = canvas.getContext('2d')!;
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name).trim();
  pen.scale(scale, scale);
  pen.translate(MARGIN.left, MARGIN.top);
  pen.font = `11px ${style.fontFamily}`;
  pen.strokeStyle = color('--line');
  pen.fillStyle = color('--quiet');
  pen.textAlign = 'center';
  for (const { at, text } of xTicks) {
    pen.strokeRect(at * width, 0, 0, height);
    pen.fillText(text, at * width, height + 14);
  }
  pen.textAlign = 'right';
  for (const { at, text } of yTicks) {
    pen.strokeRect(0, (1 - at) * height, width, 0);
    pen.fillText(text, -6, (1 - at) * height + 4);
  }
  pen.textAlign = 'center';
  pen.fillText('Mean', width / 2, height + 30);
  pen.save();
  pen.translate(-40, height / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText('Variance', 0, 0);
  pen.restore();
  pen.globalAlpha = 0.55;
  for (let gene = 0; gene < x.length; gene++) dot(gene, DOT);
  pen.globalAlpha = 1;
  for (const gene of named) {
    if (gene === null || !(x[gene] >= 0 && y[gene] >= 0)) continue;
    pen.fillStyle = color('--accent');
    dot(gene, 4);
    pen.fillStyle = color('--ink');
    pen.font = `600 12px ${style.fontFamily}`;
    pen.textAlign = x[gene] > 0.5 ? 'right' : 'left';
    const beside = x[gene] > 0.5 ? -8 : 8;
    pen.fillText(names[gene].slice(0, 40), x[gene] * width + beside, (1 - y[gene]) * height + 4);
  }

  function dot(gene: number, radius: number): void {
    // NaN draws nothing.
    pen.beginPath();
    pen.arc(x[gene] * width, (1 - y[gene]) * height, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}
