import { Controller, Get, Inject } from '@nestjs/common';
import type { AllocationEngine, ShareEntry } from '@tranche/allocation';
import { ALLOCATION_ENGINE } from '../tokens.js';

/** One entry of `/v1/allocations`. Amounts as plain numbers by name, ports counted. */
interface AllocationView {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: Record<string, number>;
}

/** A list as of an allocation run. */
interface AsOf<T> {
  readonly items: T[];
  readonly asOf: number;
}

/** What is held by whom, and who is next. */
@Controller('v1')
export class AllocationsApiController {
  constructor(@Inject(ALLOCATION_ENGINE) private readonly engine: AllocationEngine) {}

  @Get('allocations')
  allocations(): AsOf<AllocationView> {
    const { view } = this.engine;
    const items = Array.from(view.holdings(), ({ frameworkId, role, agentId, resources }) => ({
      frameworkId,
      role,
      agentId,
      resources: resources.quantities().toNumbers(),
    }));
    return { items, asOf: view.runs };
  }

  /** In the order in which the next resources would be given. */
  @Get('shares')
  shares(): AsOf<ShareEntry> {
    const { view } = this.engine;
    return { items: view.shares(), asOf: view.runs };
  }
}
