import type { ClientRequest } from 'node:http';
import { type OpenRelay, type RelayBody, type RelayBodyResponse, RelayChunksV1 } from '@tranche/contracts';
import type { CancelTimer, Logger, TimerClock } from '@tranche/telemetry';
import type { MessageBus } from '../../message-bus.js';

/** So long a piece waits for an application that does not read, well below the time in which its sender counts on an answer. */
export const MAX_HOLD_MS = 5_000;
/** As often it is asked whether the client of a body is still there: its replica may have gone, or the word that it left been lost. */
export const STILL_THERE_MS = 30_000;

interface Upload {
  readonly request: ClientRequest;
  cancel: CancelTimer;
}

/** Bodies that follow their requests from other replicas, written to the application no faster than it reads. */
export class RelayUploads {
  private readonly open = new Map<string, Upload>();

  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
  ) {}

  begin({ exchangeId, replyQueue }: Pick<OpenRelay, 'exchangeId' | 'replyQueue'>, request: ClientRequest): void {
    const upload: Upload = { request, cancel: () => undefined };
    this.open.set(exchangeId, upload);
    request.on('close', () => this.forget(exchangeId));
    this.watch(exchangeId, replyQueue, upload);
  }

  /** @returns once there is room for more, or after a while */
  async take({ exchangeId, data, isLast }: RelayBody): Promise<RelayBodyResponse> {
    const request = this.open.get(exchangeId)?.request;
    if (request === undefined || request.destroyed) return { state: 'closed' };
    if (data !== '') request.write(Buffer.from(data, 'base64'));
    if (isLast) {
      this.forget(exchangeId);
      request.end();
      return { state: 'taken' };
    }
    if (request.writableNeedDrain) await this.room(request);
    if (request.destroyed) return { state: 'closed' };
    return { state: request.writableNeedDrain ? 'full' : 'taken' };
  }

  /** The request was answered: nobody reads the rest of its body. */
  end(exchangeId: string): void {
    this.open.get(exchangeId)?.request.destroy();
    this.forget(exchangeId);
  }

  private forget(exchangeId: string): void {
    this.open.get(exchangeId)?.cancel();
    this.open.delete(exchangeId);
  }

  private async room(request: ClientRequest): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.clock.after(MAX_HOLD_MS, resolve);
    request.once('drain', resolve).once('close', resolve);
    await promise;
    cancel();
    request.off('drain', resolve).off('close', resolve);
  }

  /** A client that says nothing for hours costs a small message now and then. */
  private watch(exchangeId: string, replyQueue: string, upload: Upload): void {
    upload.cancel = this.clock.after(STILL_THERE_MS, () => {
      this.watch(exchangeId, replyQueue, upload);
      this.bus.send(RelayChunksV1, replyQueue, [{ exchangeId, data: '' }]).catch((error: unknown) => {
        this.logger.debug('the replica that has the client has gone', { exchangeId, error });
        upload.request.destroy();
      });
    });
  }
}
