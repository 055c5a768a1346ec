/** Finds names as they are typed. */
export class NameSearch {
  #folded: string[] | null = null;
  #foldedOthers: string[] | null = null;

  /** `others` are further names of the same things, such as identifiers. */
  constructor(
    readonly names: readonly string[],
    readonly others: readonly string[] | null = null,
  ) {}

  /**
   * Numbers of the names that hold the text in whatever case, `limit` at most: the very
   * name first, then the same in another case, then names that begin with it, then names
   * that hold it; each in the order of the list. Another name counts as the first one, and comes behind it.
   */
  find(text: string, limit = Infinity): number[] {
    const typed = text.trim();
    const wanted = typed.toLowerCase();
    if (wanted === '') return [...this.names.slice(0, limit).keys()];
    // By rank: the very name, the same in another case, the beginning, a part; of each the others behind.
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
    return ranked.flat().slice(0, limit);
  }
}

function rankOf(folded: string, name: string, wanted: string, typed: string): number {
  const at = folded.indexOf(wanted);
  if (at < 0) return Infinity;
  if (folded.length === wanted.length) return name === typed ? 0 : 1;
  return at === 0 ? 2 : 3;
}
