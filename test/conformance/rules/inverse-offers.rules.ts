import { expect } from 'vitest';
import { AnswerInverseOffersV1, MakeInverseOffersV1, RecoverResourcesV1 } from '@tranche/contracts';
import type { InverseOffer, Unavailability } from '@tranche/mesos-api';
import type { Scheduler } from '../scheduler.js';
import { type Rule, rule } from '../rule.js';
import type { Stage } from '../stage.js';

/** Beyond the safe integers of JSON numbers: it must come back to the nanosecond. */
const WINDOW: Unavailability = {
  start: { nanoseconds: '1760000000000000001' },
  duration: { nanoseconds: 3_600_000_000_000 },
};

/** An inverse offer for an agent that is to be taken out of service. */
async function asked(stage: Stage, scheduler: Scheduler, agentId: string): Promise<InverseOffer> {
  await stage.tell(MakeInverseOffersV1, [{ frameworkId: scheduler.frameworkId, agentId }]);
  const { inverse_offers } = await scheduler.next('INVERSE_OFFERS');
  const [inverseOffer] = inverse_offers?.inverse_offers ?? [];
  if (inverseOffer === undefined) throw new Error('INVERSE_OFFERS without an inverse offer');
  return inverseOffer;
}

/** A framework, and an agent with a window. */
async function scheduled(stage: Stage): Promise<{ scheduler: Scheduler; agentId: string }> {
  const scheduler = await stage.subscribe({ failover_timeout: 60 });
  const agentId = await stage.agent();
  await stage.agentHasWindow(agentId, WINDOW);
  return { scheduler, agentId };
}

/** Inverse offers: sections 4 and 7. */
export const inverseOfferRules: readonly Rule[] = [
  rule(
    '§4 ACCEPT_INVERSE_OFFERS',
    'the answer and its filter reach the allocator, unknown ids nobody',
    async (stage) => {
      const { scheduler, agentId } = await scheduled(stage);
      const { frameworkId } = scheduler;
      const { id } = await asked(stage, scheduler, agentId);
      const accept_inverse_offers = { inverse_offer_ids: [{ value: 'no' }, id, id], filters: { refuse_seconds: 60 } };
      expect((await scheduler.call({ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers })).status).toBe(202);
      const answer = { frameworkId, agentId, answer: 'accepted', refuseSeconds: 60 };
      expect(await stage.all(AnswerInverseOffersV1)).toEqual([answer]);
      expect(await scheduler.settled()).toEqual([]);
    },
  ),
  rule('§4 DECLINE_INVERSE_OFFERS', 'it is an answer, too, and takes nothing back', async (stage) => {
    const { scheduler, agentId } = await scheduled(stage);
    const { frameworkId } = scheduler;
    const { id } = await asked(stage, scheduler, agentId);
    const stranger = await stage.subscribe();
    for (const by of [stranger, scheduler]) {
      const decline_inverse_offers = { inverse_offer_ids: [id] };
      expect((await by.call({ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers })).status).toBe(202);
    }
    const answer = { frameworkId, agentId, answer: 'declined', refuseSeconds: 5 };
    expect(await stage.all(AnswerInverseOffersV1)).toEqual([answer]);
    expect(await stage.all(RecoverResourcesV1)).toEqual([]);
  }),
  rule('§7 INVERSE_OFFERS', 'an inverse offer is of a whole agent and says when and where it is', async (stage) => {
    const { scheduler, agentId } = await scheduled(stage);
    expect(await asked(stage, scheduler, agentId)).toEqual({
      id: { value: expect.stringMatching(/^C-O\d+$/) },
      url: {
        scheme: 'http',
        address: { hostname: `host-${agentId}`, ip: '127.0.0.1', port: 5051 },
        path: '/slave(1)',
      },
      framework_id: { value: scheduler.frameworkId },
      agent_id: { value: agentId },
      unavailability: WINDOW,
    });
  }),
  rule('§7 OFFERS: unavailability', 'offers of an agent with a window say so', async (stage) => {
    const { scheduler, agentId } = await scheduled(stage);
    expect((await stage.offer(scheduler, { agentId })).unavailability).toEqual(WINDOW);
    await stage.agentHasWindow(agentId, undefined);
    expect(await stage.offer(scheduler, { agentId })).not.toHaveProperty('unavailability');
  }),
  rule('§7 RESCIND: maintenance', 'a change of the window rescinds offers and inverse offers', async (stage) => {
    const { scheduler, agentId } = await scheduled(stage);
    const offer = await stage.offer(scheduler, { agentId });
    const inverseOffer = await asked(stage, scheduler, agentId);
    await stage.agentHasWindow(agentId, WINDOW);
    expect(await scheduler.settled()).toEqual([]);
    await stage.agentHasWindow(agentId, undefined);
    expect(await scheduler.settled()).toEqual([
      { type: 'RESCIND', rescind: { offer_id: offer.id } },
      { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: { inverse_offer_id: inverseOffer.id } },
    ]);
    const { frameworkId } = scheduler;
    expect(await stage.all(AnswerInverseOffersV1)).toEqual([{ frameworkId, agentId }]);
  }),
  rule('§7 RESCIND_INVERSE_OFFER', 'inverse offers of an agent that is lost are rescinded', async (stage) => {
    for (const state of ['deactivated', 'unreachable', 'removed', 'gone'] as const) {
      const { scheduler, agentId } = await scheduled(stage);
      const { id } = await asked(stage, scheduler, agentId);
      await stage.agentIs(agentId, state);
      expect((await scheduler.next('RESCIND_INVERSE_OFFER')).rescind_inverse_offer).toEqual({ inverse_offer_id: id });
    }
  }),
  rule('§3.2 failover: inverse offers', 'they are withdrawn without a word', async (stage) => {
    const { scheduler, agentId } = await scheduled(stage);
    await asked(stage, scheduler, agentId);
    const again = await stage.subscribe({ id: { value: scheduler.frameworkId } });
    expect((await scheduler.end()).map(({ type }) => type)).toEqual(['ERROR']);
    expect(await stage.all(AnswerInverseOffersV1)).toEqual([{ frameworkId: scheduler.frameworkId, agentId }]);
    expect(await again.settled()).toEqual([]);
  }),
];
