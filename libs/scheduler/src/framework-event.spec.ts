import { describe, expect, it } from 'vitest';
import { toFrameworkEvent } from './framework-event.js';

describe('toFrameworkEvent', () => {
  it('decodes the bytes of an executor message', () => {
    const message = { agent_id: { value: 'S0' }, executor_id: { value: 'e1' }, data: 'cG9uZw==' };
    expect(toFrameworkEvent({ type: 'MESSAGE', message })).toEqual({
      type: 'message',
      agentId: 'S0',
      executorId: 'e1',
      data: Buffer.from('pong'),
    });
  });

  it('leaves out the executor when an agent was lost', () => {
    expect(toFrameworkEvent({ type: 'FAILURE', failure: { agent_id: { value: 'S0' } } })).toEqual({
      type: 'failure',
      agentId: 'S0',
      executorId: undefined,
      waitStatus: undefined,
    });
  });

  it('names the offers that are withdrawn', () => {
    expect(toFrameworkEvent({ type: 'RESCIND', rescind: { offer_id: { value: 'O1' } } })).toEqual({
      type: 'rescind',
      offerId: 'O1',
    });
    const rescind_inverse_offer = { inverse_offer_id: { value: 'O2' } };
    expect(toFrameworkEvent({ type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer })).toEqual({
      type: 'rescind-inverse-offer',
      inverseOfferId: 'O2',
    });
  });

  it('drops heartbeats and events of a type that it does not know', () => {
    expect(toFrameworkEvent({ type: 'HEARTBEAT' })).toBeUndefined();
    expect(toFrameworkEvent({ type: 'UNKNOWN' })).toBeUndefined();
    expect(toFrameworkEvent({})).toBeUndefined();
  });
});
