import type { Channel } from 'amqplib';

/** Channels that are used in turn, each opened when its turn first comes. */
export class ChannelRing {
  private readonly channels: Promise<Channel>[] = [];
  private turn = 0;

  constructor(
    private readonly size: number,
    private readonly open: () => Promise<Channel>,
  ) {}

  next(): Promise<Channel> {
    const at = this.turn++ % this.size;
    return (this.channels[at] ??= this.open());
  }
}
