import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Invoke } from './message-dispatcher.js';

/** Calls Nest's handlers of one application. @param handlers by pattern; filled by Nest before messages come */
export const invoking =
  (handlers: ReadonlyMap<string, MessageHandler>, queue: string): Invoke =>
  async (pattern, input, context) => {
    const handler = handlers.get(pattern);
    if (handler === undefined) throw new Error(`nobody handles ${pattern} on queue ${queue}`);
    const result: unknown = await handler(input, context);
    return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
  };
