// Installs packages of the system where that is possible: as root on Debian or Ubuntu. Elsewhere it says which to add.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SEARCHED = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const POLICY = '/usr/sbin/policy-rc.d';

export function isInstalled(program) {
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

/**
 * Installs what is missing. Never fails: whoever needs the programs says so when they are not there.
 *
 * @param {{ program: string, package: string }[]} needed
 * @param {{ subject: string, without: string, keepStopped?: boolean }} words keepStopped: the packages' own services are not started
 */
export function installMissing(needed, { subject, without, keepStopped = false }) {
  const missing = [...new Set(needed.filter(({ program }) => !isInstalled(program)).map((one) => one.package))];
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !isDebianLike()) {
    console.error(
      `setup: ${subject} need the packages ${missing.join(', ')} (Debian, Ubuntu: ${command}) and root; ${without}`,
    );
    return;
  }
  console.error(`setup: installing what ${subject} need: ${command}`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const install = () => spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
  const forbidsStart = keepStopped && !existsSync(POLICY);
  // What Debian's packages ask before they start a service: 101 forbids it.
  if (forbidsStart) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // A fresh machine has no package lists; one with lists needs no second download of them.
    if (install().status === 0) return;
    spawnSync('apt-get', ['update', '-qq'], options);
    if (install().status !== 0) console.error(`setup: ${command} failed; ${without}`);
  } finally {
    if (forbidsStart) rmSync(POLICY);
  }
}
