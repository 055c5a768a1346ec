import type { LeftOut } from './schema';

const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  layers: ['layer', 'layers'],
  obs: ['obs column', 'obs columns'],
  obsm: ['entry of obsm', 'entries of obsm'],
  obsp: ['graph', 'graphs'],
  uns: ['entry of uns', 'entries of uns'],
  var: ['var column', 'var columns'],
  varm: ['entry of varm', 'entries of varm'],
  varp: ['entry of varp', 'entries of varp'],
};

/** Parts of one kind that are left out for one reason. */
export interface LeftOutGroup {
  readonly noun: string;
  readonly names: readonly string[];
  readonly reason: string;
  readonly wayOut: string;
  /** Whether the rest of these parts is exported. */
  readonly isPartial: boolean;
}

/** Groups parts as the command line does. */
export function groupLeftOut(parts: readonly LeftOut[]): LeftOutGroup[] {
  const groups = new Map<string, LeftOut[]>();
  for (const each of parts) {
    const key = JSON.stringify([kindOf(each.part), each.reason, each.way_out]);
    const others = groups.get(key);
    if (others) others.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()].map((several) => {
    const [{ part, reason, way_out: wayOut }] = several;
    const nouns = NOUNS[kindOf(part)];
    return {
      noun: nouns ? nouns[several.length > 1 ? 1 : 0] : '',
      names: several.map((each) => each.part.slice(each.part.indexOf(':') + 1)),
      reason,
      wayOut,
      isPartial: reason.startsWith('only '),
    };
  });
}

/** The member of an AnnData that a part belongs to: `obs` of `obs:score`. */
function kindOf(part: string): string {
  return part.split(/[:/]/, 1)[0];
}
