import { Controller, Inject } from '@nestjs/common';
import {
  type OperateAgent,
  OperateAgentV1,
  type OperateAnswer,
  type YieldedResources,
  type YieldResources,
  YieldResourcesV1,
} from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { activeTrace, beginTrace } from '@tranche/telemetry';
import { OPERATE_CONTEXT } from '../../tokens.js';
import { operateAgent, type OperateContext } from './operate-agent.js';
import { yieldResources } from './yield-resources.js';

/** What operators want done with what is free on agents. */
@Controller()
export class OperatorOperationsConsumer {
  constructor(@Inject(OPERATE_CONTEXT) private readonly context: OperateContext) {}

  @Handles(OperateAgentV1)
  operate(request: OperateAgent): Promise<OperateAnswer> {
    return operateAgent(this.context, request, (activeTrace() ?? beginTrace()).traceId);
  }

  @Handles(YieldResourcesV1)
  async yield(request: YieldResources): Promise<YieldedResources> {
    return yieldResources(this.context, request);
  }
}
