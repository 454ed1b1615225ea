import type { ServerResponse } from 'node:http';
import type { Logger } from '@tranche/telemetry';
import type { AskedHead, AskedRequest, Collected } from './memory-exchange.js';

/** Who answers a request to a service that is cut into partitions. */
export type Route =
  /** The partition that the key belongs to. */
  | { readonly to: 'key'; readonly key: string }
  /** Whichever: rather one of this replica's. */
  | { readonly to: 'any' }
  /** One after the other, until one knows what it is about: does not answer 404. */
  | { readonly to: 'who-knows' }
  /** All of them. */
  | {
      readonly to: 'all';
      /** Path and query to ask for instead of the client's. */
      readonly url?: string;
      /** The body of one answer from the bodies of all, in order of partitions. Only called when all are of status 200. */
      readonly merge: (bodies: readonly string[]) => string;
      /** Of the merged body; absent: as of the first. */
      readonly contentType?: string;
      /**
       * Instead of one answer of the merged body, goes on answering as things change. Only called when all are of status 200.
       *
       * @param bodies of all, as for `merge`
       * @param again asks all of them again; rejects when one does not answer with status 200
       * @param logger told of a client that is cut off
       */
      readonly stream?: (
        bodies: readonly string[],
        again: () => Promise<readonly string[]>,
        response: ServerResponse,
        logger: Logger,
      ) => Promise<void>;
    };

/** What a service knows of its requests. Decides alone, by the request. */
export interface Router {
  /** @returns undefined when only the body tells */
  byHead(head: AskedHead): Route | undefined;
  byBody(asked: AskedRequest): Route;
}

/** Bodies of answers of success. @throws Error naming the first that is none */
export function successfulBodies(answers: readonly Collected[]): readonly string[] {
  const failed = answers.find(({ status }) => status !== 200);
  if (failed !== undefined) throw new Error(`a partition answers with status ${failed.status}`);
  return answers.map(({ body }) => body.toString());
}

/** Of several answers to one request: the merged one, or the first that is no success. */
export function mergedAnswer(
  answers: readonly Collected[],
  { merge, contentType }: Extract<Route, { to: 'all' }>,
): Collected {
  const [first] = answers;
  if (first === undefined) throw new Error('no partition was asked');
  const failed = answers.find(({ status }) => status !== 200);
  if (failed !== undefined) return failed;
  const headers = contentType === undefined ? first.headers : { ...first.headers, 'content-type': contentType };
  return { ...first, headers, body: Buffer.from(merge(answers.map(({ body }) => body.toString()))) };
}
