import { json } from 'node:stream/consumers';
import type { AgentPruneView, ImagePruneView, ImageView, MissingAgentView, Page } from '@tranche/contracts';
import { ProblemError } from '@tranche/http';
import type { AgentAddress, AgentAnswer, AgentHttp } from '../relay/agent-http.port.js';
import type { AgentRelay } from '../relay/agent-relay.js';

/** An agent that images may be on. */
export interface ImageHost {
  readonly agentId: string;
  readonly hostname: string;
}

/** So many agents are asked at a time. */
const AT_A_TIME = 32;

/** An agent reads some folders for it; one that is to delete much does so behind its answer. */
const TIMEOUT_MS = 15_000;

/** What agents said, and which of them said nothing. */
export interface Gathered<T> {
  readonly found: readonly T[];
  readonly missing: readonly MissingAgentView[];
}

/** The images of all agents: asked for when somebody wants to know, since nothing here depends on them. */
export class ClusterImages {
  constructor(private readonly relay: Pick<AgentRelay, 'asking'>) {}

  async list(hosts: readonly ImageHost[]): Promise<Gathered<ImageView>> {
    const { found, missing } = await gather(hosts, ({ agentId }) => this.listOf(agentId));
    return { found: found.flat(), missing };
  }

  async prune(hosts: readonly ImageHost[], body: object, isDry: boolean): Promise<ImagePruneView> {
    const { found, missing } = await gather(hosts, ({ agentId }) => this.pruneOf(agentId, body, isDry));
    const sum = (of: (view: AgentPruneView) => number): number => found.reduce((all, view) => all + of(view), 0);
    return {
      images: sum(({ images }) => images.length),
      layers: sum(({ layers }) => layers),
      freedBytes: sum(({ freedBytes }) => freedBytes),
      unused: sum(({ unused }) => unused),
      agents: [...found],
      missing: [...missing],
    };
  }

  private async listOf(agentId: string): Promise<ImageView[]> {
    const items: ImageView[] = [];
    for (let after = ''; ; ) {
      const page = await this.ask<Page<ImageView>>(agentId, (http, agent, signal) =>
        http.get(agent, `/v1/images?limit=1000${after}`, signal),
      );
      items.push(...page.items);
      if (page.next === undefined) return items;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  }

  private pruneOf(agentId: string, body: object, isDry: boolean): Promise<AgentPruneView> {
    const sent = { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
    const target = `/v1/images:prune${isDry ? '?dryRun=true' : ''}`;
    return this.ask(agentId, (http, agent, signal) => http.post(agent, target, sent, signal));
  }

  private async ask<T>(
    agentId: string,
    send: (http: AgentHttp, agent: AgentAddress, signal: AbortSignal) => Promise<AgentAnswer>,
  ): Promise<T> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { status, body } = await this.relay.asking(agentId, (http, agent) => send(http, agent, signal));
    const answer = (await json(body)) as T & { detail?: string };
    if (status === 200) return answer;
    throw new Error(`it answers HTTP ${status}${answer.detail === undefined ? '' : `: ${answer.detail}`}`);
  }
}

/** One that fails is missing, and keeps nobody from the others. */
async function gather<T>(hosts: readonly ImageHost[], ask: (host: ImageHost) => Promise<T>): Promise<Gathered<T>> {
  const found: T[] = [];
  const missing: MissingAgentView[] = [];
  const waiting = hosts.values();
  const work = async (): Promise<void> => {
    for (const host of waiting) {
      try {
        found.push(await ask(host));
      } catch (error) {
        const { agentId, hostname: agentHostname } = host;
        missing.push({ agentId, agentHostname, detail: wordsOf(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { found, missing: missing.toSorted((a, b) => (a.agentId < b.agentId ? -1 : 1)) };
}

function wordsOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.detail;
  const { name, message } = error as Error;
  return name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : message;
}
