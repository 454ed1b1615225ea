import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { type AgentCall, encodeRecord, JSON_TYPE, RECORDIO_TYPE, RecordDecoder } from '@tranche/mesos-api';
import { amqpUrl, brokerMissing, mysqlMissing, mysqlUrl } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const missing = brokerMissing() ?? mysqlMissing();

interface TaskOfAgent {
  readonly agentId: string;
  readonly containerId: string;
}

describe.skipIf(missing)(`a registry that waits while another works ${missing ?? ''}`, () => {
  let cluster: LocalCluster;
  let waiting: string;
  beforeAll(async () => {
    const [broker, database] = await Promise.all([amqpUrl(), mysqlUrl()]);
    cluster = await LocalCluster.start('--broker', broker, '--database', database, '--replicas', '2', '--agents', '1');
    waiting = await waitingRegistry();
  }, 240_000);
  afterAll(async () => {
    await cluster?.stop();
  });

  async function waitingRegistry(): Promise<string> {
    const { processes } = JSON.parse(readFileSync(join(cluster.data, 'running.json'), 'utf8')) as {
      processes: readonly { readonly name: string; readonly address?: string }[];
    };
    const registries = processes.filter(({ name }) => name.startsWith('registry'));
    const roles = await Promise.all(
      registries.map(async ({ address = '' }) => {
        const { role } = (await (await fetch(`${address}/readyz`)).json()) as { role?: string };
        return { address, role };
      }),
    );
    const found = roles.find(({ role }) => role === 'standby');
    if (found === undefined) throw new Error(`no registry waits: ${JSON.stringify(roles)}`);
    return found.address;
  }

  const post = (path: string, headers: Record<string, string>) =>
    httpRequest(waiting + path, { method: 'POST', headers });

  it('passes the input of a session on as it is typed, in one request that stays open', async () => {
    await cluster.tranche('run', '--name', 'typed', '--detach', '--', 'sleep 600');
    const { items } = await cluster.get<{ items: readonly TaskOfAgent[] }>('/v1/tasks?state=TASK_RUNNING');
    const [task] = items;
    if (task === undefined) throw new Error('no task runs');
    const path = `/v1/agents/${task.agentId}/api/v1`;
    const container_id = { value: randomUUID(), parent: { value: task.containerId } };

    const session = post(path, {
      ...{ 'content-type': JSON_TYPE, accept: RECORDIO_TYPE, 'message-accept': JSON_TYPE },
    });
    session.end(
      JSON.stringify({
        type: 'LAUNCH_NESTED_CONTAINER_SESSION',
        launch_nested_container_session: { container_id, command: { value: 'cat' } },
      } satisfies AgentCall),
    );
    const [output] = (await once(session, 'response')) as [IncomingMessage];
    expect(output.statusCode).toBe(200);
    let shown = '';
    const decoder = new RecordDecoder();
    output.on('data', (chunk: Buffer) => {
      for (const record of decoder.push(chunk)) {
        const { data } = JSON.parse(record.toString()) as { data?: { type: string; data: string } };
        if (data?.type === 'STDOUT') shown += Buffer.from(data.data, 'base64').toString();
      }
    });

    const input = post(path, { ...{ 'content-type': RECORDIO_TYPE, 'message-content-type': JSON_TYPE } });
    const say = (member: NonNullable<AgentCall['attach_container_input']>): void => {
      const call: AgentCall = { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member };
      input.write(encodeRecord(JSON.stringify(call)));
    };
    const type = (text: string): void => {
      const data = { type: 'STDIN' as const, data: Buffer.from(text).toString('base64') };
      say({ type: 'PROCESS_IO', process_io: { type: 'DATA', data } });
    };
    say({ type: 'CONTAINER_ID', container_id });
    for (const line of ['one\n', 'two\n', 'three\n']) {
      type(line);
      await expect.poll(() => shown, { timeout: 5_000 }).toContain(line);
    }
    type('');
    await once(output, 'end');
    input.end();
    const [answer] = (await once(input, 'response')) as [IncomingMessage];
    expect([answer.statusCode, shown]).toEqual([200, 'one\ntwo\nthree\n']);
  });
});
