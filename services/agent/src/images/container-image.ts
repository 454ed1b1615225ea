import { isAbsolute } from 'node:path';
import type { CommandInfo } from '@tranche/mesos-api';
import { type ContainerConfig, SANDBOX_INSIDE } from '../containerizer/container.js';
import { imageArgv, imageEnvironment } from './image-command.js';
import type { LeasedImage } from './images.js';

/**
 * A container as its image has it run: with the image's files, its command where the task names none, its variables, and its working directory.
 *
 * @param config of the same container without an image
 * @throws NoCommandError
 * @source Mesos 1.11: docker/runtime
 */
export function withImage(
  config: ContainerConfig,
  command: CommandInfo,
  { image, layers }: Pick<LeasedImage, 'image' | 'layers'>,
): ContainerConfig {
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
