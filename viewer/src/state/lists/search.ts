/** Finds names as they are typed. */
export class NameSearch {
  #folded: string[] | null = null;
  #foldedOthers: string[] | null = null;

  /** `others` are further names of the same items, such as identifiers. */
  constructor(
    readonly names: readonly string[],
    readonly others: readonly string[] | null = null,
    /** Of items that match equally well, those with the lowest number come first. */
    readonly ranks: ArrayLike<number> | null = null,
    /** Items that come first where nothing is typed. */
    readonly first: readonly number[] = [],
  ) {}

  /**
   * Numbers of the names that contain the text, ignoring case, at most `limit`: the exact
   * name first, then the same in another case, then names that begin with it, then names
   * that contain it; each in the order of the list. Other names rank after the first names.
   */
  find(text: string, limit = Infinity): number[] {
    const typed = text.trim();
    const wanted = typed.toLowerCase();
    if (wanted === '') {
      const all = this.names.slice(0, limit).keys();
      return this.first.length === 0 ? [...all] : [...new Set([...this.first, ...all])].slice(0, limit);
    }
    // By rank: exact, ignoring case, beginning, part; in each rank the other names come last.
    const ranked: number[][] = Array.from({ length: 8 }, () => []);
    this.#folded ??= this.names.map((name) => name.toLowerCase());
    this.#foldedOthers ??= this.others?.map((name) => name.toLowerCase()) ?? [];
    for (const [index, name] of this.#folded.entries()) {
      const first = rankOf(name, this.names[index], wanted, typed);
      const other = this.others
        ? rankOf(this.#foldedOthers[index], this.others[index], wanted, typed)
        : Infinity;
      const rank = Math.min(2 * first, 2 * other + 1);
      if (rank < ranked.length) ranked[rank].push(index);
    }
    const { ranks } = this;
    if (ranks) for (const equal of ranked) equal.sort((a, b) => rankIn(ranks, a) - rankIn(ranks, b));
    return ranked.flat().slice(0, limit);
  }
}

/** Infinity less Infinity would be no number. */
const rankIn = (ranks: ArrayLike<number>, index: number) =>
  Number.isFinite(ranks[index]) ? ranks[index] : Number.MAX_VALUE;

function rankOf(folded: string, name: string, wanted: string, typed: string): number {
  const at = folded.indexOf(wanted);
  if (at < 0) return Infinity;
  if (folded.length === wanted.length) return name === typed ? 0 : 1;
  return at === 0 ? 2 : 3;
}
