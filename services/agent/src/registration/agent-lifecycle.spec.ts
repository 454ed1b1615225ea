import { describe, expect, it } from 'vitest';
import { AgentLifecycle, type AgentPhase } from './agent-lifecycle.js';

const after = (...phases: AgentPhase[]): AgentLifecycle => {
  const lifecycle = new AgentLifecycle();
  for (const phase of phases) lifecycle.enter(phase);
  return lifecycle;
};

describe('AgentLifecycle', () => {
  it('goes from recovering over registering to running, and back to registering when it is told to', () => {
    expect(after('registering', 'running', 'registering', 'running').phase).toBe('running');
  });

  it('takes tasks once it has recovered, until it stops', () => {
    expect(after().takesTasks).toBe(false);
    expect(after('registering').takesTasks).toBe(true);
    expect(after('registering', 'running', 'stopping').takesTasks).toBe(false);
  });

  it('never comes back from stopping', () => {
    expect(() => after('registering', 'stopping', 'running')).toThrow('cannot go from stopping to running');
  });
});
