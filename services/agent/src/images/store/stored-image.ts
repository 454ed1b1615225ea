import type { ImageRuntime } from '../registry/image-config.js';

/** A layer that is unpacked. */
export interface StoredLayer {
  /** `sha256:…` of the archive without compression: what its folder is called by. */
  readonly diffId: string;
  readonly sizeBytes: number;
}

/** An image that containers can be made from. JSON-safe: it is kept as it is. */
export interface StoredImage {
  /** As `parseReference` makes them. */
  readonly key: string;
  readonly name: string;
  /** Of its manifest, as the registry gave it: an index, if there is one, names it. */
  readonly digest: string;
  /** Lowest first. */
  readonly layers: readonly StoredLayer[];
  readonly runtime: ImageRuntime;
  readonly pulledAtMs: number;
}

/** Bytes of all layers, each counted once. */
export const bytesOf = (images: Iterable<Pick<StoredImage, 'layers'>>): number => {
  const layers = new Map<string, number>();
  for (const image of images) for (const { diffId, sizeBytes } of image.layers) layers.set(diffId, sizeBytes);
  return [...layers.values()].reduce((sum, bytes) => sum + bytes, 0);
};

/** Name of a layer's folder. */
export const layerFolder = (diffId: string): string => diffId.slice(diffId.indexOf(':') + 1);
