// Installs what containers need, where that is possible: as root on Debian or Ubuntu. Elsewhere it says which packages to add.
import { installMissing } from './install-packages.mjs';

/** A program that must be found, and the package that brings it. */
const NEEDED = [
  { program: 'crun', package: 'crun' },
  { program: 'conmon', package: 'conmon' },
  { program: 'tini-static', package: 'tini' },
  { program: 'nsenter', package: 'util-linux' },
];

/** Never fails: without a runtime the local cluster runs plain processes and says so. */
export function installRuntime() {
  if (process.platform !== 'linux' || process.env.TRANCHE_SKIP_RUNTIME === '1') return;
  installMissing(NEEDED, { subject: 'containers', without: 'going on without' });
}
