import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A stretch of network that can break: connections to it go to the first of some ports of 127.0.0.1 that takes them, round robin. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private next = 0;
  private isRefusing = false;
  private isFrozen = false;

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly number[],
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async open(targets: readonly number[]): Promise<TcpProxy> {
    // A client that half-closes is not done listening.
    const server = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(server, targets);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resets every connection. */
  cut(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** Resets every connection, and new ones at once, until told otherwise. */
  refuse(isRefusing: boolean): void {
    this.isRefusing = isRefusing;
    if (isRefusing) this.cut();
  }

  /** Nothing passes and nothing breaks, as when a cable is pulled, until told otherwise. */
  freeze(isFrozen: boolean): void {
    this.isFrozen = isFrozen;
    for (const pair of this.pairs) for (const socket of pair) this.passOrHold(socket);
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private passOrHold(socket: Socket): void {
    if (this.isFrozen) socket.pause();
    else socket.resume();
  }

  private accept(client: Socket): void {
    // What is wrong with a connection ends it, and its other half with it.
    client.on('error', () => undefined);
    if (this.isRefusing) return void client.resetAndDestroy();
    this.reach(client, this.targets.length);
  }

  private reach(client: Socket, attemptsLeft: number): void {
    if (attemptsLeft === 0) return void client.resetAndDestroy();
    const port = this.targets[this.next++ % this.targets.length] ?? 0;
    const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const retry = (): void => this.reach(client, attemptsLeft - 1);
    upstream.once('error', retry);
    upstream.once('connect', () => {
      upstream.off('error', retry);
      this.join(client, upstream);
    });
  }

  private join(client: Socket, upstream: Socket): void {
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.setNoDelay();
      from.on('error', () => to.resetAndDestroy());
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => this.passOrHold(from));
      from.on('end', () => to.end());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
      this.passOrHold(from);
    }
  }
}
