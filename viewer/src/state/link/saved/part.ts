import * as v from 'valibot';
import { ViewerError } from '../../../bytes/errors';
import type { Session } from '../../session';
import { wrongValue } from '../../texts/wrong_value';
import type { Misses } from '../misses';

/** Brings a part back. Adds what the bundle does not have to `misses`. */
export type Restore = (misses: Misses) => Promise<void> | void;

/** A part of the state that a session file keeps. */
export interface SavedPart {
  /** Its key in the file. */
  readonly key: string;
  /** For people, such as `the groups`. */
  readonly name: string;
  /** Whether it names cells by number, which fits only the same cells in the same order. */
  readonly namesCells?: boolean;
  /** A value for JSON; undefined leaves the part out. */
  save(session: Session): unknown;
  /** Checks a value of a file, and changes nothing yet. Throws if the value is damaged. */
  read(session: Session, value: unknown, hasSameCells: boolean): Promise<Restore> | Restore;
  /** What of it a link cannot hold at present, for people, such as `the group “T cells”`. */
  notInLink?(session: Session): readonly string[];
}

interface Definition<S extends v.GenericSchema> extends Omit<SavedPart, 'read'> {
  readonly schema: S;
  save(session: Session): Promise<v.InferInput<S>> | v.InferInput<S> | undefined;
  load(
    session: Session,
    value: v.InferOutput<S>,
    misses: Misses,
    hasSameCells: boolean,
  ): Promise<void> | void;
}

/** A part whose values a schema describes. */
export function definePart<S extends v.GenericSchema>(part: Definition<S>): SavedPart {
  return {
    ...part,
    read: (session, value, hasSameCells) => {
      const checked = checkPart(part.name, part.schema, value);
      return (misses) => part.load(session, checked, misses, hasSameCells);
    },
  };
}

/** The value of a part, or of the whole file, if it is as the schema says. `name` is for people. */
export function checkPart<S extends v.GenericSchema>(
  name: string,
  schema: S,
  value: unknown,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw damaged(wrongValue(result.issues[0], name));
}

export function damaged(how: string): ViewerError {
  return new ViewerError(
    `The session file is damaged: ${how}.`,
    'Nothing was changed. Save the session again.',
  );
}
