/** What a process tells the one that has started it, once it serves. */
export interface Serving {
  readonly kind: 'serving';
  /** `http://127.0.0.1:40123`. */
  readonly address: string;
  /** For people, what there is to say of an agent: its containers, its resources. */
  readonly about?: Readonly<Record<string, string>>;
}

/** What an agent tells it that the cluster does not take: because it was declared gone, say. It ends then. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** What a supervisor tells an agent beside signals: to end its tasks before it ends itself. */
export const END_TASKS = 'end-tasks';

/** Tells the supervisor; does nothing in a process that has none. */
export function tellSupervisor(serving: Omit<Serving, 'kind'>): void {
  process.send?.({ kind: 'serving', ...serving } satisfies Serving);
}

/** Tells the supervisor that the cluster does not take this agent. */
export function tellRefusal(reason: string): void {
  process.send?.({ kind: 'refused', reason } satisfies Refused);
}

/** Calls back when the supervisor has gone, whatever ended it: a process that was started by one does not outlive it. */
export function onSupervisorGone(callback: () => void): void {
  if (process.connected) process.once('disconnect', callback);
}

/** Calls back when the supervisor asks for the end of the tasks. */
export function onEndTasks(callback: () => void): void {
  process.on('message', (message) => {
    if (message === END_TASKS) callback();
  });
}
