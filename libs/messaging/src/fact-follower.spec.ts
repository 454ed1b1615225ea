import { describe, expect, it } from 'vitest';
import { FactFollower } from './fact-follower.js';

const fact = (sequence: number, source = 'registry/1', pattern = 'agent.registered.v1') => ({
  source,
  pattern,
  sequence,
});

describe('FactFollower', () => {
  it('asks for a snapshot before the first fact', () => {
    expect(new FactFollower().take(fact(1))).toBe('gap');
  });

  it('goes on after the number of the snapshot and skips what it contains', () => {
    const follower = new FactFollower();
    follower.startFrom({ source: 'registry/1', numbers: { 'agent.registered.v1': 4 } });
    expect([3, 4, 5, 5, 6].map((n) => follower.take(fact(n)))).toEqual(['skip', 'skip', 'apply', 'skip', 'apply']);
  });

  it('counts each message name of its own', () => {
    const follower = new FactFollower();
    follower.startFrom({ source: 'registry/1', numbers: {} });
    expect(follower.take(fact(1))).toBe('apply');
    expect(follower.take(fact(1, 'registry/1', 'agent.state-changed.v1'))).toBe('apply');
  });

  it('tells commands that the snapshot does not contain from those that it does, and from those of other lives', () => {
    const follower = new FactFollower();
    const isNews = (sequence: number, source?: string) => follower.isNews(fact(sequence, source, 'agent.heartbeat.v1'));
    expect(isNews(1)).toBe(false);
    follower.startFrom({ source: 'registry/1', numbers: { 'agent.heartbeat.v1': 4 } });
    expect([isNews(4), isNews(5), isNews(5), isNews(7), isNews(9, 'registry/2')]).toEqual([
      ...[false, true, true, true],
      false,
    ]);
  });

  it('tells how many facts it has heard of and not applied', () => {
    const follower = new FactFollower();
    expect(follower.behind).toBe(0);
    follower.take(fact(3));
    expect(follower.behind).toBe(3);
    follower.startFrom({ source: 'registry/1', numbers: { 'agent.registered.v1': 3 } });
    expect(follower.behind).toBe(0);
    follower.take(fact(4));
    follower.take(fact(7));
    follower.take(fact(2, 'registry/1', 'agent.state-changed.v1'));
    expect(follower.behind).toBe(5);
    follower.startFrom({ source: 'registry/1', numbers: { 'agent.registered.v1': 6, 'agent.state-changed.v1': 2 } });
    expect(follower.behind).toBe(1);
    expect(follower.take(fact(7))).toBe('apply');
    expect(follower.behind).toBe(0);
    follower.take(fact(2, 'registry/2'));
    expect(follower.behind).toBe(2);
    follower.startFrom({ source: 'registry/3', numbers: {} });
    expect(follower.behind).toBe(0);
  });

  it('notices a missed fact and a new life of the source', () => {
    const follower = new FactFollower();
    follower.startFrom({ source: 'registry/1', numbers: {} });
    expect(follower.take(fact(2))).toBe('gap');
    expect(follower.take(fact(1, 'registry/2'))).toBe('gap');
  });
});
