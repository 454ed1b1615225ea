import type { Resource } from '@tranche/resources';

/** The data of persistent volumes. Every step can be repeated. */
export interface VolumeStore {
  /**
   * Makes the empty folder of a new volume; one that is there and empty will do.
   *
   * @throws VolumeOccupiedError when there is data that is not this volume's, BadVolumeError, or the system's error
   */
  create(volume: Resource): Promise<void>;

  /** Takes back a volume that was just created and not used. Never throws: what stays is an empty folder. */
  undo(volume: Resource): Promise<void>;

  /** Sees to it that a volume the agent knows has its folder. @throws BadVolumeError, or the system's error */
  ensure(volume: Resource): Promise<void>;

  /** Puts a destroyed volume's data where no task finds it. @throws the system's error */
  putAside(volume: Resource, trash: string): Promise<void>;

  /** Deletes what was put aside. May take long. @throws the system's error */
  delete(volume: Resource, trash: string): Promise<void>;
}

/** A new volume's place holds data already. */
export class VolumeOccupiedError extends Error {
  readonly code = 'agent/volume-occupied';
  constructor(readonly path: string) {
    super(`${path} holds data already`);
    this.name = 'VolumeOccupiedError';
  }
}
