import { httpError } from '@tranche/mesos-api';
import type { LogVerbosity } from '@tranche/telemetry';
import type { FastifyReply } from 'fastify';
import { sendRefusal } from '../reply.js';
import { readToggle } from './read-toggle.js';

/**
 * Answers `/logging/toggle`: without parameters how much is told, with them it is more for a while.
 *
 * @param notItsOwn what is said when the process cannot change it
 * @source classic endpoints §2
 */
export function answerToggle(
  reply: FastifyReply,
  query: Readonly<Record<string, string | undefined>>,
  verbosity: LogVerbosity,
  notItsOwn: string,
): void {
  const asked = readToggle(query, verbosity.level);
  if (!asked.ok) {
    sendRefusal(reply, httpError({ kind: 'bad-request', message: asked.message }));
  } else if (asked.toggle === undefined) {
    void reply.code(200).header('content-type', 'text/plain; charset=utf-8').send(`${verbosity.level}\n`);
  } else if (verbosity.set(asked.toggle.level, asked.toggle.durationMs)) {
    void reply.code(200).header('content-length', '0').send();
  } else {
    sendRefusal(reply, httpError({ kind: 'failed', message: notItsOwn }));
  }
}
