import { describe, expect, it } from 'vitest';
import { AGENT_EVENTS, isPresent, nextAgentState } from './agent-state.js';

describe('nextAgentState', () => {
  it('lets every agent come back but one that was declared gone', () => {
    expect(nextAgentState('unreachable', 'registered')).toBe('active');
    expect(nextAgentState('removed', 'registered')).toBe('active');
    expect(AGENT_EVENTS.map((event) => nextAgentState('gone', event))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps an agent deactivated when it registers again', () => {
    expect(nextAgentState('deactivated', 'registered')).toBe('deactivated');
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
    expect((['active', 'deactivated', 'unreachable', 'removed', 'gone'] as const).map(isPresent)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
