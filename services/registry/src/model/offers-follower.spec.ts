import { type OffersSnapshot, TaskLaunchedV1 } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { ClusterModel } from './cluster-model.js';
import { frameworkRecord, taskRecord } from './model.fakes.js';
import { OffersFollower } from './offers-follower.js';

/** `offers` with a life and a number of facts stated so far. */
class FakeOffers {
  asked = 0;
  constructor(
    public source: string,
    public stated: number,
  ) {}

  async ask(): Promise<OffersSnapshot> {
    this.asked++;
    const asOf = { source: this.source, numbers: { [TaskLaunchedV1.pattern]: this.stated } };
    return { asOf, frameworks: [frameworkRecord()], tasks: [], offers: [], held: [] };
  }
}

function following(offers: FakeOffers) {
  const model = new ClusterModel({ maxCompletedFrameworks: 1, maxCompletedTasksPerFramework: 1 });
  const follower = new OffersFollower(model, offers as never);
  const launch = (sequence: number, taskId: string, source = 'offers/1', frameworkId = 'f'): Promise<void> =>
    follower.take(
      { pattern: TaskLaunchedV1.pattern, source, sequence, messageId: 'm' },
      [{ task: taskRecord({ taskId, frameworkId }) }],
      (item) => model.applyLaunch(item),
    );
  return { model, follower, launch };
}

describe('OffersFollower', () => {
  it('takes a snapshot before the first fact and passes over what it contains', async () => {
    const offers = new FakeOffers('offers/1', 1);
    const { model, launch } = following(offers);
    await launch(1, 'a');
    await launch(2, 'b');
    expect([offers.asked, model.tasks('a').length, model.tasks('b').length]).toEqual([1, 0, 1]);
  });

  it('takes another when it has missed a fact', async () => {
    const offers = new FakeOffers('offers/1', 0);
    const { model, launch } = following(offers);
    await launch(1, 'a');
    offers.stated = 2;
    await launch(3, 'c');
    expect([offers.asked, model.tasks('a').length, model.tasks('c').length]).toEqual([2, 0, 1]);
  });

  it('takes another when a fact names what the model does not know', async () => {
    const offers = new FakeOffers('offers/1', 0);
    const { launch } = following(offers);
    await launch(1, 'a', 'offers/1', 'unknown');
    expect(offers.asked).toBe(2);
  });

  it('passes over a fact of a former life that comes late', async () => {
    const offers = new FakeOffers('offers/2', 0);
    const { model, launch } = following(offers);
    await launch(7, 'late', 'offers/1');
    expect(model.tasks('late')).toEqual([]);
  });

  it('asks once for all who wait', async () => {
    const offers = new FakeOffers('offers/1', 0);
    const { follower } = following(offers);
    await Promise.all([follower.synchronize(), follower.synchronize()]);
    expect(offers.asked).toBe(1);
  });
});
