import type { Logger } from '@tranche/telemetry';
import type { NotedChange, RequestStore, StoredAnswer } from '../request-store.port.js';

/** A database that has not answered by then is away: requests go on without. */
const PATIENCE_MS = 2_000;

/** Of changes, the newest are in memory. */
const MAX_CHANGES = 10_000;

/** What a service remembers of requests, in its database where it has one: as far as that answers. Nothing here rejects. */
export class StoredRequests {
  /** Oldest first. */
  private readonly changes = new Map<string, NotedChange>();
  private readonly noting = new Set<Promise<unknown>>();

  constructor(
    private readonly store: RequestStore | undefined,
    private readonly logger: Logger,
  ) {}

  answer(key: string): Promise<StoredAnswer | undefined> {
    return this.attempt('an answer was not looked up', (store) => store.answer(key));
  }

  async keepAnswer(key: string, answer: StoredAnswer): Promise<void> {
    await this.attempt('an answer was not kept', (store) => store.keepAnswer(key, answer));
  }

  async change(resource: string): Promise<NotedChange | undefined> {
    return this.changes.get(resource) ?? this.attempt('a change was not looked up', (store) => store.change(resource));
  }

  /** Known at once; stored a moment later: nobody waits for it. */
  noteChange(resource: string, change: NotedChange): void {
    this.changes.delete(resource);
    this.changes.set(resource, change);
    const [oldest] = this.changes.keys();
    if (this.changes.size > MAX_CHANGES && oldest !== undefined) this.changes.delete(oldest);
    const storing = this.attempt('a change was not noted', (store) => store.noteChange(resource, change));
    this.noting.add(storing);
    void storing.then(() => this.noting.delete(storing));
  }

  /** When all that was noted is stored. */
  async settled(): Promise<void> {
    await Promise.all(this.noting);
  }

  async expire(nowMs: number): Promise<void> {
    await this.attempt('answers and changes past their time were not deleted', (store) => store.expire(nowMs));
  }

  private async attempt<T>(failure: string, ask: (store: RequestStore) => Promise<T>): Promise<T | undefined> {
    if (this.store === undefined) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    });
    try {
      return await Promise.race([ask(this.store), late]);
    } catch (error) {
      this.logger.warn(failure, { error });
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
