import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const PROGRAMS = ['docker-registry', 'umoci', 'skopeo', 'busybox', 'getfattr', 'openssl'];
/** @source Linux: OVERLAYFS_SUPER_MAGIC */
const OVERLAYFS = 0x79_4c_76_30;

/** Why container images cannot be tested here, for the titles of the tests; undefined where they can: as root, with the programs, on a file system that overlays lie on. */
export function imagesMissing(): string | undefined {
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  if (process.getuid?.() !== 0) return 'needs root';
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  return statfsSync(tmpdir()).type === OVERLAYFS ? `${tmpdir()} is an overlay: no other can lie on it` : undefined;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
