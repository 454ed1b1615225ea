import { describe, expect, it } from 'vitest';
import { AGENT_EVENTS, isPresent, nextAgentState } from './agent-state.js';

describe('nextAgentState', () => {
  it('lets every agent come back but one that was declared gone', () => {
    expect(nextAgentState('unreachable', 'registered')).toBe('active');
    expect(nextAgentState('removed', 'registered')).toBe('active');
    expect(new Set(AGENT_EVENTS.map((event) => nextAgentState('gone', event)))).toEqual(new Set([undefined]));
  });

  it('keeps an agent deactivated when it registers again', () => {
    const states = ['deactivated', 'disconnected', 'unreachable', 'removed'] as const;
    for (const state of states) expect(nextAgentState(state, 'registered', true)).toBe('deactivated');
    expect(nextAgentState('deactivated', 'registered')).toBe('active');
  });

  it('takes a quiet agent out of offering, whatever an operator wants of it', () => {
    expect(nextAgentState('active', 'quiet')).toBe('disconnected');
    expect(nextAgentState('deactivated', 'quiet', true)).toBe('disconnected');
    expect(nextAgentState('disconnected', 'silent')).toBe('unreachable');
  });

  it('makes a silent agent unreachable once', () => {
    expect(nextAgentState('active', 'silent')).toBe('unreachable');
    expect(nextAgentState('unreachable', 'silent')).toBeUndefined();
  });

  it('does not replace an unreachable agent: its address may have another owner while it is cut off', () => {
    expect(nextAgentState('unreachable', 'replaced')).toBeUndefined();
    expect(nextAgentState('active', 'replaced')).toBe('removed');
  });
});

describe('isPresent', () => {
  it('counts agents that take part, with or without offers', () => {
    expect(
      (['active', 'deactivated', 'disconnected', 'unreachable', 'removed', 'gone'] as const).map(isPresent),
    ).toEqual([true, true, true, false, false, false]);
  });
});
