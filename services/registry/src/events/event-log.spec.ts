import { describe, expect, it } from 'vitest';
import { EventLog } from './event-log.js';

const log = (maxEvents?: number): EventLog => new EventLog(() => Date.UTC(2026, 10, 29), maxEvents);
const fill = (of: EventLog, count: number): void => {
  for (let i = 0; i < count; i++) of.add({ type: 'TASK_ADDED', taskId: `t${i}` });
};
const numbers = (events: ReturnType<EventLog['since']>): number[] | undefined => events?.map(({ number }) => number);

describe('EventLog', () => {
  it('numbers and times events', () => {
    const events = log();
    fill(events, 2);
    expect(events.kept).toEqual([
      { number: 1, at: '2026-11-29T00:00:00.000Z', type: 'TASK_ADDED', taskId: 't0' },
      { number: 2, at: '2026-11-29T00:00:00.000Z', type: 'TASK_ADDED', taskId: 't1' },
    ]);
  });

  it('tells what came after a number', () => {
    const events = log();
    expect(events.since(events.idOf(0))).toEqual([]);
    fill(events, 3);
    expect(numbers(events.since(events.idOf(0)))).toEqual([1, 2, 3]);
    expect(numbers(events.since(events.idOf(2)))).toEqual([3]);
    expect(numbers(events.since(events.idOf(3)))).toEqual([]);
  });

  it('does not pretend to know what it cannot: other processes, the future, what was forgotten or missed', () => {
    const events = log(10);
    fill(events, 30);
    expect([
      events.since('registry-1:3'),
      events.since('x'),
      events.since(events.idOf(31)),
      events.since(events.idOf(1)),
    ]).toEqual([undefined, undefined, undefined, undefined]);
    const oldest = events.kept[0]?.number ?? 0;
    expect(events.kept.length).toBeLessThanOrEqual(11);
    expect(numbers(events.since(events.idOf(oldest - 1)))?.[0]).toBe(oldest);
    const before = events.idOf(30);
    events.lose();
    expect(events.since(before)).toBeUndefined();
    expect(events.since(events.idOf(30))).toEqual([]);
  });

  it('tells who follows, until they leave', () => {
    const events = log();
    const heard: (number | undefined)[] = [];
    const leave = events.follow((event) => void heard.push(event?.number));
    fill(events, 1);
    events.lose();
    leave();
    fill(events, 1);
    expect(heard).toEqual([1, undefined]);
  });
});
