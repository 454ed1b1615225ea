import type { Resources } from '@tranche/resources';
import type { Held } from './allocation-engine.port.js';

const DEFAULT_SECONDS = 5;
const LONGEST_SECONDS = 365 * 86_400;

interface Filter {
  readonly refused: Resources;
  readonly untilMs: number;
}

/**
 * How long a refusal lasts: negative or not representable means 5 s, at most a year.
 *
 * @returns 0 for no filter at all
 * @source allocation rule A56
 */
export function effectiveRefuseSeconds(seconds: number): number {
  if (Number.isNaN(seconds) || seconds < 0 || !Number.isFinite(seconds * 1e9)) return DEFAULT_SECONDS;
  return Math.min(seconds, LONGEST_SECONDS);
}

/** What frameworks have refused, by framework, role and agent (allocation rules A55 to A59). */
export class OfferFilters {
  private readonly filters = new Map<string, Filter[]>();

  /** @param minimumMs a filter lives at least so long: the allocation interval, A57 */
  constructor(private readonly minimumMs: number) {}

  refuse({ frameworkId, role, agentId, resources }: Held, refuseSeconds: number, nowMs: number): void {
    const seconds = effectiveRefuseSeconds(refuseSeconds);
    if (seconds === 0 || resources.isEmpty) return;
    const key = keyOf(frameworkId, role, agentId);
    const filter = { refused: resources, untilMs: nowMs + Math.max(seconds * 1000, this.minimumMs) };
    this.filters.set(key, [...(this.filters.get(key) ?? []), filter]);
  }

  /** Whether an offer of these resources would only repeat what was refused: some filter's resources contain it. */
  blocks(candidate: Held, nowMs: number): boolean {
    const key = keyOf(candidate.frameworkId, candidate.role, candidate.agentId);
    const filters = this.filters.get(key);
    if (filters === undefined) return false;
    const alive = filters.filter((filter) => filter.untilMs > nowMs);
    if (alive.length === 0) this.filters.delete(key);
    else if (alive.length < filters.length) this.filters.set(key, alive);
    return alive.some((filter) => filter.refused.contains(candidate.resources));
  }

  clearFramework(frameworkId: string, roles?: readonly string[]): void {
    this.clear((framework, role) => framework === frameworkId && (roles === undefined || roles.includes(role)));
  }

  clearAgent(agentId: string): void {
    this.clear((_framework, _role, agent) => agent === agentId);
  }

  private clear(matches: (frameworkId: string, role: string, agentId: string) => boolean): void {
    for (const key of this.filters.keys()) {
      const [frameworkId = '', role = '', agentId = ''] = key.split('\n');
      if (matches(frameworkId, role, agentId)) this.filters.delete(key);
    }
  }
}

const keyOf = (frameworkId: string, role: string, agentId: string): string => `${frameworkId}\n${role}\n${agentId}`;
