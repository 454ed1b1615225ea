import { Controller } from '@nestjs/common';
import { type OperatorAnswer, type OperatorCall, OperatorCallV1 } from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { SetQuotas } from '../quotas/set-quotas.js';
import { RoleConfigs } from '../roles/role-configs.js';
import { SetWeights } from '../roles/set-weights.js';
import { RoleUsage } from '../usage/role-usage.js';
import { answerOperatorCall } from './operator-calls.js';

/** Calls of the operator API that came to `registry`. */
@Controller()
export class OperatorCallsConsumer {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
    private readonly weights: SetWeights,
    private readonly quotas: SetQuotas,
  ) {}

  /** @throws Error for a call that is not about roles */
  @Handles(OperatorCallV1)
  async answer({ call }: OperatorCall): Promise<OperatorAnswer> {
    const { configs, usage, weights, quotas } = this;
    const answer = await answerOperatorCall(call, { configs, usage, weights, quotas });
    if (answer === undefined) throw new Error(`${call.type} is no call about roles`);
    return answer;
  }
}
