/** Finds names as they are typed. */
export class NameSearch {
  #folded: string[] | null = null;

  constructor(readonly names: readonly string[]) {}

  /**
   * Numbers of the names that hold the text in whatever case, `limit` at most: the very
   * name first, then the same in another case, then names that begin with it, then names
   * that hold it; each in the order of the list.
   */
  find(text: string, limit = Infinity): number[] {
    const typed = text.trim();
    const wanted = typed.toLowerCase();
    if (wanted === '') return [...this.names.slice(0, limit).keys()];
    const very: number[] = [];
    const same: number[] = [];
    const begin: number[] = [];
    const hold: number[] = [];
    this.#folded ??= this.names.map((name) => name.toLowerCase());
    this.#folded.forEach((name, index) => {
      const at = name.indexOf(wanted);
      if (at < 0) return;
      if (name.length === wanted.length) (this.names[index] === typed ? very : same).push(index);
      else (at === 0 ? begin : hold).push(index);
    });
    return [...very, ...same, ...begin, ...hold].slice(0, limit);
  }
}
