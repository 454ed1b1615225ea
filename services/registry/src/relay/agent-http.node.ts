import { Agent, type ClientRequest, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions as HttpsRequestOptions } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import { type HttpAsking, inHttpClientSpan } from '@tranche/telemetry';
import {
  type AgentAddress,
  type AgentAnswer,
  AgentAwayError,
  type AgentHttp,
  type SentBody,
} from './agent-http.port.js';
import { isNamedAs, type SecureAgents } from './secure-agents.js';

/** Longer than an agent takes to open a file under load; a dead machine answers nothing at all. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Kept connections, those that were opened for one request among others. */
class Connections {
  readonly plain = new Agent({ keepAlive: true });
  readonly encrypted = new HttpsAgent({ keepAlive: true });

  destroy(): void {
    this.plain.destroy();
    this.encrypted.destroy();
  }
}

/** Agents' HTTP APIs by node:http and node:https, as each has registered: connections are kept, bodies stream. */
export class NodeAgentHttp implements AgentHttp, OnApplicationShutdown {
  /**
   * @param own what the registry shows to agents, for those that ask for credentials: who asks it has shown theirs
   * @param secure how agents that speak HTTPS are known
   */
  constructor(
    private readonly own: { readonly authorization?: string } = {},
    private readonly secure: SecureAgents = {},
    private readonly connections = new Connections(),
  ) {}

  as(authorization: string | undefined): AgentHttp {
    return new NodeAgentHttp(authorization === undefined ? {} : { authorization }, this.secure, this.connections);
  }

  get(agent: AgentAddress, target: string, signal: AbortSignal): Promise<AgentAnswer> {
    return traced('GET', agent, target, (trace) => this.getWith(trace, agent, target, signal));
  }

  post(agent: AgentAddress, path: string, sent: SentBody, signal: AbortSignal): Promise<AgentAnswer> {
    return traced('POST', agent, path, (trace) => this.postWith(trace, agent, path, sent, signal));
  }

  private getWith(trace: Trace, agent: AgentAddress, target: string, signal: AbortSignal): Promise<AgentAnswer> {
    const headers = { ...this.own, ...trace };
    return new Promise((resolve, reject) => {
      const asked = this.ask(agent, { path: target, headers, signal }, (answer) => {
        asked.setTimeout(0);
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer });
      });
      asked.setTimeout(ANSWER_TIMEOUT_MS, () => {
        asked.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`));
      });
      asked.end();
      asked.on('error', (cause: NodeJS.ErrnoException) => {
        reject(signal.aborted ? cause : new AgentAwayError(agent, findingOf(cause), { cause }));
      });
    });
  }

  private postWith(
    trace: Trace,
    agent: AgentAddress,
    path: string,
    { headers, body }: SentBody,
    signal: AbortSignal,
  ): Promise<AgentAnswer> {
    return new Promise((resolve, reject) => {
      // A connection of its own: it may last for hours, and what is on its way cannot be sent again over another.
      const sent = this.ask(
        agent,
        { ...{ method: 'POST', path, signal, agent: false }, headers: { ...headers, ...this.own, ...trace } },
        (answer) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer }),
      );
      sent.on('error', (cause: NodeJS.ErrnoException) => {
        reject(signal.aborted ? cause : new AgentAwayError(agent, findingOf(cause), { cause }));
      });
      if (Buffer.isBuffer(body)) sent.end(body);
      else void pipeline(body, sent).catch((error: unknown) => sent.destroy(error as Error));
    });
  }

  /** A request whose body is still to be sent, over a kept connection unless `options` say otherwise. */
  private ask(
    { ip: host, port, tls }: AgentAddress,
    options: RequestOptions,
    answered: (answer: IncomingMessage) => void,
  ): ClientRequest {
    if (tls === undefined) return request({ agent: this.connections.plain, host, port, ...options }, answered);
    const { trust, name } = this.secure;
    const secure: HttpsRequestOptions = {
      ...(trust === undefined ? {} : { secureContext: trust() }),
      checkServerIdentity: (_host, certificate) => isNamedAs([host, tls.hostname, name], certificate),
    };
    return httpsRequest({ agent: this.connections.encrypted, host, port, ...secure, ...options }, answered);
  }

  /** Ends kept connections. */
  onApplicationShutdown(): void {
    this.connections.destroy();
  }
}

type Trace = HttpAsking['headers'];

/** Asks within a span that ends when the answer begins. */
const traced = (
  method: string,
  { agentId, ip: host, port }: AgentAddress,
  path: string,
  ask: (trace: Trace) => Promise<AgentAnswer>,
): Promise<AgentAnswer> =>
  inHttpClientSpan(method, { host, port, path, agentId }, async ({ headers, answered }) => {
    const answer = await ask(headers);
    answered(answer.status);
    return answer;
  });

const FINDINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to its machine',
  ENETUNREACH: 'no route to its network',
  ECONNRESET: 'connection reset',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, and not in TLS_CA_FILE',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody in TLS_CA_FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody in TLS_CA_FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody in TLS_CA_FILE',
};

const findingOf = (cause: NodeJS.ErrnoException): string => FINDINGS[cause.code ?? ''] ?? cause.message;
