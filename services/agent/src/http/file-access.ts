import { type AskedAction, mayDo, type Permits } from '@tranche/http';
import { LOG_PATH, type SandboxEntry } from '../sandbox/sandbox-files.js';
import type { ContainerOwner, ContainerUsers } from './container-users.js';

/** What whoever reads a file must be permitted. @source formats §8.2 */
export function askedByFile(users: ContainerUsers, { path, containerId }: SandboxEntry): AskedAction {
  if (path === LOG_PATH) return ['access_mesos_logs'];
  const owner = users.ofContainer(containerId);
  return ['access_sandboxes', owner.kind === 'executor' ? owner.user : undefined];
}

export const fileIsSeen = (permits: Permits, users: ContainerUsers, entry: SandboxEntry): boolean =>
  permits.isOpen || mayDo(permits, askedByFile(users, entry));

/** Whether a container is listed. */
export const containerIsSeen = (permits: Permits, owner: ContainerOwner): boolean =>
  owner.kind === 'standalone'
    ? permits.may('view_standalone_containers')
    : permits.may('view_containers', owner.kind === 'executor' ? owner.user : undefined);
