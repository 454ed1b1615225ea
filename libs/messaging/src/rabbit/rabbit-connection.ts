import type { Writable } from 'node:stream';
import { type ChannelModel, connect as connectByAmqp, type SocketOptions } from 'amqplib';
import { type Logger, systemClock } from '@tranche/telemetry';
import { backOffMs } from './back-off.js';
import { batchWrites } from './batch-writes.js';
import { addressOf, type RabbitSettings } from './rabbit-options.js';

/** How soon it is looked again whether an attempt that failed has ended. */
const ENDING_MS = 20;

/** Between two writes to the broker. A message passes some four of these on its way to a task and back. */
const WRITE_INTERVAL_MS = 5;

/** Reaches a broker. */
type Connect = (url: string, options: SocketOptions) => Promise<ChannelModel>;

/** Not among amqplib's declared members. */
const streamOf = ({ connection }: ChannelModel): Writable => (connection as unknown as { stream: Writable }).stream;

/** Somebody who works over the connection. */
export interface ConnectionUser {
  /** The broker is there (again): declare, consume. When it throws, the connection is given up and made anew. */
  opened(model: ChannelModel): Promise<void>;
  /** The connection is gone, and all channels with it. */
  lost(): void;
}

/**
 * One connection to the broker that comes back by itself.
 *
 * A channel that the broker closes ends the whole connection: whatever was wrong, all users begin again from a known state.
 */
export class RabbitConnection {
  private readonly users = new Set<ConnectionUser>();
  private model: ChannelModel | undefined;
  private isClosed = false;
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private problem = 'not connected yet';
  private opening: Promise<void> | undefined;

  /** @param name shown by the broker beside the connection */
  constructor(
    private readonly name: string,
    private readonly settings: RabbitSettings,
    private readonly logger: Logger,
    private readonly connect: Connect = connectByAmqp,
  ) {}

  /** For readiness: true, or what is wrong. */
  get state(): true | string {
    return this.model !== undefined || this.problem;
  }

  /** Begins to connect, behind its caller. */
  start(): void {
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
  }

  /** Tells a user of each opening and loss; if the connection is open, of that first. @returns a function that ends it */
  async use(user: ConnectionUser): Promise<() => void> {
    this.users.add(user);
    const { model } = this;
    try {
      if (model !== undefined) await user.opened(model);
    } catch (error) {
      if (this.model === model) this.reset('setting up failed', error);
    }
    return () => void this.users.delete(user);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    await this.opening;
    const model = this.model;
    this.model = undefined;
    if (model === undefined) return;
    await model.close().catch((error: unknown) => {
      this.logger.debug('connection to the broker was gone before it was closed', { error });
    });
  }

  /** Ends the connection from our side because something on it went wrong; it is made anew. */
  reset(reason: string, error?: unknown): void {
    const model = this.model;
    if (model === undefined) return;
    this.logger.warn('connection to the broker is made anew', { reason, ...(error === undefined ? {} : { error }) });
    this.dropped(model, reason);
    model.close().catch((failure: unknown) => {
      this.logger.debug('connection to the broker was gone before it was closed', { error: failure });
    });
  }

  private async open(): Promise<void> {
    const { url, tls, heartbeatSeconds } = this.settings;
    let model: ChannelModel | undefined;
    let wasShared = false;
    try {
      const target = new URL(url);
      if (!target.searchParams.has('heartbeat')) target.searchParams.set('heartbeat', String(heartbeatSeconds));
      model = await this.connect(target.href, {
        ...tls,
        noDelay: true,
        keepAlive: true,
        timeout: 10_000,
        clientProperties: { connection_name: this.name },
      });
      const opened = model;
      opened.on('error', (error) => this.failed(opened, error));
      opened.on('close', (error) => this.failed(opened, error));
      opened.on('blocked', (reason) => this.logger.warn('the broker takes no messages for now', { reason }));
      batchWrites(streamOf(opened), WRITE_INTERVAL_MS, systemClock);
      this.model = opened;
      wasShared = true;
      for (const user of [...this.users]) await user.opened(opened);
      if (this.model !== opened) return;
      this.failures = 0;
      this.logger.info('connected to the broker', { broker: addressOf(url), connection: this.name });
    } catch (error) {
      if (model !== undefined && this.model === model) return this.reset('setting up failed', error);
      // One that its users had is made anew since it was lost.
      if (wasShared) return;
      model?.close().catch((failure: unknown) => {
        this.logger.debug('connection to the broker was gone before it was closed', { error: failure });
      });
      this.again(error);
    }
  }

  private failed(model: ChannelModel, error: Error | undefined): void {
    if (this.model !== model) return;
    this.logger.warn('connection to the broker is lost', { broker: addressOf(this.settings.url), error });
    this.dropped(model, error?.message ?? 'closed by the broker');
  }

  private dropped(model: ChannelModel, problem: string): void {
    if (this.model !== model) return;
    this.model = undefined;
    this.problem = problem;
    for (const user of this.users) user.lost();
    this.again(undefined);
  }

  /** The attempt that failed may still be ending. */
  private retryNow(): void {
    if (this.opening === undefined) this.start();
    else this.retry = setTimeout(() => this.retryNow(), ENDING_MS);
  }

  private again(error: unknown): void {
    if (this.isClosed) return;
    this.failures++;
    if (error !== undefined) {
      this.problem = error instanceof Error && error.message !== '' ? error.message : 'cannot be reached';
      const log = this.failures === 1 || this.failures % 10 === 0 ? 'warn' : 'debug';
      this.logger[log]('the broker cannot be reached', { broker: addressOf(this.settings.url), error });
    }
    this.retry = setTimeout(() => this.retryNow(), backOffMs(this.failures, Math.random()));
  }
}
