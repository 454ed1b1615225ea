import type { ContainerConfig } from '../container.js';
import type { ContainerCheckpoint } from '../containerizer.js';
import { type ContainerizerOptions, createContainerizer } from '../containerizers.js';

/**
 * An agent of its own for the conformance suite to kill: starts containers, prints their checkpoints as one line of JSON
 * and waits for its end. Argument: JSON of `{ options, configs, starts }`.
 */
const { options, configs, starts } = JSON.parse(process.argv[2] ?? '{}') as {
  options: Omit<ContainerizerOptions, 'now'>;
  configs: ContainerConfig[];
  starts: boolean;
};

const containerizer = await createContainerizer({ ...options, now: Date.now });
const checkpoints: ContainerCheckpoint[] = [];
for (const config of configs) {
  checkpoints.push(await containerizer.create(config));
  if (starts) await containerizer.start(config.id);
}
process.stdout.write(`${JSON.stringify(checkpoints)}\n`);
setInterval(() => {}, 60_000);
