// Installs what containers need, where that is possible: as root on Debian or Ubuntu. Elsewhere it says which packages to add.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that must be found, and the package that brings it. */
const NEEDED = [
  { program: 'crun', package: 'crun' },
  { program: 'conmon', package: 'conmon' },
  { program: 'tini-static', package: 'tini' },
  { program: 'nsenter', package: 'util-linux' },
];

const SEARCHED = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

function isInstalled(program) {
  return SEARCHED.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isDebianLike() {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Never fails: without a runtime the local cluster runs plain processes and says so. */
export function installRuntime() {
  if (process.platform !== 'linux' || process.env.TRANCHE_SKIP_RUNTIME === '1') return;
  const missing = NEEDED.filter(({ program }) => !isInstalled(program)).map((needed) => needed.package);
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !isDebianLike()) {
    console.error(
      `setup: containers need the packages ${missing.join(', ')} (Debian, Ubuntu: ${command}) and root; going on without`,
    );
    return;
  }
  console.error(`setup: installing the container runtime: ${command}`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const install = () => spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
  // A fresh machine has no package lists; one with lists needs no second download of them.
  if (install().status === 0) return;
  spawnSync('apt-get', ['update', '-qq'], options);
  if (install().status !== 0) console.error(`setup: ${command} failed; going on without containers`);
}
