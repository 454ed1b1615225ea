/** Does what concerns one executor one thing after the other: a KILL never overtakes the LAUNCH of its task. */
export class ExecutorTurns {
  private readonly last = new Map<string, Promise<void>>();

  /** @param failed told when `job` fails; the next one runs all the same */
  run(containerId: string, job: () => Promise<void>, failed: (error: unknown) => void): Promise<void> {
    const turn = (this.last.get(containerId) ?? Promise.resolve()).then(job).catch(failed);
    this.last.set(containerId, turn);
    return turn.finally(() => {
      if (this.last.get(containerId) === turn) this.last.delete(containerId);
    });
  }
}
