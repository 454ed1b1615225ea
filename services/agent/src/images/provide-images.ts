import type { ContainerInfo, Image } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { Containerizer } from '../containerizer/containerizer.js';
import { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { ProvidedImages } from './container-images.js';
import { ImageError } from './image.errors.js';
import type { Images, LeasedImage } from './images.js';
import type { PullProgress } from './pull-image.js';

/** How many images of a container are pulled at the same time: it may have as many volumes as it likes. */
const MAX_PULLS = 4;

/** Whose images they are. */
export interface ImageUser {
  readonly containerId: string;
  readonly container?: ContainerInfo | undefined;
}

/** Gives a launch its images. @returns undefined for a container that has none; to be released when the container is there. @throws ImageError */
export type ProvideImages = (
  user: ImageUser,
  onProgress?: (percent: number, bytes: PullProgress) => void,
) => Promise<ProvidedImages | undefined>;

/**
 * The step of a launch that brings the images of its container, its own and those of volumes, a few at the same time.
 *
 * It gives its place among the launches to others meanwhile: a slow registry must not keep containers from starting that need nothing of it.
 */
export const provideImages =
  (parts: {
    readonly images: Pick<Images, 'obtain'>;
    readonly containerizer: Pick<Containerizer, 'imageRefusal'>;
    readonly live: Pick<LiveContainers, 'signalOf'>;
    readonly launches: Pick<Limiter, 'outside'>;
    readonly logger: Logger;
  }): ProvideImages =>
  async ({ containerId, container }, onProgress = () => undefined) => {
    const wanted = wantedBy(container);
    if (wanted.length === 0) return undefined;
    const { images, containerizer, live, launches, logger } = parts;
    if (containerizer.imageRefusal !== undefined) throw new ImageError('unsupported', containerizer.imageRefusal);
    const report = summed(onProgress);
    const own = live.signalOf(containerId);
    // The first that cannot be had ends the wait for the others.
    const failed = new AbortController();
    const signal = AbortSignal.any(own === undefined ? [failed.signal] : [own, failed.signal]);
    const pulls = new Limiter(MAX_PULLS);
    const obtain = (image: Image, index: number): Promise<LeasedImage> =>
      pulls.run(() => images.obtain({ image, signal, onProgress: (progress) => report(index, progress) }));
    const leased = await launches.outside(() => allOf(wanted.map(obtain), (error) => failed.abort(error)));
    const user = container?.mesos?.image === undefined ? undefined : leased[0]?.image.runtime.user;
    if (user !== undefined) logger.debug('the user of the image is not obeyed', { containerId, user });
    return provided(container, leased);
  };

/** The container's own first. */
const wantedBy = (container: ContainerInfo | undefined): Image[] =>
  [container?.mesos?.image, ...(container?.volumes ?? []).map(({ image }) => image)].filter(
    (image) => image !== undefined,
  );

function provided(container: ContainerInfo | undefined, leased: readonly LeasedImage[]): ProvidedImages {
  const hasRoot = container?.mesos?.image !== undefined;
  const ofVolumes = hasRoot ? leased.slice(1) : leased;
  const volumes = (container?.volumes ?? []).filter(({ image }) => image !== undefined);
  return {
    ...(hasRoot && leased[0] !== undefined ? { root: leased[0] } : {}),
    volumes: volumes.map(({ container_path: containerPath, mode }, index) => ({
      kind: 'image',
      source: ofVolumes[index]?.image.name ?? '',
      layers: ofVolumes[index]?.layers ?? [],
      containerPath,
      readOnly: mode === 'RO',
    })),
    release: () => {
      for (const one of leased) one.release();
    },
  };
}

/** Of several, one that cannot be had has the others released. @param onFailure told of the first */
async function allOf(
  obtaining: readonly Promise<LeasedImage>[],
  onFailure: (error: unknown) => void,
): Promise<LeasedImage[]> {
  for (const one of obtaining) one.catch(onFailure);
  const settled = await Promise.allSettled(obtaining);
  const leased = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return leased;
  for (const one of leased) one.release();
  throw failed.reason;
}

/** Passes on whole percentages of what several pulls have brought together, each once and never a smaller one. */
function summed(
  report: (percent: number, bytes: PullProgress) => void,
): (index: number, progress: PullProgress) => void {
  const all = new Map<number, PullProgress>();
  let last = -1;
  return (index, progress) => {
    all.set(index, progress);
    const sum = (of: (one: PullProgress) => number): number => all.values().reduce((bytes, one) => bytes + of(one), 0);
    const bytes = { doneBytes: sum(({ doneBytes }) => doneBytes), totalBytes: sum(({ totalBytes }) => totalBytes) };
    const percent = bytes.totalBytes === 0 ? 100 : Math.floor((bytes.doneBytes / bytes.totalBytes) * 100);
    if (percent <= last) return;
    last = percent;
    report(percent, bytes);
  };
}
