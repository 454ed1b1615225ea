import { describe, expect, it } from 'vitest';
import { changeUnavailability } from '../agents/change-unavailability.js';
import { removeFramework } from '../frameworks/remove-framework.js';
import { offersSnapshot } from '../snapshot/offers-snapshot.js';
import { scene, type Scene, subscribe } from '../testing/offers.fakes.js';
import { answerInverseOffers } from './end-inverse-offer.js';
import { makeInverseOffers } from './make-inverse-offers.js';

const WINDOW = { start: { nanoseconds: '1760000000000000000' } };

/** Both agents are to be taken out of service. */
function maintained(): Scene {
  const context = scene();
  for (const agentId of ['S1', 'S2']) changeUnavailability(context, agentId, WINDOW);
  return context;
}

const ask = (context: Scene, ...pairs: (readonly [frameworkId: string, agentId: string])[]): void =>
  makeInverseOffers(
    context,
    context.expiry,
    pairs.map(([frameworkId, agentId]) => ({ frameworkId, agentId })),
  );

describe('makeInverseOffers', () => {
  it('sends all of one framework in one event', () => {
    const context = maintained();
    const { stream } = subscribe(context);
    ask(context, ['C-0000', 'S1'], ['C-0000', 'S2']);
    const [event] = stream.take();
    expect(event?.inverse_offers?.inverse_offers).toMatchObject([
      { id: { value: 'C-O0' }, agent_id: { value: 'S1' }, unavailability: WINDOW },
      { id: { value: 'C-O1' }, agent_id: { value: 'S2' }, unavailability: WINDOW },
    ]);
  });

  it('asks once, however often it is told to', () => {
    const context = maintained();
    const { stream } = subscribe(context);
    ask(context, ['C-0000', 'S1'], ['C-0000', 'S1']);
    ask(context, ['C-0000', 'S1']);
    expect(stream.types()).toEqual(['INVERSE_OFFERS']);
    expect(context.allocator.answers).toEqual([]);
  });

  it('tells the allocator of whom it cannot ask', () => {
    const context = maintained();
    subscribe(context);
    changeUnavailability(context, 'S2', undefined);
    ask(context, ['nobody', 'S1'], ['C-0000', 'S2'], ['C-0000', 'nowhere']);
    expect(context.allocator.answers).toEqual([
      { frameworkId: 'nobody', agentId: 'S1' },
      { frameworkId: 'C-0000', agentId: 'S2' },
      { frameworkId: 'C-0000', agentId: 'nowhere' },
    ]);
  });
});

describe('the end of an inverse offer', () => {
  it('comes by an answer, which the snapshot keeps until the window changes', () => {
    const context = maintained();
    const { framework } = subscribe(context);
    ask(context, ['C-0000', 'S1']);
    answerInverseOffers(context, framework, [{ value: 'C-O0' }], 'accepted', { refuse_seconds: 3 });
    expect(context.allocator.answers).toEqual([
      { frameworkId: 'C-0000', agentId: 'S1', answer: 'accepted', refuseSeconds: 3 },
    ]);
    const answer = { frameworkId: 'C-0000', agentId: 'S1', answer: 'accepted', atMs: context.clock.nowMs() };
    expect(offersSnapshot(context.state, true)).toMatchObject({ inverseOffers: [], inverseOfferAnswers: [answer] });
    changeUnavailability(context, 'S1', undefined);
    expect(offersSnapshot(context.state, true).inverseOfferAnswers).toEqual([]);
  });

  it('comes with the time-out of offers', () => {
    const context = maintained();
    const { stream } = subscribe(context);
    ask(context, ['C-0000', 'S1']);
    stream.take();
    context.clock.advance(60_000);
    expect(stream.types()).toEqual(['RESCIND_INVERSE_OFFER']);
    expect(context.changes.inverseEnded).toEqual([['S1', 'expired']]);
    expect(context.allocator.answers).toEqual([{ frameworkId: 'C-0000', agentId: 'S1' }]);
  });

  it('comes with the end of its framework', () => {
    const context = maintained();
    const { framework, stream } = subscribe(context);
    ask(context, ['C-0000', 'S1']);
    stream.take();
    removeFramework(context, framework, 'torn down');
    expect(stream.types()).toEqual([]);
    expect(context.changes.inverseEnded).toEqual([['S1', 'withdrawn']]);
    expect([...context.state.inverseOffers.all()]).toEqual([]);
  });
});
