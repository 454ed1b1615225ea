import { applyDecorators, type ArgumentsHost, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { AnyContract, CommandContract, FactContract, QueryContract } from '@tranche/contracts';
import { type Observable, throwError } from 'rxjs';
import type { MessageContext } from './message-bus.js';

/** Lets the transport see the handler's own error: Nest would replace it by one fixed text. */
@Catch()
class PassErrorOn implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

type BatchHandler<I> = (items: I[], context: MessageContext) => void | Promise<void>;
type QueryHandler<Q, R> = (request: Q, context: MessageContext) => R | Promise<R>;

/**
 * Marks a controller's method as the handler of a message of this service's queue.
 *
 * Facts and commands: `(items, context) => void`, one message at a time, in order. Queries: `(request, context) => response`, at once.
 * Items have been parsed by the contract. What it throws decides over retry and dead letters (`outcome.ts`).
 */
export function Handles<I>(
  contract: FactContract<I> | CommandContract<I>,
): <H extends BatchHandler<I>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>) => void;
export function Handles<Q, R>(
  contract: QueryContract<Q, R>,
): <H extends QueryHandler<Q, R>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>) => void;
export function Handles(contract: AnyContract): MethodDecorator {
  const route =
    contract.kind === 'query' ? MessagePattern<string>(contract.pattern) : EventPattern<string>(contract.pattern);
  // Without these two Nest passes the payload alone.
  const passBoth: MethodDecorator = (target, key) => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
  return applyDecorators(route, passBoth, UseFilters(PassErrorOn));
}
