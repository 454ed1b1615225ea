import { doesExist, isAlive, type ProcessIdentity } from '../processes/process-identity.js';

/** A sweep in so many asks for a process in full: at one every 5 s that is once a minute. */
const FULL_EVERY = 12;

/** What is asked for one after another. */
export interface Mortal {
  readonly id: string;
  readonly identity: ProcessIdentity;
}

/** How it is found out whether a process is there: replaced in tests. */
export interface ProcessQuestions {
  /** Whether anything has this pid: costs next to nothing. */
  readonly doesExist: (pid: number) => boolean;
  /** Whether it is that very process, and no zombie: reads a file of /proc. */
  readonly isAlive: (identity: ProcessIdentity) => boolean;
}

/**
 * Finds containers whose process is gone though nobody has written down how it ended.
 *
 * An agent holds thousands that are all well, so each is only asked whether its pid is there at all. Those that are zombies, or whose pid
 * somebody else has by now, are found when it is their turn to be asked in full, within a minute. It takes two sweeps to call a container
 * dead: its exit file may still be on its way.
 */
export class DeathSweep {
  private round = 0;
  private suspects: ReadonlySet<string> = new Set();

  constructor(private readonly questions: ProcessQuestions = { doesExist, isAlive }) {}

  /** @returns those that were found without their process by the sweep before as well */
  sweep<T extends Mortal>(running: Iterable<T>): T[] {
    this.round = (this.round + 1) % FULL_EVERY;
    const missing = [...running].filter((one) => this.isMissing(one));
    const dead = missing.filter(({ id }) => this.suspects.has(id));
    this.suspects = new Set(missing.map(({ id }) => id));
    return dead;
  }

  private isMissing({ id, identity }: Mortal): boolean {
    const isDue = identity.pid % FULL_EVERY === this.round || this.suspects.has(id);
    const seems = isDue ? false : this.questions.doesExist(identity.pid);
    return !seems && !this.questions.isAlive(identity);
  }
}
