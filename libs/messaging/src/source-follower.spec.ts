import { type OffersSnapshot, OffersSnapshotV1, TaskLaunchedV1 } from '@tranche/contracts';
import { FakeClock, Metrics, silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { exposeFactsBehind } from './facts-behind.js';
import { UnroutableError } from './messaging.errors.js';
import { type FactEffect, followSource } from './source-follower.js';

const PATTERN = TaskLaunchedV1.pattern;

/** `offers` in one of its lives, with a number of facts stated so far; it can be away. */
class FakeOffers {
  asked = 0;
  isAway = false;

  constructor(
    private readonly source: string,
    public stated: number,
  ) {}

  async ask(_contract: unknown, queue: string): Promise<OffersSnapshot> {
    this.asked++;
    if (this.isAway) throw new UnroutableError(queue, OffersSnapshotV1.pattern);
    const asOf = { source: this.source, numbers: { [PATTERN]: this.stated } };
    return { asOf, frameworks: [], tasks: [], offers: [], held: [] };
  }
}

function following(offers: FakeOffers, metrics?: Metrics) {
  const clock = new FakeClock();
  const replaced: OffersSnapshot[] = [];
  const applied: string[] = [];
  const follower = followSource(
    { contract: OffersSnapshotV1, request: { withTasks: true }, replace: (snapshot) => void replaced.push(snapshot) },
    { bus: { ask: offers.ask.bind(offers) as never }, logger: silentLogger, clock, ...(metrics && { metrics }) },
  );
  const take = (sequence: number, item: string, effect?: FactEffect, source = 'offers/1') =>
    follower.take({ pattern: PATTERN, source, sequence, messageId: 'm' }, [item], (one) => {
      applied.push(one);
      return effect;
    });
  return { follower, clock, replaced, applied, take };
}

/** Lets what was begun go as far as it can. */
const settled = () => new Promise((resolve) => void setImmediate(resolve));

describe('SourceFollower', () => {
  it('takes a snapshot before the first fact and passes over what it contains', async () => {
    const offers = new FakeOffers('offers/1', 1);
    const { take, applied, replaced } = following(offers);
    await take(1, 'a');
    await take(2, 'b');
    expect([applied, replaced.length, offers.asked]).toEqual([['b'], 1, 1]);
  });

  it('shows how many facts wait for a snapshot, each source of a process by itself', async () => {
    const metrics = new Metrics('registry');
    const offers = new FakeOffers('offers/1', 0);
    const { take } = following(offers, metrics);
    exposeFactsBehind(metrics, 'quota', () => 7);
    offers.isAway = true;
    await expect(take(3, 'c')).rejects.toThrow();
    expect(await metrics.render()).toContain('tranche_facts_behind{source="offers",service="registry"} 3');
    expect(await metrics.render()).toContain('tranche_facts_behind{source="quota",service="registry"} 7');
    offers.isAway = false;
    offers.stated = 2;
    await take(3, 'c');
    expect(await metrics.render()).toContain('tranche_facts_behind{source="offers",service="registry"} 0');
  });

  it('takes another when it has missed a fact', async () => {
    const offers = new FakeOffers('offers/1', 0);
    const { take, applied } = following(offers);
    await take(1, 'a');
    offers.stated = 2;
    await take(3, 'c');
    expect([applied, offers.asked]).toEqual([['a', 'c'], 2]);
  });

  it('takes another when a fact is about something unknown', async () => {
    const offers = new FakeOffers('offers/1', 0);
    const { take } = following(offers);
    await take(1, 'a', 'unknown');
    expect(offers.asked).toBe(2);
  });

  it('passes over what was said in a former life of the source', async () => {
    const { take, applied } = following(new FakeOffers('offers/2', 0));
    await take(9, 'late', undefined, 'offers/1');
    expect(applied).toEqual([]);
  });

  it('asks once for all who wait', async () => {
    const offers = new FakeOffers('offers/1', 0);
    const { follower, take, applied } = following(offers);
    await Promise.all([follower.start(), take(1, 'a')]);
    expect([applied, offers.asked]).toEqual([['a'], 1]);
  });

  it('applies nothing while a snapshot is due and the source is away', async () => {
    const offers = new FakeOffers('offers/1', 0);
    offers.isAway = true;
    const { take, applied } = following(offers);
    await expect(take(1, 'a')).rejects.toThrow(UnroutableError);
    expect(applied).toEqual([]);
  });

  it('asks again and again at the start until the source answers', async () => {
    const offers = new FakeOffers('offers/1', 0);
    offers.isAway = true;
    const { follower, clock } = following(offers);
    await follower.start();
    expect(follower.state).toBe('waiting for the snapshot of offers');
    clock.advance(200);
    await settled();
    offers.isAway = false;
    clock.advance(200);
    await settled();
    expect([follower.state, offers.asked]).toEqual([true, 3]);
    clock.advance(10_000);
    expect(offers.asked).toBe(3);
  });

  it('stops asking when it is stopped', async () => {
    const offers = new FakeOffers('offers/1', 0);
    offers.isAway = true;
    const { follower, clock } = following(offers);
    await follower.start();
    follower.stop();
    clock.advance(10_000);
    expect(offers.asked).toBe(1);
  });
});
