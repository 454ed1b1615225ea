import { BaseIsolator } from '../../isolator.js';

/**
 * The host's file system and its mounts, shared. It does nothing; it is in the list so that exactly one `filesystem/*`
 * is always chosen by name.
 *
 * @source Mesos 1.11, filesystem/posix
 */
export class PosixFilesystemIsolator extends BaseIsolator {
  override readonly name = 'filesystem/posix';
}
