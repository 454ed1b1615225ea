import { rm, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TimerClock } from '@tranche/telemetry';
import { Limiter } from '../tasks/limiter.js';
import { ImageError } from './image.errors.js';
import type { RegistryCredentials } from './reference/credentials.js';
import type { ImageReference } from './reference/image-reference.js';
import { downloadBlob } from './registry/download-blob.js';
import { type ImageConfig, readImageConfig } from './registry/image-config.js';
import { type Descriptor, type Manifest, type Platform, readManifest } from './registry/manifest.js';
import { RegistrySession } from './registry/registry-session.js';
import { type Retrying, retrying } from './registry/retrying.js';
import { FILES, type ImageStore } from './store/image-store.fs.js';
import { SharedWork } from './store/shared-work.js';
import type { StoredImage, StoredLayer } from './store/stored-image.js';
import { unpackLayer } from './store/unpack-layer.js';

export interface PullOptions {
  readonly platform: Platform;
  /** How long a connection may be silent. */
  readonly stallTimeoutMs: number;
  /** How often an answer is asked for before the pull is given up, at least 1. */
  readonly attempts: number;
  readonly clock: TimerClock;
}

/** What is to come of an image, compressed as it is sent, and what of it is there. */
export interface PullProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What a pull took. */
export interface PullSummary {
  readonly image: StoredImage;
  /** Bytes that came from the registry. */
  readonly pulledBytes: number;
  /** Layers that were there already. */
  readonly cachedLayers: number;
}

/** How many layers of an image are fetched at the same time: each takes a connection and a file. */
const MAX_FETCHES = 4;

/** How many layers the agent unpacks at the same time, of all images: each takes a process and most of a processor. Registries cannot make others wait here. */
const MAX_UNPACKINGS = 4;

/** Indexes point at manifests, and those at nothing further. */
const MAX_INDEXES = 2;

/**
 * Brings an image from its registry into the store: manifest, configuration, and those of its layers that are not there yet, a few at the same time.
 *
 * A layer that several images are made of, and that is wanted at the same time from one registry, is downloaded once.
 */
export class PullImage {
  private readonly layers = new SharedWork<StoredLayer, number>();
  private readonly unpackings = new Limiter(MAX_UNPACKINGS);

  constructor(
    private readonly store: ImageStore,
    private readonly options: PullOptions,
  ) {}

  /**
   * @param onProgress told from the moment that the size is known
   * @throws ImageError, or the reason of the signal
   */
  async pull(
    reference: ImageReference,
    credentials: RegistryCredentials | undefined,
    signal: AbortSignal,
    onProgress: (progress: PullProgress) => void,
  ): Promise<PullSummary> {
    const { attempts, clock } = this.options;
    const again = retrying(attempts, clock, signal);
    const session = new RegistrySession(reference, credentials, this.options, signal);
    const { manifest, digest } = await this.manifestOf(reference, session, again);
    const config = readImageConfig(
      await again(() => session.config(manifest.config.digest)),
      manifest.layers.length,
      reference.name,
    );
    const release = this.store.claim(config.diffIds);
    try {
      return await this.complete({ reference, digest, manifest, config }, credentials, signal, onProgress);
    } finally {
      release();
    }
  }

  private async complete(
    { reference, digest, manifest, config }: Found,
    credentials: RegistryCredentials | undefined,
    signal: AbortSignal,
    onProgress: (progress: PullProgress) => void,
  ): Promise<PullSummary> {
    const known = manifest.layers.map((_, index) => this.store.layer(config.diffIds[index] ?? '') !== undefined);
    const layers = await this.pullLayers(manifest, config, { signal, credentials, reference, known }, onProgress);
    const pulledBytes = sum(manifest.layers.filter((_, index) => known[index] !== true));
    const { key, name } = reference;
    const image = { key, name, digest, layers, runtime: config.runtime, pulledAtMs: this.options.clock.nowMs() };
    await this.store.addImage(image);
    return { image, pulledBytes, cachedLayers: known.filter(Boolean).length };
  }

  private async manifestOf(
    { version, name }: ImageReference,
    session: RegistrySession,
    again: Retrying,
  ): Promise<{ readonly manifest: Manifest; readonly digest: string }> {
    let asked = version;
    for (let count = 0; count <= MAX_INDEXES; count++) {
      const { bytes, mediaType, digest } = await again(() => session.manifest(asked));
      const found = readManifest(bytes, mediaType, this.options.platform, name);
      if (found.kind === 'image') return { manifest: found.manifest, digest };
      asked = found.digest;
    }
    throw new ImageError('bad-answer', `the index of ${name} leads from one index to the next`);
  }

  private async pullLayers(
    manifest: Manifest,
    { diffIds }: ImageConfig,
    by: Omit<LayerRequest, 'fetches'> & { readonly known: readonly boolean[] },
    onProgress: (progress: PullProgress) => void,
  ): Promise<StoredLayer[]> {
    const missing = manifest.layers.filter((_, index) => by.known[index] !== true);
    const totalBytes = sum(missing);
    const done = new Map<number, number>();
    const tell = (): void =>
      onProgress({ doneBytes: done.values().reduce((all, bytes) => all + bytes, 0), totalBytes });
    tell();
    // The first that fails ends the others: nobody waits for them.
    const failed = new AbortController();
    const signal = AbortSignal.any([by.signal, failed.signal]);
    const request = { ...by, signal, fetches: new Limiter(MAX_FETCHES) };
    const jobs = manifest.layers.map((layer, index) =>
      this.layer(layer, diffIds[index] ?? '', request, (bytes) => {
        if (by.known[index] === true) return;
        done.set(index, bytes);
        tell();
      }),
    );
    for (const job of jobs) job.catch((error: unknown) => failed.abort(error));
    return Promise.all(jobs);
  }

  private async layer(
    descriptor: Descriptor,
    diffId: string,
    request: LayerRequest,
    onBytes: (bytes: number) => void,
  ): Promise<StoredLayer> {
    const { signal, credentials, reference, fetches } = request;
    let isOwn = false;
    try {
      // Of another registry it is downloaded once more: one that hangs must not keep those from it that have it from elsewhere.
      return await this.layers.join(`${reference.registry} ${diffId}`, signal, onBytes, async (shared, report) => {
        isOwn = true;
        const known = this.store.layer(diffId);
        if (known !== undefined) return known;
        const session = new RegistrySession(reference, credentials, this.options, shared);
        return fetches.run(() => this.fetchLayer(descriptor, diffId, session, shared, report));
      });
    } catch (error) {
      if (isOwn || signal.aborted) throw error;
      // What kept another image from having it, such as a password, need not keep this one.
      return this.layer(descriptor, diffId, request, onBytes);
    }
  }

  private async fetchLayer(
    descriptor: Descriptor,
    diffId: string,
    session: RegistrySession,
    signal: AbortSignal,
    report: (bytes: number) => void,
  ): Promise<StoredLayer> {
    const { attempts, clock } = this.options;
    // It has waited for its turn.
    signal.throwIfAborted();
    const folder = await this.store.stage();
    try {
      const blob = join(folder, 'blob');
      const staged = join(folder, 'layer');
      const files = join(staged, FILES);
      await mkdir(files, { recursive: true, mode: 0o755 });
      await downloadBlob(session, descriptor, blob, retrying(attempts, clock, signal), report);
      const { diffId: found, sizeBytes } = await this.unpack(descriptor, blob, files, signal);
      if (found !== diffId) {
        throw new ImageError(
          'digest-mismatch',
          `the layer ${descriptor.digest} holds ${found}, not ${diffId} as its image says`,
        );
      }
      await rm(blob);
      await this.store.addLayer({ diffId, sizeBytes }, staged);
      return { diffId, sizeBytes };
    } finally {
      await this.store.unstage(folder);
    }
  }

  private async unpack({ digest }: Descriptor, blob: string, files: string, signal: AbortSignal) {
    try {
      return await this.unpackings.run(() => unpackLayer(blob, files, signal));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw new ImageError(error.fault, `the layer ${digest} cannot be unpacked: ${error.message}`, { cause: error });
    }
  }
}

/** What the registry says of an image. */
interface Found {
  readonly reference: ImageReference;
  readonly digest: string;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

interface LayerRequest {
  readonly signal: AbortSignal;
  readonly credentials: RegistryCredentials | undefined;
  readonly reference: ImageReference;
  /** Of the same image. */
  readonly fetches: Limiter;
}

const sum = (layers: readonly Descriptor[]): number => layers.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
