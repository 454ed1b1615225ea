import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What busybox is called in the images of tests. */
const APPLETS = [
  'sh',
  'cat',
  'ls',
  'id',
  'pwd',
  'env',
  'sleep',
  'touch',
  'echo',
  'test',
  'grep',
  'wc',
  'true',
  'stat',
  'head',
];

/** For tests: makes small images by umoci and brings them into registries by skopeo; both are packages of the system. */
export class ImageBuilder {
  readonly folder = mkdtempSync(join(tmpdir(), 'tranche-image-'));
  private readonly layout = join(this.folder, 'layout');
  private readonly bundle = join(this.folder, 'bundle');

  private readonly configured: string[][] = [];

  constructor() {
    this.umoci('init', '--layout', this.layout);
    this.umoci('new', '--image', `${this.layout}:work`);
    this.umoci('unpack', '--image', `${this.layout}:work`, this.bundle);
  }

  /** The files of the image as it is to be next. */
  get root(): string {
    return join(this.bundle, 'rootfs');
  }

  /** Puts a shell and what belongs to it into the image. */
  busybox(): this {
    for (const folder of ['bin', 'etc', 'tmp']) mkdirSync(join(this.root, folder), { recursive: true });
    copyFileSync('/bin/busybox', join(this.root, 'bin/busybox'));
    for (const name of APPLETS) symlinkSync('busybox', join(this.root, 'bin', name));
    return this;
  }

  /** Makes a layer of what has changed since the last one. */
  layer(change: (root: string) => void = () => undefined): this {
    change(this.root);
    // Of the files as they are then, not as they were unpacked first.
    this.umoci('repack', '--refresh-bundle', '--image', `${this.layout}:work`, this.bundle);
    // The image is made from the one before without what was configured meanwhile.
    for (const settings of this.configured) this.umoci('config', '--image', `${this.layout}:work`, ...settings);
    return this;
  }

  /** @param settings as `umoci config` takes them: `--config.env`, `A=b` */
  config(...settings: string[]): this {
    this.configured.push(settings);
    this.umoci('config', '--image', `${this.layout}:work`, ...settings);
    return this;
  }

  /** @param to `127.0.0.1:PORT/lib/x:1`. @param format of the manifest */
  push(to: string, format: 'v2s2' | 'oci' = 'v2s2', ...more: string[]): this {
    const options = ['--dest-tls-verify=false', '--format', format, ...more];
    execFileSync(
      'skopeo',
      ['--insecure-policy', 'copy', '--quiet', ...options, `oci:${this.layout}:work`, `docker://${to}`],
      {
        stdio: 'pipe',
      },
    );
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private umoci(...args: string[]): void {
    execFileSync('umoci', args, { stdio: 'pipe' });
  }
}
