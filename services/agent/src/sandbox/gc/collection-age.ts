/** When sandboxes are removed. */
export interface CollectionTerms {
  /** A sandbox is kept at most this long after its end. */
  readonly delayMs: number;
  /** Part of the disk that is to stay free, 0 to 1. */
  readonly headroom: number;
}

/**
 * How old a sandbox may become at most, by how full the disk is: the fuller, the less. Pure.
 *
 * @param usedFraction of the disk, 0 to 1
 * @returns milliseconds after its end; 0 for a disk in which nothing is left but the headroom
 * @source Mesos 1.11: gc_delay × max(0, 1 − gc_disk_headroom − usage)
 */
export const maxAgeMs = ({ delayMs, headroom }: CollectionTerms, usedFraction: number): number =>
  delayMs * Math.max(0, 1 - headroom - usedFraction);
