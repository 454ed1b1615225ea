import type { OutstandingOffer } from '@tranche/allocation';
import type { FrameworkRecord } from '@tranche/contracts';
import { Resources } from '@tranche/resources';
import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { FunnelHistory } from './funnel-history.js';

const HOUR_MS = 3_600_000;

const record = (frameworkId: string, more: Partial<FrameworkRecord> = {}): FrameworkRecord => ({
  frameworkId,
  info: { user: 'u', name: frameworkId },
  state: 'connected',
  active: true,
  roles: ['web'],
  suppressedRoles: [],
  registeredAtMs: 0,
  ...more,
});

/** An allocator in which every agent has the same obstacle, and asking takes a while. */
function world(...frameworks: FrameworkRecord[]) {
  const clock = new FakeClock(10_000);
  const asked: string[] = [];
  const state = { obstacle: 'quota.limit', agents: 3, tookMs: 0 };
  const offers: OutstandingOffer[] = [];
  const lastOffers = new Map<string, number>();
  const history = new FunnelHistory(
    { frameworks, offers, lastOfferMs: (frameworkId) => lastOffers.get(frameworkId) },
    ({ frameworkId }) => {
      asked.push(frameworkId);
      clock.advance(state.tookMs);
      const step = { code: state.obstacle, agents: state.agents, left: 0, text: `t${clock.nowMs()}`, also: [] };
      return { agents: 3, offered: { agents: 0, amounts: {} }, funnel: [step] };
    },
    clock,
  );
  const steps = (frameworkId: string, forMs = HOUR_MS) =>
    history
      .since(frameworkId, 'web', clock.nowMs() - forMs)
      .map(({ from, until, funnel }) => [Date.parse(from), Date.parse(until), funnel[0]?.code]);
  return { clock, asked, state, offers, lastOffers, history, steps };
}

describe('FunnelHistory', () => {
  it('samples who has waited for five seconds, and nobody else', () => {
    const { history, asked, lastOffers, offers } = world(
      record('waits'),
      record('new', { registeredAtMs: 6_000 }),
      record('offered'),
      record('holds'),
      record('away', { state: 'disconnected' }),
      record('inactive', { active: false }),
      record('sated', { suppressedRoles: ['web'] }),
    );
    lastOffers.set('offered', 9_000);
    offers.push({
      offerId: 'o',
      frameworkId: 'holds',
      agentId: 'a',
      role: 'web',
      madeAtMs: 0,
      resources: Resources.EMPTY,
    });
    history.sample();
    expect(asked).toEqual(['waits']);
  });

  it('keeps one entry for as long as the funnel is the same, whatever its texts count', () => {
    const { history, clock, state, steps } = world(record('f'));
    history.sample();
    clock.advance(10_000);
    history.sample();
    state.obstacle = 'agent.in_use';
    clock.advance(10_000);
    history.sample();
    expect(steps('f')).toEqual([
      [10_000, 20_000, 'quota.limit'],
      [30_000, 30_000, 'agent.in_use'],
    ]);
    expect(steps('f', 15_000)[0]).toEqual([15_000, 20_000, 'quota.limit']);
    expect(steps('f', 5_000)).toEqual([[30_000, 30_000, 'agent.in_use']]);
    expect(steps('other')).toEqual([]);
  });

  it('forgets what is older than an hour', () => {
    const { history, clock, state, steps } = world(record('f'));
    history.sample();
    clock.advance(HOUR_MS);
    state.agents = 2;
    history.sample();
    expect(steps('f', 2 * HOUR_MS)).toHaveLength(2);
    clock.advance(1);
    history.sample();
    expect(steps('f', 2 * HOUR_MS)).toHaveLength(1);
  });

  it('stops a round that takes long, and begins the next one with whom it did not reach', () => {
    const { history, asked, state } = world(record('f1'), record('f2'), record('f3'));
    state.tookMs = 80;
    history.sample();
    expect(asked.splice(0)).toEqual(['f1', 'f2']);
    history.sample();
    expect(asked).toEqual(['f3', 'f1']);
  });
});
