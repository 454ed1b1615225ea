import type { ExecutorEvent } from '@tranche/mesos-api';

/** An executor's event stream. Never waits and never fails: what its connection cannot take is lost with it. */
export interface ExecutorStream {
  send(event: ExecutorEvent): void;
  end(): void;
}

/** Which executors listen now, by their containers. In memory only: after a restart of the agent, executors subscribe again. */
export class ExecutorLinks {
  private readonly streams = new Map<string, ExecutorStream>();

  isSubscribed(containerId: string): boolean {
    return this.streams.has(containerId);
  }

  /** From now on events go to this stream; the one before is closed. */
  connect(containerId: string, stream: ExecutorStream): void {
    this.streams.get(containerId)?.end();
    this.streams.set(containerId, stream);
  }

  /** The stream has ended by itself. The executor is kept, and may subscribe again. */
  disconnect(containerId: string, stream: ExecutorStream): void {
    if (this.streams.get(containerId) === stream) this.streams.delete(containerId);
  }

  /** @returns false when nobody listens: the event is dropped */
  send(containerId: string, event: ExecutorEvent): boolean {
    const stream = this.streams.get(containerId);
    stream?.send(event);
    return stream !== undefined;
  }

  /** Ends the stream of an executor that is over. */
  close(containerId: string): void {
    this.streams.get(containerId)?.end();
    this.streams.delete(containerId);
  }
}
