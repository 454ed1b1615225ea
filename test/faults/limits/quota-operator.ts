import type { Random } from '../fuzz/random.mjs';
import type { Amounts, Ledger, LimitsChange } from './ledger.js';
import { TOTAL } from './limits-cluster.js';

interface QuotaTerms {
  readonly limits?: Amounts;
  readonly guarantees?: Amounts;
  readonly force?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const NAMES = ['cpus', 'mem'] as const;
const NONE: Amounts = {};

/** Sets quotas over the operator's API and tells the ledger what it asks for and what it is answered. */
export class QuotaOperator {
  readonly counts = { done: 0, refused: 0 };
  /** The last things done, oldest first. */
  readonly log: string[] = [];

  constructor(
    private readonly urls: { readonly registry: string; readonly quota: string },
    private readonly ledger: Ledger,
  ) {}

  /** UPDATE_QUOTA of one role. */
  update(role: string, { limits = NONE, guarantees = NONE, force = false }: QuotaTerms): Promise<Answer> {
    const config = { role, limits: scalars(limits), guarantees: scalars(guarantees) };
    const call = { type: 'UPDATE_QUOTA', update_quota: { force, quota_configs: [config] } };
    return this.call(role, limits, this.urls.registry, '/api/v1', call, !force);
  }

  /** SET_QUOTA, or the form of before: guarantees that are limits. */
  set(role: string, guarantees: Amounts, force: boolean, isOldForm: boolean): Promise<Answer> {
    const guarantee = Object.entries(guarantees).map(([name, milli]) => ({
      ...{ name, type: 'SCALAR', scalar: { value: milli / 1_000 } },
    }));
    const quota_request = { role, guarantee, force };
    return isOldForm
      ? this.call(role, guarantees, this.urls.quota, '/quota', quota_request)
      : this.call(role, guarantees, this.urls.registry, '/api/v1', { type: 'SET_QUOTA', set_quota: { quota_request } });
  }

  remove(role: string): Promise<Answer> {
    return this.call(role, NONE, this.urls.registry, '/api/v1', { type: 'REMOVE_QUOTA', remove_quota: { role } });
  }

  /** Something at random. */
  async act(roles: readonly string[], random: Random): Promise<void> {
    const role = random.pick(roles);
    const force = random.chance(0.4);
    const limits = someOf(random, 0.3, TOTAL);
    const choice = random.next();
    if (choice < 0.15) await this.remove(role);
    else if (choice < 0.3) await this.set(role, someOf(random, 0.2, TOTAL), force, random.chance(0.5));
    else await this.update(role, { limits, guarantees: someOf(random, 0.5, limits), force });
  }

  private async call(
    role: string,
    limits: Amounts,
    url: string,
    path: string,
    body: object,
    isChecked = false,
  ): Promise<Answer> {
    const change = this.ledger.changing(role, limits, isChecked);
    const answer = await answerOf(url + path, body);
    this.hear(change, answer);
    this.log.push(`${JSON.stringify(body)} -> ${answer.status} ${answer.text}`);
    if (this.log.length > 30) this.log.shift();
    return answer;
  }

  private hear(change: LimitsChange, { status }: Answer): void {
    if (status === 200) this.counts.done++;
    if (status === 400 || status === 409) this.counts.refused++;
    const outcomes = { 200: 'done', 400: 'refused', 409: 'refused' } as const;
    change.answered(outcomes[status as keyof typeof outcomes] ?? 'unknown');
  }
}

async function answerOf(url: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: answer.status, text: await answer.text() };
}

/** A share of some of the amounts, of one name at least. */
function someOf(random: Random, share: number, amounts: Amounts): Amounts {
  const named = NAMES.filter((name) => amounts[name] !== undefined);
  const kept = named.filter(() => random.chance(0.8));
  const part = (name: string): number => Math.floor(random.next() * share * (amounts[name] ?? 0));
  return Object.fromEntries((kept.length === 0 ? named : kept).map((name) => [name, part(name)]));
}

const scalars = (amounts: Amounts) =>
  Object.fromEntries(Object.entries(amounts).map(([name, milli]) => [name, { value: milli / 1_000 }]));
