import * as v from 'valibot';
import { ViewerError } from '../../../bytes/errors';
import { memberOf } from '../../../bundle/about/untrusted';
import type { Session } from '../../session';
import { andList } from '../../lists/find_name';
import { Misses } from '../misses';
import { identityOf, IdentitySchema, type Comparison } from './identity';
import { SAVED_PARTS } from './list';
import { checkPart, type Restore, type SavedPart } from './part';

const FORMAT = 'karospace-session';
const VERSION = 1;
export const SESSION_ENDING = '.karospace-session.json';

const FileSchema = v.object({
  /** Usually an ISO date, but not checked. */
  saved: v.pipe(v.string(), v.maxLength(100)),
  bundle: IdentitySchema,
  parts: v.record(v.string(), v.unknown()),
});

/** A session file whose parts were not looked at yet. */
export type SessionFile = v.InferOutput<typeof FileSchema>;

/** The text of a session file. */
export async function writeSession(session: Session, now = new Date()): Promise<string> {
  const parts: Record<string, unknown> = {};
  for (const part of SAVED_PARTS) parts[part.key] = await part.save(session);
  const bundle = await identityOf(session);
  return JSON.stringify({ format: FORMAT, version: VERSION, saved: now.toISOString(), bundle, parts });
}

/** Reads a session file except its parts. */
export function readSession(text: string): SessionFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const format = memberOf(json, 'format');
  if (format !== FORMAT) {
    throw new ViewerError(
      format === 'karospace-groups'
        ? 'This is a file of groups, not a session file.'
        : 'This is not a session file of this page, or it was cut off.',
      format === 'karospace-groups'
        ? 'Import it under “Groups”.'
        : `Open a file that “Session file” has saved; its name ends with ${SESSION_ENDING}.`,
    );
  }
  const version = memberOf(json, 'version');
  if (version !== VERSION) {
    throw new ViewerError(
      `The session file has version ${String(JSON.stringify(version)).slice(0, 20)}, but this page reads version ${VERSION}.`,
      'Open it with the page that saved it, or a newer one.',
    );
  }
  return checkPart('the file', FileSchema, json);
}

/**
 * Brings a session back, as one step to undo. If the bundle has other cells, parts that name cells by number are left
 * out. If a part is damaged, nothing is changed. Says what was brought back.
 */
export async function loadSession(
  session: Session,
  { parts }: SessionFile,
  { hasSameCells }: Comparison,
): Promise<string> {
  const misses = new Misses('session file');
  const restores: Restore[] = [];
  const names: string[] = [];
  for (const part of SAVED_PARTS) {
    const value = memberOf(parts, part.key);
    if (value === undefined) continue;
    if (part.namesCells && !hasSameCells) misses.addLeftOut(part.name, 'they are numbers of other cells');
    else {
      restores.push(await part.read(session, value, hasSameCells));
      names.push(part.name);
    }
  }
  for (const key of Object.keys(parts)) if (!isKnown(key)) misses.addUnknownPart(key, [], []);
  if (names.length === 0) {
    throw new ViewerError(
      'The session file holds nothing that can be restored.',
      misses.problem?.message ?? 'Nothing was changed. Save the session again.',
    );
  }
  await session.history.step(async () => {
    for (const restore of restores) await restore(misses);
  }, 'restoring the session');
  session.missed.value = misses.problem;
  return names.length === SAVED_PARTS.length ? 'The session is restored.' : `Restored: ${andList(names)}.`;
}

function isKnown(key: string): boolean {
  return SAVED_PARTS.some((part: SavedPart) => part.key === key);
}

/** What a link does not hold at present, for people. */
export function notInLink(session: Session): readonly string[] {
  return SAVED_PARTS.flatMap((part) => part.notInLink?.(session) ?? []);
}
