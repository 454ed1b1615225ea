import type { Image } from '@tranche/mesos-api';
import { ATTRIBUTE, type Clock, inSpan, SPAN } from '@tranche/telemetry';
import { ImageError } from './image.errors.js';
import type { PullImage, PullProgress, PullSummary } from './pull-image.js';
import { type CredentialBook, credentialsFor, parseDockerConfig } from './reference/credentials.js';
import { type ImageReference, parseReference, type RegistryRules } from './reference/image-reference.js';
import type { ImageStore } from './store/image-store.fs.js';
import { SharedWork } from './store/shared-work.js';
import type { StoredImage } from './store/stored-image.js';

export interface ImagesOptions {
  readonly rules: RegistryRules;
  /** Who the agent is, for images that bring no credentials. */
  readonly credentials: CredentialBook;
  readonly clock: Clock;
  /** Told of each pull, however it ended. */
  readonly onPulled: (durationMs: number, ok: boolean) => void;
}

/** An image that stays where it is until it is released, also if nobody uses it. */
export interface LeasedImage {
  readonly image: StoredImage;
  /** Folders of its layers, the topmost first, each once. */
  readonly layers: readonly string[];
  release(): void;
}

export interface ImageWish {
  readonly image: Image;
  /** Ends the wait: the container is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: PullProgress) => void;
}

/** The images of an agent: those that are there, and those that have to be pulled first. */
export class Images {
  private readonly pulls = new SharedWork<PullSummary, PullProgress>();
  /** How many hold an image, by its key: what is not there yet, too. */
  private readonly leases = new Map<string, number>();
  /** Settles when images are given out again. */
  private closed: Promise<void> | undefined;

  constructor(
    readonly store: ImageStore,
    private readonly puller: Pick<PullImage, 'pull'>,
    private readonly options: ImagesOptions,
  ) {}

  /**
   * Does something while nobody gets an image; who wants one waits. One at a time.
   *
   * @param run is told which images somebody held when it began: no others can be held
   */
  async exclusively<T>(run: (isHeld: (key: string) => boolean) => Promise<T>): Promise<T> {
    while (this.closed !== undefined) await this.closed;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    try {
      const held = new Set(this.leases.keys());
      return await run((key) => held.has(key));
    } finally {
      this.closed = undefined;
      resolve();
    }
  }

  /** @throws ImageError bad-reference */
  reference(name: string): ImageReference {
    return parseReference(name, this.options.rules);
  }

  /**
   * @returns the image, pulled if it is not there or is not to be taken from there, to be released by the caller
   * @throws ImageError, or the reason of the signal
   * @source Mesos 1.11: Image.cached, Image.docker.config
   */
  async obtain({ image: wish, signal, onProgress = () => undefined }: ImageWish): Promise<LeasedImage> {
    const name = wish.docker?.name;
    if (wish.type !== 'DOCKER' || name === undefined)
      throw new ImageError('unsupported', `images of the type ${wish.type} are not supported`);
    const reference = this.reference(name);
    while (this.closed !== undefined) await this.closed;
    signal?.throwIfAborted();
    const lease = new Lease(this.hold(reference.key));
    try {
      const kept = wish.cached === false ? undefined : this.store.find(reference.key);
      const image = kept ?? (await this.pull(reference, wish, signal, onProgress));
      // At once: the name may come to mean other layers at any time, and these would be nobody's.
      lease.also(this.store.claim(image.layers.map(({ diffId }) => diffId)));
      await this.store.used(image.key, this.options.clock.nowMs());
      return { image, layers: this.foldersOf(image), release: () => lease.release() };
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** One that is there again further down, such as an empty one, adds nothing, and overlayfs refuses it. */
  private foldersOf({ layers }: StoredImage): string[] {
    return [...new Set(layers.map(({ diffId }) => this.store.pathOf(diffId)).toReversed())];
  }

  private async pull(
    reference: ImageReference,
    wish: Image,
    signal: AbortSignal | undefined,
    onProgress: (progress: PullProgress) => void,
  ): Promise<StoredImage> {
    const credentials = credentialsFor(this.bookOf(wish), reference.registry);
    // Who may not have it must not get it because another may.
    const key = `${reference.key} ${credentials?.username ?? ''} ${credentials?.password ?? ''}`;
    const span = { attributes: { [ATTRIBUTE.detail]: reference.name } };
    return inSpan(SPAN.pullImage, span, async (current) => {
      const summary = await this.pulls.join(key, signal, onProgress, (shared, report) =>
        this.timed(() => this.puller.pull(reference, credentials, shared, report)),
      );
      current?.set({ [ATTRIBUTE.detail]: describePull(reference, summary) });
      return summary.image;
    });
  }

  private async timed<T>(pull: () => Promise<T>): Promise<T> {
    const { clock, onPulled } = this.options;
    const startedMs = clock.nowMs();
    let ok = false;
    try {
      const pulled = await pull();
      ok = true;
      return pulled;
    } finally {
      onPulled(clock.nowMs() - startedMs, ok);
    }
  }

  private bookOf({ docker }: Image): CredentialBook {
    const config = docker?.config;
    if (config === undefined) return this.options.credentials;
    const data = config.value?.data;
    if (data === undefined)
      throw new ImageError('unsupported', 'its config is a secret by reference, which this agent cannot resolve');
    const book = parseDockerConfig(Buffer.from(data, 'base64').toString('utf8'));
    if (book === undefined) throw new ImageError('bad-reference', 'its config is no config.json of docker');
    return book;
  }

  private hold(key: string): () => void {
    this.leases.set(key, (this.leases.get(key) ?? 0) + 1);
    return () => {
      const left = (this.leases.get(key) ?? 1) - 1;
      if (left === 0) this.leases.delete(key);
      else this.leases.set(key, left);
    };
  }
}

/** What keeps an image where it is, let go of together and once. */
class Lease {
  private readonly holds: (() => void)[] = [];

  constructor(hold: () => void) {
    this.holds.push(hold);
  }

  also(hold: () => void): void {
    this.holds.push(hold);
  }

  release(): void {
    for (const letGo of this.holds.splice(0)) letGo();
  }
}

function describePull({ name }: ImageReference, { image, pulledBytes, cachedLayers }: PullSummary): string {
  const { length } = image.layers;
  const size =
    pulledBytes < 1_000_000 ? `${Math.ceil(pulledBytes / 1000)} kB` : `${Math.round(pulledBytes / 1_000_000)} MB`;
  const cached = cachedLayers === 0 ? '' : `, ${cachedLayers} cached`;
  return `${name}, ${size}, ${length} ${length === 1 ? 'layer' : 'layers'}${cached}`;
}
