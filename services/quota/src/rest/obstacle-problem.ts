import { type Fault, type Problem, problem } from '@tranche/http';
import { compareBytes, exactAmount } from '@tranche/resources';
import type { QuotaObstacle } from '../quotas/check-quotas.js';
import { memberOf } from './quota-amounts.js';

/** A resource of which there is not enough, thousandths. */
interface Lack {
  readonly name: string;
  readonly asked: number;
  readonly bound: number;
}

/** Columns that `tranche ps` sorts by. */
const SORTABLE: ReadonlySet<string> = new Set(['cpus', 'mem']);

/** Why quotas cannot be set without force, as `/v1` says it: with the resources that are concerned, and what to do. */
export function obstacleProblem(obstacle: QuotaObstacle): Problem {
  return obstacle.kind === 'below-use' ? belowUse(obstacle) : overcommit(obstacle);
}

function belowUse({ quota, consumed }: Extract<QuotaObstacle, { kind: 'below-use' }>): Problem {
  const lacks = lacking(Object.entries(quota.limitsMilli), (name) => consumed.get(name), 'below');
  const pairs = lacks.map(
    ({ name, asked, bound }, index) =>
      `${amount(name, asked)} ${index === 0 ? 'is ' : ''}below the ${exactAmount(name, bound)}`,
  );
  const bounds = lacks.length === 1 ? lacks.map(({ name, bound }) => exactAmount(name, bound)) : lacks.map(atLeast);
  const free = lacks.map(({ name, asked, bound }) => partOf(name, bound - asked));
  const sort = lacks.find(({ name }) => SORTABLE.has(name));
  const list = `tranche ps --role ${quota.role === '*' ? "'*'" : quota.role}${sort === undefined ? '' : ` --sort ${sort.name}`}`;
  return problem(
    409,
    'quota.limit_below_use',
    'Limit is below current use',
    `limit ${pairs.join(' and ')} that role ${quota.role} uses`,
    {
      errors: lacks.flatMap(faultOf),
      hints: [
        `set the limit to ${bounds.join(', ')} or more, or free ${free.join(', ')} first: ${list}`,
        'set it all the same: --force',
      ],
    },
  );
}

function overcommit({ guaranteed, capacity }: Extract<QuotaObstacle, { kind: 'overcommit' }>): Problem {
  const lacks = lacking(guaranteed, (name) => capacity.get(name), 'above');
  const asked = lacks.map(({ name, asked: sum }) => amount(name, sum)).join(', ');
  const has = lacks.map(({ name, bound }) => amount(name, bound)).join(', ');
  const excess = lacks.map(({ name, asked: sum, bound }) => partOf(name, sum - bound)).join(', ');
  return problem(
    409,
    'quota.overcommit',
    'Guarantees exceed the cluster',
    `all guarantees together would be ${asked}; the cluster has ${has}`,
    {
      hints: [`guarantee ${excess} less, here or to another role: tranche quota ls`, 'set it all the same: --force'],
    },
  );
}

/** Of the amounts those that are below or above what bounds them, by name. */
function lacking(
  amounts: Iterable<readonly [name: string, milli: number]>,
  boundOf: (name: string) => number,
  side: 'below' | 'above',
): Lack[] {
  return Array.from(amounts, ([name, asked]) => ({ name, asked, bound: boundOf(name) }))
    .filter(({ asked, bound }) => (side === 'below' ? asked < bound : asked > bound))
    .toSorted((a, b) => compareBytes(a.name, b.name));
}

function faultOf({ name, asked, bound }: Lack): Fault[] {
  const member = memberOf(name, asked);
  const least = memberOf(name, bound);
  if (member === undefined || least === undefined) return [];
  return [{ path: `limit.${member[0]}`, message: `must be at least ${least[1]}`, value: member[1] }];
}

/** `cpus 8`, `mem 96 MiB`. */
const amount = (name: string, milli: number): string => `${name} ${exactAmount(name, milli)}`;

const atLeast = ({ name, bound }: Lack): string => amount(name, bound);

/** `4 cpus`, `96 MiB of mem`. */
function partOf(name: string, milli: number): string {
  const text = exactAmount(name, milli);
  return text.includes(' ') ? `${text} of ${name}` : `${text} ${name}`;
}
