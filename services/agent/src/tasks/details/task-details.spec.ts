import type { NoteTaskDetail } from '@tranche/contracts';
import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { taskLaunch } from '../../testing/task.builder.js';
import type { AgentTask } from '../agent-task.js';
import { TaskDetails } from './task-details.js';

function world() {
  const clock = new FakeClock();
  const sent: NoteTaskDetail[] = [];
  const details = new TaskDetails(
    () => 'S0',
    clock,
    (detail) => sent.push(detail),
  );
  const task: AgentTask = { ...taskLaunch(), state: 'TASK_STARTING', statuses: [], pending: [] };
  const percents = () => sent.map(({ progress }) => progress?.percent);
  return { clock, details, task, sent, percents };
}

describe('TaskDetails', () => {
  it('tells of progress at once, then at most twice a second, always the newest', () => {
    const { clock, details, task, percents, sent } = world();
    for (const percent of [0, 30, 61]) details.progress(task, 'fetching', percent);
    expect(percents()).toEqual([0]);
    clock.advance(500);
    expect(percents()).toEqual([0, 61]);
    clock.advance(5_000);
    details.progress(task, 'fetching', 62);
    expect(percents()).toEqual([0, 61, 62]);
    expect(sent[0]).toEqual({
      ...{ agentId: 'S0', frameworkId: 'F', taskId: 't1', containerId: task.containerId },
      progress: { step: 'fetching', percent: 0 },
    });
  });

  it('tells nothing of a launch that is over', () => {
    const { clock, details, task, percents } = world();
    details.progress(task, 'fetching', 0);
    details.progress(task, 'fetching', 99);
    details.settled(task);
    clock.advance(5_000);
    expect(percents()).toEqual([0]);
  });
});
