import type { RelayBodyResponse } from '@tranche/contracts';
import type { RequestBody } from './request-body.js';

const NOTHING = Buffer.alloc(0);

/** Who takes the pieces of a body. */
export interface BodyTaker {
  give(data: Buffer, isLast: boolean): Promise<RelayBodyResponse['state']>;
  /** @throws Error when the client has left, who shall not be taken to have said all */
  stillThere(): Promise<void>;
}

/**
 * Passes a body on as it comes, one piece at a time: while one is on its way, or waits for an application that does not read, the next one gathers, and then the client has to
 * wait. What is not read any more is thrown away.
 *
 * @throws Error what the body or its taker fails with
 */
export async function passOnBody(body: RequestBody, taker: BodyTaker): Promise<void> {
  for (let isOver = false; !isOver; ) {
    const { data, isLast } = await body.next();
    if (isLast) await taker.stillThere();
    let state = await taker.give(data, isLast);
    while (state === 'full') state = await taker.give(NOTHING, false);
    if (state === 'closed') body.discard();
    isOver = isLast || state === 'closed';
  }
}
