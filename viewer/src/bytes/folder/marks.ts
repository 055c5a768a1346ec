/** A file that makes a folder a bundle, or a list of bundles. */
export interface Mark {
  readonly file: string;
  /** The usual ending of the names of folders that hold it. */
  readonly suffix?: string;
}

/** All marks, in the order in which they are tried. */
export type Marks = readonly Mark[];

export function isMark(marks: Marks, name: string | undefined): boolean {
  return marks.some(({ file }) => file === name);
}

export function markNames(marks: Marks): string {
  return marks.map(({ file }) => file).join(', ');
}
