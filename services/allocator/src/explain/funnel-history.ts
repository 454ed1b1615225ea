import type { ExplanationView, FrameworkRecord, FunnelSampleView } from '@tranche/contracts';
import type { Clock } from '@tranche/telemetry';
import type { ClusterRecords } from './cluster-records.js';

/** Who has waited less is no matter for a history. */
const MIN_WAIT_MS = 5_000;
/** How long it is told. */
const KEPT_MS = 3_600_000;
/** A round takes at most so long of the event loop, which belongs to allocation; whom it did not reach comes first in the next one. */
const MAX_ROUND_MS = 100;

/** What is sampled: the funnel of a framework in a role. */
export type AskFunnel = (
  record: FrameworkRecord,
  role: string,
) => Pick<ExplanationView, 'agents' | 'offered' | 'funnel'>;

interface Sample {
  readonly fromMs: number;
  untilMs: number;
  readonly agents: number;
  readonly offered: number;
  readonly funnel: FunnelSampleView['funnel'];
}

/**
 * How the obstacles of those who wait for offers have moved: their funnels, sampled now and then, for an hour.
 *
 * A funnel that is as it was before takes no place of its own: the sample before it lasts longer.
 */
export class FunnelHistory {
  /** By framework and role; those that were sampled longest ago first. */
  private readonly samples = new Map<string, Sample[]>();

  constructor(
    private readonly records: Pick<ClusterRecords, 'frameworks' | 'offers' | 'lastOfferMs'>,
    private readonly ask: AskFunnel,
    private readonly clock: Clock,
  ) {}

  /** Samples whoever waits, and forgets what is over. */
  sample(): void {
    const beganMs = this.clock.nowMs();
    this.forget(beganMs);
    const order = [...this.samples.keys()];
    const rank = ({ key }: { readonly key: string }): number => order.indexOf(key);
    for (const { key, record, role } of this.waiting(beganMs).toSorted((a, b) => rank(a) - rank(b))) {
      const nowMs = this.clock.nowMs();
      if (nowMs - beganMs > MAX_ROUND_MS) return;
      this.note(key, nowMs, this.ask(record, role));
    }
  }

  /** What was sampled since then, oldest first. */
  since(frameworkId: string, role: string, sinceMs: number): FunnelSampleView[] {
    const kept = this.samples.get(keyOf(frameworkId, role)) ?? [];
    return kept
      .filter(({ untilMs }) => untilMs >= sinceMs)
      .map(({ fromMs, untilMs, ...sample }) => ({
        from: new Date(Math.max(fromMs, sinceMs)).toISOString(),
        until: new Date(untilMs).toISOString(),
        ...sample,
      }));
  }

  /** Connected frameworks that want offers in a role, hold none there and were offered none for a while. */
  private waiting(nowMs: number): { key: string; record: FrameworkRecord; role: string }[] {
    const holders = new Set([...this.records.offers].map(({ frameworkId, role }) => keyOf(frameworkId, role)));
    return [...this.records.frameworks].flatMap((record) => {
      const { frameworkId, state, active, roles, suppressedRoles, registeredAtMs, reregisteredAtMs } = record;
      if (state !== 'connected' || !active) return [];
      return roles.flatMap((role) => {
        const key = keyOf(frameworkId, role);
        const sinceMs = this.records.lastOfferMs(frameworkId, role) ?? reregisteredAtMs ?? registeredAtMs;
        const waits = !suppressedRoles.includes(role) && !holders.has(key) && nowMs - sinceMs >= MIN_WAIT_MS;
        return waits ? [{ key, record, role }] : [];
      });
    });
  }

  private note(key: string, nowMs: number, { agents, offered, funnel }: ReturnType<AskFunnel>): void {
    const kept = this.samples.get(key) ?? [];
    const steps = funnel.map(({ code, agents: stopped, text }) => ({ code, agents: stopped, text }));
    const sample: Sample = { fromMs: nowMs, untilMs: nowMs, agents, offered: offered.agents, funnel: steps };
    const last = kept.at(-1);
    if (last !== undefined && isSame(last, sample)) last.untilMs = nowMs;
    else kept.push(sample);
    this.samples.delete(key);
    this.samples.set(key, kept);
  }

  private forget(nowMs: number): void {
    for (const [key, kept] of this.samples) {
      const left = kept.filter(({ untilMs }) => nowMs - untilMs <= KEPT_MS);
      if (left.length === 0) this.samples.delete(key);
      else if (left.length < kept.length) this.samples.set(key, left);
    }
  }
}

/** Texts may count seconds: that alone is no movement. */
function isSame(a: Sample, b: Sample): boolean {
  return (
    a.agents === b.agents &&
    a.offered === b.offered &&
    a.funnel.length === b.funnel.length &&
    a.funnel.every(({ code, agents }, at) => code === b.funnel[at]?.code && agents === b.funnel[at].agents)
  );
}

const keyOf = (frameworkId: string, role: string): string => `${frameworkId} ${role}`;
