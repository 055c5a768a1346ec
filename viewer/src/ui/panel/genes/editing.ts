/** What is being written: a list under its old name, or a new one that begins with some genes. */
export interface Editing {
  readonly own: string | null;
  readonly name: string;
  readonly genes: readonly number[];
}
