import type { GeneGroups } from '../../bundle/bundle';

/** Which genes a search finds: those of the chosen group and what is no gene, such as a list; all without a group. */
export function inGroup(groups: GeneGroups | undefined, chosen: string): (item: number) => boolean {
  const code = groups?.names.indexOf(chosen) ?? -1;
  return (item) => code < 0 || (groups?.codes[item] ?? code) === code;
}
