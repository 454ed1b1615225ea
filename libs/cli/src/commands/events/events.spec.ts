import { encodeRecord, type MasterEvent } from '@tranche/mesos-api';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, FakeRest, runInFakeWorld } from '../../cli.fakes.js';
import { factsOf, passes } from './event-line.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, 'events', ...args]);

const added: MasterEvent = {
  type: 'TASK_ADDED',
  task_added: {
    task: {
      ...{ name: 'web', task_id: { value: 'web.0' }, framework_id: { value: 'c-0001' }, agent_id: { value: 'c-S0' } },
      ...{ state: 'TASK_STAGING', resources: [] },
    },
  },
};
const updated: MasterEvent = {
  type: 'TASK_UPDATED',
  task_updated: {
    framework_id: { value: 'c-0001' },
    status: { task_id: { value: 'web.0' }, state: 'TASK_FAILED', agent_id: { value: 'c-S0' }, message: 'exit 1' },
    state: 'TASK_FAILED',
  },
};
const gone: MasterEvent = { type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'c-S1' } } };
const ended: MasterEvent = {
  type: 'FRAMEWORK_REMOVED',
  framework_removed: { framework_info: { user: 'u', name: 'spark', id: { value: 'c-0001' } } },
};
const ALL: MasterEvent[] = [{ type: 'HEARTBEAT' }, added, updated, gone, ended];

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.answers.set('POST /api/v1', () => ({
    body: ALL.map((event) => encodeRecord(Buffer.from(JSON.stringify(event))).toString()).join(''),
  }));
});
afterEach(() => cluster.stop());

describe('tranche events', () => {
  it('prints a line an event, and says when the stream ends', async () => {
    const { stdout, stderr, exitCode } = await run();
    expect(stdout).toBe(
      [
        '2026-11-23T12:00:00.000Z  TASK_ADDED         web on c-S0',
        '2026-11-23T12:00:00.000Z  TASK_UPDATED       web.0 TASK_FAILED: exit 1',
        '2026-11-23T12:00:00.000Z  AGENT_REMOVED      c-S1',
        '2026-11-23T12:00:00.000Z  FRAMEWORK_REMOVED  spark c-0001',
        '',
      ].join('\n'),
    );
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('the stream has ended')]);
    expect(rest.requests[0]?.body).toBe('{"type":"SUBSCRIBE"}');
  });

  it('prints events as they are for programs', async () => {
    const { stdout } = await run('--type', 'task_*', '-o', 'jsonl');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as MasterEvent),
    ).toEqual([added, updated]);
  });

  it('passes on why it may not', async () => {
    rest.answers.set('POST /api/v1', () => ({ status: 503, type: 'text/plain', body: 'No leader elected' }));
    expect(await run()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('No leader elected') });
  });
});

describe('passes', () => {
  it.each([
    [{ task: 'web.0' }, [true, true, false, false]],
    [{ task: 'web' }, [true, true, false, false]],
    [{ framework: '0001' }, [true, true, false, true]],
    [{ framework: 'spark' }, [false, false, false, true]],
    [{ agent: 'S1' }, [false, false, true, false]],
    [{ type: 'TASK_*' }, [true, true, false, false]],
    [{ agent: 'c-S0', type: '*_ADDED' }, [true, false, false, false]],
  ])('filters by %j', (filter, expected) => {
    const facts = [added, updated, gone, ended].map(factsOf);
    expect(facts.map((one) => one !== undefined && passes(one, filter))).toEqual(expected);
  });
});
