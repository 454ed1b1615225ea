import { once } from 'node:events';
import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { encodeRecord } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentHttp } from '../relay/agent-http.port.js';
import type { AgentRelay } from '../relay/agent-relay.js';
import type { TaskFiles } from '../relay/task-files.js';
import { TaskExecController } from './task-exec.controller.js';

const ADDRESS = { agentId: 'S0', ip: '127.0.0.1', port: 5051 };
const OVER = Buffer.from('{"wait_nested_container":{"exit_status":0}}');
const files = { container: () => ({ agentId: 'S0', container: { value: 'c1' } }) } as unknown as TaskFiles;
const request = { body: Buffer.from('{"command":"sleep 600"}') } as unknown as FastifyRequest;

/** One agent, which answers with `body` once it may, and then that the command is over. */
class Agent {
  readonly body = new PassThrough();
  readonly mayAnswer = Promise.withResolvers<void>();
  readonly signals: AbortSignal[] = [];

  relay(): AgentRelay {
    const http: Pick<AgentHttp, 'post'> = {
      post: async (_agent, _path, _sent, signal) => {
        if (this.signals.push(signal) > 1) return { status: 200, headers: {}, body: Readable.from([OVER]) };
        await this.mayAnswer.promise;
        signal.addEventListener('abort', () => this.body.destroy());
        return { status: 200, headers: {}, body: this.body };
      },
    };
    const relay: Pick<AgentRelay, 'for' | 'asking'> = {
      for: () => relay as AgentRelay,
      asking: (_agentId, ask) => ask(http as AgentHttp, ADDRESS),
    };
    return relay as AgentRelay;
  }
}

const replyOf = (raw: ServerResponse): FastifyReply =>
  ({ raw, hijack: () => undefined, getHeader: () => undefined }) as unknown as FastifyReply;

describe('a command in a task', () => {
  const ending: (() => void)[] = [];
  afterEach(() => {
    for (const end of ending.splice(0)) end();
  });

  /** A client's request, not answered yet. */
  const asked = async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const sent = httpRequest({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    sent.on('error', () => undefined).end();
    ending.push(() => (sent.destroy(), server.close()));
    const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
    const leave = async (): Promise<void> => {
      const closed = once(raw, 'close');
      sent.destroy();
      await closed;
    };
    const answered = once(sent, 'response') as Promise<[Readable]>;
    answered.catch(() => undefined);
    return { raw, leave, answered };
  };

  it('is not begun for a client that has gone before the agent is asked', async () => {
    const agent = new Agent();
    const { raw, leave } = await asked();
    await leave();
    const run = new TaskExecController(agent.relay(), files).run('t', {}, request, replyOf(raw));
    expect(agent.signals.map(({ aborted }) => aborted)).toEqual([true]);
    agent.mayAnswer.resolve();
    await run;
  });

  it.each(['before the agent answers', 'while nothing is written'])(
    'ends at its agent when its client goes away %s',
    async (when) => {
      const agent = new Agent();
      const { raw, leave } = await asked();
      const run = new TaskExecController(agent.relay(), files).run('t', {}, request, replyOf(raw));
      if (when === 'before the agent answers') await leave();
      agent.mayAnswer.resolve();
      await setImmediate();
      if (when !== 'before the agent answers') await leave();
      await run;
      expect([agent.signals[0]?.aborted, agent.body.destroyed]).toEqual([true, true]);
    },
  );

  it('is broken off at its agent by no client that is there', async () => {
    const agent = new Agent();
    const { raw, answered } = await asked();
    agent.mayAnswer.resolve();
    const run = new TaskExecController(agent.relay(), files).run('t', {}, request, replyOf(raw));
    agent.body.write(encodeRecord('{"type":"CONTROL"}'));
    const [answer] = await answered;
    expect([agent.signals[0]?.aborted, agent.body.destroyed]).toEqual([false, false]);
    agent.body.end();
    await run;
    expect((await text(answer)).trimEnd().split('\n')).toEqual([
      expect.stringContaining('session'),
      '{}',
      '{"exitCode":0}',
    ]);
    expect(agent.signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });
});
