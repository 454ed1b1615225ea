/** The first answer to a request with an `Idempotency-Key`. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is stored under a key: the request, and its answer. */
export interface StoredAnswer extends KeptAnswer {
  /** What was asked: method, path, query and body, as a digest. */
  readonly asked: string;
  readonly atMs: number;
}

/** The last change of a resource that came through `/v1`. */
export interface NotedChange {
  /** Whose credentials; absent when none were asked for. */
  readonly by?: string;
  readonly atMs: number;
  /** `PUT /v1/quotas/web`. */
  readonly what: string;
  /** Tag of the resource after it; absent when it was gone then. */
  readonly etag?: string;
}

/** What a service keeps of requests over its restarts, for a time. Whatever fails in it rejects. */
export interface RequestStore {
  answer(key: string): Promise<StoredAnswer | undefined>;
  keepAnswer(key: string, answer: StoredAnswer): Promise<void>;
  change(resource: string): Promise<NotedChange | undefined>;
  noteChange(resource: string, change: NotedChange): Promise<void>;
  /** Deletes what is past its time, and the oldest where there is too much. */
  expire(nowMs: number): Promise<void>;
}
