import type { Resource } from '@tranche/resources';

/** What detectors ask of the machine. */
export interface Machine {
  onlineCpus(): number;
  /** All of it, used or not. */
  totalMemBytes(): number;
  /** Size of the file system that holds the folder. */
  fileSystemBytes(folder: string): Promise<number>;
}

/** One of `of` agents that divide a machine between them. */
export interface Share {
  /** 0 ≤ index < of. */
  readonly index: number;
  readonly of: number;
}

export interface DetectionContext {
  readonly machine: Machine;
  readonly workDir: string;
  readonly share: Share;
}

/** Finds out how much of one resource this machine has. One file each, listed in `detectors.ts`. */
export interface Detector {
  /** The resource, as operators name it. */
  readonly name: string;
  /** @returns this agent's share, unreserved. @throws the system's error */
  detect(context: DetectionContext): Promise<Resource>;
}

/** A scalar's share, in thousandths, rounded down so that the shares never add up to more than there is. */
export const shareOf = (milli: number, { of }: Share): number => Math.floor(milli / of);
