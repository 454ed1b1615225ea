import { printResource, reservationRole, type Resource, Resources } from '@tranche/resources';
import type { AskingFramework, OperationRule } from './operation-rule.js';
import { agentError, listError, singleRoleError, volumesError } from './resource-list.rules.js';

/** CREATE: persistent volumes of reserved disk, with ids that are new for their role on the agent, and the asker's principal. */
export const createRule: OperationRule = ({ create }, { asker, agent, total }) => {
  const documents = create?.volumes ?? [];
  const volumes = Resources.fromJson(documents);
  const error = listError(documents, volumes);
  if (error !== undefined) return error;
  const notVolume = volumesError(documents);
  if (notVolume !== undefined) return `Not a persistent volume: ${notVolume}`;
  const twice = takenIdError(volumes, total);
  if (twice !== undefined) return twice;
  for (const volume of volumes) {
    const fault =
      sharingError(volume, asker.framework) ??
      agentError(volume, agent, 'created') ??
      principalError(volume, asker.principal);
    if (fault !== undefined) return fault;
  }
  return asker.framework === undefined ? undefined : singleRoleError(volumes, 'volume');
};

/** Ids are unique per role on an agent. A second copy of a shared volume is the same object, so that the sum would not show it. */
function takenIdError(volumes: Resources, total: Resources): string | undefined {
  const taken = new Set(Array.from(total, idOf));
  for (const volume of volumes) {
    const id = idOf(volume);
    if (taken.has(id) || (volume.copies ?? 1) > 1) {
      return `Persistence ID '${volume.disk?.persistence?.id ?? ''}' is not unique`;
    }
    taken.add(id);
  }
  return undefined;
}

/** Of something that is no volume, one that no volume has. */
const idOf = (resource: Resource): string =>
  JSON.stringify([reservationRole(resource) ?? null, resource.disk?.persistence?.id ?? null]);

function sharingError(volume: Resource, framework: AskingFramework | undefined): string | undefined {
  if (volume.shared !== true || framework === undefined || framework.capabilities.has('SHARED_RESOURCES')) {
    return undefined;
  }
  return (
    `Create volume operation for '${printResource(volume)}' has been attempted by framework '${framework.frameworkId}' ` +
    'with no SHARED_RESOURCES capability'
  );
}

function principalError({ disk }: Resource, principal: string | undefined): string | undefined {
  if (principal === undefined) return undefined;
  const creator = disk?.persistence?.principal;
  if (creator === undefined) {
    return (
      `Create volume operation attempted by principal '${principal}', but there is a volume in the operation with no ` +
      "principal set in 'disk.persistence'"
    );
  }
  if (creator === principal) return undefined;
  return (
    `Create volume operation attempted by authenticated principal '${principal}', which does not match a volume in the ` +
    `operation with principal '${creator}' set in 'disk.persistence'`
  );
}
