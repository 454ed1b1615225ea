import type { SpecResources } from '../oci/runtime-spec.js';
import type { CpuController } from './cpu-controller.js';
import type { MemoryController } from './memory-controller.js';

export interface ResourceControllers {
  readonly cpu: CpuController;
  readonly memory: MemoryController;
}

/** Gives a container's cgroups the limits of its spec, where no OCI runtime does. */
export function applyResources({ cpu, memory }: ResourceControllers, id: string, resources: SpecResources): void {
  const { cpu: share, memory: amount } = resources;
  if (share?.shares !== undefined) cpu.apply(id, { shares: share.shares, quotaUs: share.quota });
  if (amount?.reservation !== undefined) memory.setSoftLimit(id, amount.reservation);
  if (amount?.limit !== undefined) memory.setHardLimit(id, amount.limit);
}
