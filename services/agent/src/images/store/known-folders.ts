import { ImageError } from '../image.errors.js';
import type { TarHeader } from './tar-header.js';

/** What folders of a layer are remembered in, at most: some tens of thousands of usual ones. */
const MAX_BYTES = 16 * 1024 * 1024;

/** About what one takes beside its name. */
const ENTRY_BYTES = 256;

/**
 * What the folders of an archive are like, for those of them that turn out to be opaque. That is said soon after the folder itself as a rule, in
 * its first entry; so of a layer with very many folders the earliest are forgotten, and memory stays bounded.
 */
export class KnownFolders {
  private readonly folders = new Map<string, TarHeader>();
  private bytes = 0;
  private hasForgotten = false;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  add(folder: string, header: TarHeader): void {
    this.remove(folder);
    // Without its name: that would be kept twice.
    this.folders.set(folder, { ...header, name: '' });
    this.bytes += costOf(folder);
    for (const earliest of this.folders.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.remove(earliest);
      this.hasForgotten = true;
    }
  }

  /**
   * @returns undefined for one that the archive has not
   * @throws ImageError unsupported for one that may have been forgotten: guessed permissions could be too wide
   */
  like(folder: string): TarHeader | undefined {
    const header = this.folders.get(folder);
    if (header === undefined && this.hasForgotten) {
      throw new ImageError('unsupported', `it says too late that the folder '${folder}' is opaque`);
    }
    return header;
  }

  private remove(folder: string): void {
    if (this.folders.delete(folder)) this.bytes -= costOf(folder);
  }
}

/** Of a name two bytes a character. */
const costOf = (folder: string): number => 2 * folder.length + ENTRY_BYTES;
