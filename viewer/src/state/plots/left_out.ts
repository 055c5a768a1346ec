import { formatCounted } from '../texts/format';

const are = (count: number) => (count === 1 ? 'is' : 'are');

/** Which cells a plot leaves out; nothing if it draws all. */
export function notDrawn(count: number, why: string): string | false {
  return count > 0 && `${formatCounted(count, 'cell')} ${why} ${are(count)} not drawn.`;
}
