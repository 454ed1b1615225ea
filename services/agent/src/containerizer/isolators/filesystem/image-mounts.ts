import { existsSync } from 'node:fs';
import type { SpecContribution, SpecMount } from '../../oci/runtime-spec.js';

const NONE = ['nosuid', 'noexec', 'nodev'];

/** What a container with an image sees of the system. The runtimes make the device nodes in /dev, and its links. @source Mesos 1.11: filesystem/linux */
export const SYSTEM_MOUNTS: readonly SpecMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: NONE },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    ...{ destination: '/dev/pts', type: 'devpts', source: 'devpts' },
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: [...NONE, 'mode=1777', 'size=65536k'] },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: NONE },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...NONE, 'ro'] },
  // Cgroups are not seen inside.
  { destination: '/sys/fs/cgroup', type: 'tmpfs', source: 'tmpfs', options: [...NONE, 'ro', 'mode=755', 'size=64k'] },
];

/** What of them is nobody's business. @source Mesos 1.11: filesystem/linux */
export const HIDDEN: Pick<SpecContribution, 'maskedPaths' | 'readonlyPaths'> = {
  maskedPaths: [
    ...[
      'acpi',
      'asound',
      'kcore',
      'keys',
      'key-users',
      'latency_stats',
      'sched_debug',
      'scsi',
      'timer_list',
      'timer_stats',
    ].map((name) => `/proc/${name}`),
    '/sys/firmware',
  ],
  readonlyPaths: ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`),
};

/** How names are resolved on the network of the host, which the container shares. @source Mesos 1.11: network/cni on the host's network */
export const hostFiles = (): SpecMount[] =>
  ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']
    .filter((file) => existsSync(file))
    .map((file) => ({ destination: file, type: 'bind', source: file, options: ['bind', 'ro'] }));
