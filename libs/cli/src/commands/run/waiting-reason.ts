import { amountsOf, type TaskNeeds } from '@tranche/scheduler';
import { formatBytes, formatCount } from '../../values/size.js';
import type { Candidate } from './candidates.js';
import { type Attributes, constraintText, violated } from './constraints.js';
import type { RunPlan } from './run-plan.js';

const MEBIBYTE = 2 ** 20;

const WORDS: Record<keyof TaskNeeds, { name: string; format: (value: number) => string }> = {
  cpus: { name: 'cpus', format: formatCount },
  memMb: { name: 'mem', format: (value) => formatBytes(value * MEBIBYTE) },
  diskMb: { name: 'disk', format: (value) => formatBytes(value * MEBIBYTE) },
  gpus: { name: 'gpus', format: formatCount },
  ports: { name: 'ports', format: formatCount },
};
const NEEDS = Object.keys(WORDS) as (keyof TaskNeeds)[];

/**
 * Why no agent can take an instance: every obstacle with what was asked for and the most there is.
 *
 * @param taken attributes of the agents that other instances are on
 * @returns undefined when some agent could take it
 */
export function waitingReason(
  candidates: readonly Candidate[],
  plan: RunPlan,
  taken: readonly Attributes[],
): string | undefined {
  if (candidates.length === 0) return 'no agent has registered';
  const allowed = candidates.filter(({ attributes }) => violated(plan.constraints, attributes, taken).length === 0);
  if (allowed.length === 0) return constraintReason(candidates, plan, taken);
  const free = allowed.map((candidate) => ({ ...candidate, amounts: amountsOf(candidate.resources) }));
  if (free.some(({ amounts }) => NEEDS.every((need) => amounts[need] >= plan.needs[need]))) return undefined;
  const short = NEEDS.filter((need) => free.every(({ amounts }) => amounts[need] < plan.needs[need]));
  if (short.length > 0) return `no agent has ${short.map((need) => shortageText(need, plan, free)).join(' and ')}`;
  const asked = NEEDS.filter((need) => plan.needs[need] > 0).map((need) => atLeast(need, plan));
  return `no agent has ${asked.join(', ')} free together`;
}

/** The command that shows which agents lack what: `tranche explain --cpus 4 --mem 8g --where zone=eu-1`. */
export function explainCommand({ needs, role, constraints }: RunPlan): string {
  const { cpus, memMb, diskMb, gpus, ports } = needs;
  const amounts = { cpus, mem: sizeText(memMb), disk: sizeText(diskMb), gpus, ports };
  const flags = Object.entries(amounts).flatMap(([name, amount]) =>
    amount === 0 || amount === undefined ? [] : [`--${name} ${amount}`],
  );
  const where = constraints.flatMap((constraint) =>
    constraint.kind === 'equals' ? [`--where ${constraint.attribute}=${constraint.value}`] : [],
  );
  return ['tranche explain', ...flags, ...(role === '*' ? [] : [`--role ${role}`]), ...where].join(' ');
}

const sizeText = (mb: number): string | undefined => {
  if (mb === 0) return undefined;
  return mb % 1024 === 0 ? `${mb / 1024}g` : `${mb}m`;
};

type FreeAgent = Candidate & { amounts: Required<TaskNeeds> };

/** `mem ≥ 8 GiB free (largest 6.1 GiB on n2)` */
function shortageText(need: keyof TaskNeeds, plan: RunPlan, agents: readonly FreeAgent[]): string {
  const largest = agents.reduce((best, agent) => (agent.amounts[need] > best.amounts[need] ? agent : best));
  return `${atLeast(need, plan)} free (largest ${WORDS[need].format(largest.amounts[need])} on ${largest.hostname})`;
}

function atLeast(need: keyof TaskNeeds, { needs }: RunPlan): string {
  return `${WORDS[need].name} ≥ ${WORDS[need].format(needs[need])}`;
}

/** `no agent has zone=eu-1 (zone is eu-2, eu-3)` */
function constraintReason(
  candidates: readonly Candidate[],
  { constraints }: RunPlan,
  taken: readonly Attributes[],
): string {
  const failing = constraints.filter((constraint) =>
    candidates.every(({ attributes }) => violated([constraint], attributes, taken).length > 0),
  );
  if (failing.length === 0) return `no agent has ${constraints.map(constraintText).join(' and ')} together`;
  const parts = failing.map((constraint) => {
    const values = new Set(candidates.map(({ attributes }) => attributes[constraint.attribute]));
    const known = [...values].filter((value) => value !== undefined).map(String);
    const seen = known.length === 0 ? 'is not set' : `is ${known.toSorted().slice(0, 10).join(', ')}`;
    return `${constraintText(constraint)} (${constraint.attribute} ${seen})`;
  });
  return `no agent has ${parts.join(' and ')}`;
}
