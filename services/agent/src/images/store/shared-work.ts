/** Does the same thing once for everybody who wants it meanwhile, and gives it up when nobody does any more. */
export class SharedWork<T, P> {
  private readonly under = new Map<string, Job<T, P>>();

  /**
   * Takes part in what is being done under a key, or begins it.
   *
   * @param signal of this one only: the work ends when all who take part have left
   * @param onProgress told what is told from now on, and what was told last
   * @param begin what is to be done
   * @throws what the work throws, or the reason of the signal
   */
  join(
    key: string,
    signal: AbortSignal | undefined,
    onProgress: (progress: P) => void,
    begin: (signal: AbortSignal, report: (progress: P) => void) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const job = this.under.get(key) ?? this.start(key, begin);
    return job.join(signal, onProgress);
  }

  private start(key: string, begin: (signal: AbortSignal, report: (progress: P) => void) => Promise<T>): Job<T, P> {
    const job: Job<T, P> = new Job(begin, () => {
      // One that nobody waits for is on its way out: whoever comes now begins anew.
      if (this.under.get(key) === job) this.under.delete(key);
    });
    this.under.set(key, job);
    return job;
  }
}

class Job<T, P> {
  private readonly stop = new AbortController();
  private readonly members = new Set<(progress: P) => void>();
  private readonly result: Promise<T>;
  private last: { readonly progress: P } | undefined;

  constructor(
    begin: (signal: AbortSignal, report: (progress: P) => void) => Promise<T>,
    private readonly leave: () => void,
  ) {
    this.result = begin(this.stop.signal, (progress) => this.report(progress)).finally(leave);
    this.result.catch(() => undefined);
  }

  join(signal: AbortSignal | undefined, onProgress: (progress: P) => void): Promise<T> {
    const member = (progress: P): void => onProgress(progress);
    this.members.add(member);
    if (this.last !== undefined) onProgress(this.last.progress);
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        this.remove(member);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.result
        .finally(() => {
          signal?.removeEventListener('abort', abort);
          this.members.delete(member);
        })
        .then(resolve, reject);
    });
  }

  private report(progress: P): void {
    this.last = { progress };
    for (const member of this.members) member(progress);
  }

  private remove(member: (progress: P) => void): void {
    this.members.delete(member);
    if (this.members.size > 0) return;
    this.leave();
    this.stop.abort(new Error('nobody wants it any more'));
  }
}
