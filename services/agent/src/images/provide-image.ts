import type { ContainerInfo } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { ImageError } from './image.errors.js';
import type { Images, LeasedImage } from './images.js';

/** Whose image it is. */
export interface ImageUser {
  readonly containerId: string;
  readonly container?: ContainerInfo | undefined;
}

/** Gives a launch its image. @returns undefined for a container that has none; to be released when the container is there. @throws ImageError */
export type ProvideImage = (user: ImageUser, onPercent?: (percent: number) => void) => Promise<LeasedImage | undefined>;

/**
 * The step of a launch that brings the image of its container.
 *
 * It gives its place among the launches to others meanwhile: a slow registry must not keep containers from starting that need nothing of it.
 */
export const provideImage =
  (parts: {
    readonly images: Images;
    readonly containerizer: Pick<Containerizer, 'imageRefusal'>;
    readonly live: Pick<LiveContainers, 'signalOf'>;
    readonly launches: Pick<Limiter, 'outside'>;
    readonly logger: Logger;
  }): ProvideImage =>
  async ({ containerId, container }, onPercent = () => undefined) => {
    const image = container?.mesos?.image;
    if (image === undefined) return undefined;
    const { images, containerizer, live, launches, logger } = parts;
    if (containerizer.imageRefusal !== undefined) throw new ImageError('unsupported', containerizer.imageRefusal);
    const report = growing(onPercent);
    const leased = await launches.outside(() =>
      images.obtain({
        image,
        signal: live.signalOf(containerId),
        onProgress: ({ doneBytes, totalBytes }) => report(totalBytes === 0 ? 1 : doneBytes / totalBytes),
      }),
    );
    const { user } = leased.image.runtime;
    if (user !== undefined) {
      logger.debug('the user of the image is not obeyed', { containerId, image: leased.image.name, user });
    }
    return leased;
  };

/** Whole percentages, each once and never a smaller one. */
function growing(report: (percent: number) => void): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    const percent = Math.min(100, Math.floor(fraction * 100));
    if (percent <= last) return;
    last = percent;
    report(percent);
  };
}
