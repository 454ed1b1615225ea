import type { Resources } from '@tranche/resources';

const MIB_PER_GIB = 1024;

/** `cpus 2 · mem 3.2 GiB · disk 20 GiB · 1,000 ports`: an agent's resources on one line. */
export function describeResources(resources: Resources): string {
  const gib = (name: string): string => trimmed(resources.scalarMilli(name) / 1000 / MIB_PER_GIB);
  const ports = resources.ranges('ports').reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  const parts = [
    `cpus ${trimmed(resources.scalarMilli('cpus') / 1000)}`,
    `mem ${gib('mem')} GiB`,
    `disk ${gib('disk')} GiB`,
    `${ports.toLocaleString('en')} ports`,
  ];
  const gpus = resources.scalarMilli('gpus') / 1000;
  return [...parts, ...(gpus > 0 ? [`${gpus} gpus`] : [])].join(' · ');
}

/** One decimal below ten, none above, no `.0`. */
const trimmed = (value: number): string => (value < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0));
