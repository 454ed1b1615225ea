import type { ContainerInfo, Volume, VolumeSource } from '@tranche/mesos-api';
import type { LaunchRule } from './launch-rule.js';

/** Rule 10. */
export const containerIsValid: LaunchRule = ({ info }) => {
  const error = info.container === undefined ? undefined : containerError(info.container);
  return error === undefined ? undefined : `Task's \`ContainerInfo\` is invalid: ${error}`;
};

/** Rule 15, second half: only tasks of a group may have cgroups of their own within their executor. */
export const tasksShareNoCgroups: LaunchRule = ({ info }) =>
  info.container?.linux_info?.share_cgroups === false
    ? "Only tasks in a task group may have 'share_cgroups' set to 'false'"
    : undefined;

/** What is wrong with the container of a task or executor. */
export function containerError(container: ContainerInfo): string | undefined {
  for (const volume of container.volumes ?? []) {
    const error = volumeError(volume);
    if (error !== undefined) return `Invalid volume: ${error}`;
  }
  if (container.type !== 'DOCKER') return undefined;
  if (container.docker === undefined) return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo";
  const hasName = (container.docker.parameters ?? []).some(({ key }) => key === 'name');
  return hasName ? "Parameter in DockerInfo must not be 'name'" : undefined;
}

function volumeError({ host_path, image, source }: Volume): string | undefined {
  const set = [host_path, image, source].filter((member) => member !== undefined).length;
  if (set !== 1) return "Only one of them should be set: 'host_path', 'image' and 'source'";
  return source === undefined ? undefined : sourceError(source);
}

function sourceError(source: VolumeSource): string | undefined {
  switch (source.type) {
    case 'DOCKER_VOLUME':
      return unset(source.docker_volume, 'docker_volume', 'DOCKER_VOLUME');
    case 'HOST_PATH':
      return unset(source.host_path, 'host_path', 'HOST_PATH');
    case 'SANDBOX_PATH':
      return unset(source.sandbox_path, 'sandbox_path', 'SANDBOX_PATH');
    case 'SECRET':
      return unset(source.secret, 'secret', 'SECRET');
    case 'CSI_VOLUME':
      return (
        unset(source.csi_volume, 'csi_volume', 'CSI') ??
        unset(source.csi_volume?.static_provisioning, 'csi_volume.static_provisioning', 'CSI')
      );
    default:
      return "'source.type' is unknown";
  }
}

const unset = (member: unknown, name: string, kind: string): string | undefined =>
  member === undefined ? `'source.${name}' is not set for ${kind} volume` : undefined;
