import { isAbsolute } from 'node:path';
import type { CommandInfo } from '@tranche/mesos-api';
import { type ContainerConfig, SANDBOX_INSIDE } from '../containerizer/container.js';
import type { ContainerVolume } from '../containerizer/volumes/container-volume.js';
import { imageArgv, imageEnvironment } from './image-command.js';
import type { LeasedImage } from './images.js';

/** The images of a container, held until it is made. */
export interface ProvidedImages {
  /** Absent for one that sees the host's file system. */
  readonly root?: LeasedImage;
  /** Those of its volumes that are images. */
  readonly volumes: readonly ContainerVolume[];
  release(): void;
}

/**
 * A container with the images that it asked for: with the files of its own, that one's command where the task names none, its variables and its working
 * directory; and with volumes that are images.
 *
 * @param config of the same container without images
 * @throws NoCommandError
 * @source Mesos 1.11: docker/runtime, volume/image
 */
export function withImages(
  config: ContainerConfig,
  command: CommandInfo,
  { root, volumes }: Pick<ProvidedImages, 'root' | 'volumes'>,
): ContainerConfig {
  const all = [...(config.volumes ?? []), ...volumes];
  const seeing = { ...config, ...(all.length === 0 ? {} : { volumes: all }) };
  return root === undefined ? seeing : withRoot(seeing, command, root);
}

function withRoot(config: ContainerConfig, command: CommandInfo, { image, layers }: LeasedImage): ContainerConfig {
  const { name, runtime } = image;
  const { workingDirectory = SANDBOX_INSIDE } = runtime;
  return {
    ...config,
    args: imageArgv(command, runtime, name),
    env: imageEnvironment([...config.env, ['MESOS_SANDBOX', SANDBOX_INSIDE]], command, runtime),
    image: {
      name,
      layers,
      workingDirectory: isAbsolute(workingDirectory) ? workingDirectory : `/${workingDirectory}`,
    },
  };
}
