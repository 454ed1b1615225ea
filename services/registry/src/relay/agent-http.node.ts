import { Agent, get, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import {
  type AgentAddress,
  type AgentAnswer,
  AgentAwayError,
  type AgentHttp,
  type SentBody,
} from './agent-http.port.js';

/** Longer than an agent takes to open a file under load; a dead machine answers nothing at all. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Agents' HTTP APIs by node:http: connections are kept, bodies stream. */
export class NodeAgentHttp implements AgentHttp, OnApplicationShutdown {
  /** @param own what the registry shows to agents, for those that ask for credentials: who asks it has shown theirs */
  constructor(
    private readonly own: { readonly authorization?: string } = {},
    private readonly connections = new Agent({ keepAlive: true }),
  ) {}

  as(authorization: string | undefined): AgentHttp {
    return new NodeAgentHttp(authorization === undefined ? {} : { authorization }, this.connections);
  }

  get(agent: AgentAddress, target: string, signal: AbortSignal): Promise<AgentAnswer> {
    return new Promise((resolve, reject) => {
      const asked = get(
        { agent: this.connections, host: agent.ip, port: agent.port, path: target, headers: this.own, signal },
        (answer: IncomingMessage) => {
          asked.setTimeout(0);
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer });
        },
      );
      asked.setTimeout(ANSWER_TIMEOUT_MS, () => {
        asked.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`));
      });
      asked.on('error', (cause: NodeJS.ErrnoException) => {
        reject(signal.aborted ? cause : new AgentAwayError(agent, findingOf(cause), { cause }));
      });
    });
  }

  post(agent: AgentAddress, path: string, { headers, body }: SentBody, signal: AbortSignal): Promise<AgentAnswer> {
    const { ip: host, port } = agent;
    return new Promise((resolve, reject) => {
      // A connection of its own: it may last for hours, and what is on its way cannot be sent again over another.
      const sent = request(
        { ...{ method: 'POST', host, port, path, signal, agent: false }, headers: { ...headers, ...this.own } },
        (answer) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer }),
      );
      sent.on('error', (cause: NodeJS.ErrnoException) => {
        reject(signal.aborted ? cause : new AgentAwayError(agent, findingOf(cause), { cause }));
      });
      if (Buffer.isBuffer(body)) sent.end(body);
      else void pipeline(body, sent).catch((error: unknown) => sent.destroy(error as Error));
    });
  }

  /** Ends kept connections. */
  onApplicationShutdown(): void {
    this.connections.destroy();
  }
}

const FINDINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to its machine',
  ENETUNREACH: 'no route to its network',
  ECONNRESET: 'connection reset',
};

const findingOf = (cause: NodeJS.ErrnoException): string => FINDINGS[cause.code ?? ''] ?? cause.message;
