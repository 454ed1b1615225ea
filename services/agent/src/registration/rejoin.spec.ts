import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { Questions } from './questions.js';
import { Rejoin } from './rejoin.js';

/** Registrations that are answered by hand; each tells what was asked when it began, as `AskRegistry` does. */
function registrations() {
  const questions = new Questions();
  const told: string[][] = [];
  let underWay: PromiseWithResolvers<{ ok: true; agentId: string }> | undefined;
  const register = () => {
    if (underWay === undefined) {
      underWay = Promise.withResolvers();
      told.push(questions.tell());
    }
    return underWay.promise;
  };
  const answer = async (): Promise<void> => {
    const answered = underWay;
    underWay = undefined;
    answered?.resolve({ ok: true, agentId: 'S1' });
    await settled();
  };
  return { rejoin: new Rejoin({ register }, questions, () => undefined, silentLogger), told, register, answer };
}

describe('Rejoin', () => {
  it('registers, and names who has asked', async () => {
    const { rejoin, told, answer } = registrations();
    rejoin.begin({ why: 'unknown', source: 'registry/a' });
    await answer();
    expect(told).toEqual([['registry/a']]);
  });

  it('registers once more for who asks while a registration is under way: that one does not tell all', async () => {
    const { rejoin, told, register, answer } = registrations();
    void register();
    rejoin.begin({ why: 'task t is not known', source: 'offers/a' });
    rejoin.begin({ why: 'task t is not known', source: 'offers.1/b' });
    await answer();
    expect(told).toEqual([[], ['offers/a', 'offers.1/b']]);
    await answer();
    expect(told).toHaveLength(2);
  });
});
