import { type FSWatcher, watch } from 'node:fs';

/** Exit files are looked for without being told this often: inotify drops events when its queue overflows. */
const SCAN_INTERVAL_MS = 5_000;

/**
 * Tells when exit files appear: at once by one watch on their folder, and by a slow scan.
 *
 * @param found  called with the name of a file that has appeared; may be called more than once for the same file
 * @param scan   called at the slow interval
 */
export class ExitWatch {
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly found: (name: string) => void,
    private readonly scan: () => void,
  ) {}

  open(): void {
    this.watcher = watch(this.folder, { persistent: false }, (_event, name) => {
      // Supervisors write a hidden temporary file first and rename it.
      if (name !== null && !name.startsWith('.')) this.found(name);
    });
    // The folder may vanish under a stopping agent; the scan goes on.
    this.watcher.on('error', () => {});
    this.timer = setInterval(this.scan, SCAN_INTERVAL_MS).unref();
  }

  close(): void {
    this.watcher?.close();
    clearInterval(this.timer);
  }
}
