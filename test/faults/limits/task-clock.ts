import type { Random } from '../fuzz/random.mjs';
import type { Ledger } from './ledger.js';
import type { TaskPlay } from './limits-cluster.js';

/** How long a task of the run lives. */
const LIFE_MS = { least: 200, most: 3_000 };

/** Lets tasks end after a random while, tells the ledger, and can hold all ends back. */
export class TaskClock implements TaskPlay {
  private resume: (() => void)[] = [];
  private isHeld = false;
  /** Tasks that stay until they are let go. */
  private stays = new Map<string, () => void>();

  /** @param staysOf whether a task stays until `endStaying` */
  constructor(
    private readonly ledger: Ledger,
    private readonly random: Random,
    private readonly staysOf: (taskId: string) => boolean,
  ) {}

  launched(taskId: string): void {
    this.ledger.launched(taskId);
  }

  ended(taskId: string): void {
    this.ledger.ended(taskId);
  }

  async end(taskId: string): Promise<void> {
    if (this.staysOf(taskId)) await new Promise<void>((resolve) => this.stays.set(taskId, resolve));
    const lifeMs = LIFE_MS.least + this.random.next() * (LIFE_MS.most - LIFE_MS.least);
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    if (this.isHeld) await new Promise<void>((resolve) => this.resume.push(resolve));
  }

  /** No task ends from now on. */
  hold(): void {
    this.isHeld = true;
  }

  go(): void {
    this.isHeld = false;
    for (const resume of this.resume.splice(0)) resume();
  }

  endStaying(): void {
    for (const end of this.stays.values()) end();
    this.stays.clear();
  }
}
