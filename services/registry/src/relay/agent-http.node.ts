import { Agent, get, type IncomingMessage } from 'node:http';
import type { OnApplicationShutdown } from '@nestjs/common';
import { type AgentAddress, type AgentAnswer, AgentAwayError, type AgentHttp } from './agent-http.port.js';

/** Longer than an agent takes to open a file under load; a dead machine answers nothing at all. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Agents' HTTP APIs by node:http: connections are kept, bodies stream. */
export class NodeAgentHttp implements AgentHttp, OnApplicationShutdown {
  private readonly connections = new Agent({ keepAlive: true });

  get(agent: AgentAddress, target: string, signal: AbortSignal): Promise<AgentAnswer> {
    return new Promise((resolve, reject) => {
      const request = get(
        { agent: this.connections, host: agent.ip, port: agent.port, path: target, signal },
        (answer: IncomingMessage) => {
          request.setTimeout(0);
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer });
        },
      );
      request.setTimeout(ANSWER_TIMEOUT_MS, () => {
        request.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`));
      });
      request.on('error', (cause: NodeJS.ErrnoException) => {
        reject(signal.aborted ? cause : new AgentAwayError(agent, findingOf(cause), { cause }));
      });
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
