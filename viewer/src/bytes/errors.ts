/** An error that the user can act on: what is wrong, and what to do. */
export class ViewerError extends Error {
  override readonly name: string = 'ViewerError';

  constructor(
    message: string,
    /** The way out, as a sentence. */
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A file is missing that the bundle names, or that makes a folder a bundle. */
export class FileMissingError extends ViewerError {
  override readonly name = 'FileMissingError';

  constructor(
    readonly path: string,
    where: string,
    readonly reason: string,
  ) {
    super(
      `The file ${path} is missing from ${where} (${reason}).`,
      'Check that the whole export was copied, or run the export again.',
    );
  }
}

/** A host does not let this page read its response: the file may exist or not. */
export class UnreadableError extends ViewerError {
  override readonly name = 'UnreadableError';
}

/** A host sends whole files where the page asks for a part. */
export class NoRangesError extends ViewerError {
  override readonly name = 'NoRangesError';
}
