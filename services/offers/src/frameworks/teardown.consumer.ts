import { Controller, Inject } from '@nestjs/common';
import { type TeardownFramework, TeardownFrameworkV1, type TornDown } from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import type { OffersContext } from '../offers-context.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { removeFramework } from './remove-framework.js';

/** Frameworks that operators end by the operator API. */
@Controller()
export class TeardownConsumer {
  constructor(@Inject(OFFERS_CONTEXT) private readonly context: OffersContext) {}

  @Handles(TeardownFrameworkV1)
  async teardown({ frameworkId }: TeardownFramework): Promise<TornDown> {
    const framework = this.context.state.frameworks.get(frameworkId);
    if (framework === undefined) return { isKnown: false };
    removeFramework(this.context, framework, 'torn down by an operator');
    return { isKnown: true };
  }
}
