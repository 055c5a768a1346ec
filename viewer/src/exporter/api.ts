import * as v from 'valibot';
import { FAILURE, type Problem } from './model/schema';

/** The exporter refused a request with a message, or does not respond. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

const LOST = 'The exporter does not answer: it was stopped, or the connection to its machine broke.';

/** Sends a request to the exporter. Addresses are relative, since a proxy may serve the page at any path. */
export async function ask<S extends v.GenericSchema>(
  name: string,
  schema: S,
  body: object = {},
  signal?: AbortSignal,
): Promise<v.InferOutput<S>> {
  const response = await send(name, body, signal);
  let answer: unknown;
  try {
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused({ field: '', message: `${LOST} (${response.status})` });
  }
  const failure = v.safeParse(FAILURE, answer);
  if (failure.success) throw new Refused(failure.output.problem);
  if (!response.ok) throw new Refused({ field: '', message: LOST });
  return v.parse(schema, answer);
}

async function send(name: string, body: object, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(`api/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused({ field: '', message: LOST });
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
