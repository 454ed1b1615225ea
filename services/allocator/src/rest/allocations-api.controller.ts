import { Controller, Get, Inject } from '@nestjs/common';
import type { AllocationEngine, ShareView } from '../engine/allocation-engine.port.js';
import { ALLOCATION_ENGINE } from '../tokens.js';

/** One entry of `/v1/allocations`. Amounts as plain numbers by name, ports counted. */
interface AllocationView {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: Record<string, number>;
}

/** What is held by whom, and who is next. */
@Controller('v1')
export class AllocationsApiController {
  constructor(@Inject(ALLOCATION_ENGINE) private readonly engine: AllocationEngine) {}

  @Get('allocations')
  allocations(): { items: AllocationView[] } {
    const items = Array.from(this.engine.held(), ({ frameworkId, role, agentId, resources }) => ({
      frameworkId,
      role,
      agentId,
      resources: resources.quantities().toNumbers(),
    }));
    return { items };
  }

  /** In the order in which the next resources would be given. */
  @Get('shares')
  shares(): { items: ShareView[] } {
    return { items: this.engine.shares() };
  }
}
