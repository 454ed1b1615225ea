import { describe, expect, it } from 'vitest';
import { chooseTask, type TaskPlace } from './task-place.js';

const place = (frameworkId: string, agentId: string, isLive = false): TaskPlace => ({
  frameworkId,
  agentId,
  executorId: 't',
  isLive,
});

describe('chooseTask', () => {
  it('finds nothing without a candidate', () => {
    expect(chooseTask([], undefined)).toEqual({ kind: 'unknown' });
    expect(chooseTask([place('f', 'a')], 'g')).toEqual({ kind: 'unknown' });
  });

  it('names the frameworks when several have a task of this id', () => {
    expect(chooseTask([place('f', 'a'), place('g', 'b'), place('f', 'c')], undefined)).toEqual({
      kind: 'ambiguous',
      frameworkIds: ['f', 'g'],
    });
  });

  it('takes the one of the framework that was named', () => {
    expect(chooseTask([place('f', 'a'), place('g', 'b')], 'g')).toMatchObject({ place: { agentId: 'b' } });
  });

  it('prefers the live task, else the newest', () => {
    expect(chooseTask([place('f', 'a'), place('f', 'b', true), place('f', 'c')], undefined)).toMatchObject({
      place: { agentId: 'b' },
    });
    expect(chooseTask([place('f', 'a'), place('f', 'b')], undefined)).toMatchObject({ place: { agentId: 'b' } });
  });
});
