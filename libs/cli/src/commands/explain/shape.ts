import type { ExplanationView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { UsageError } from '../../cli.errors.js';
import { parseSizeMb } from '../../values/size.js';
import { answer, explanationText } from './explanation-text.js';

/** Flags of `explain`, as commander parses them. */
export interface ExplainFlags {
  cpus?: string;
  mem?: string;
  disk?: string;
  gpus?: string;
  ports?: string;
  role?: string;
  where?: string[];
  agents?: boolean;
  /** Of a framework only. */
  since?: string;
}

const MEBIBYTE = 2 ** 20;

/** `tranche explain --cpus N --mem M …`: would somebody with such a task be offered an agent? */
export async function explainShape(context: CliContext, flags: ExplainFlags): Promise<number> {
  const query = shapeQuery(flags);
  const view = await context.api.get<ExplanationView>(`/v1/explain?${query.toString()}`);
  return answer(context, [view], (one) => explanationText(context, one));
}

function shapeQuery({ cpus, mem, disk, gpus, ports, role, where = [], agents }: ExplainFlags): URLSearchParams {
  const bytes = (text: string, what: string): string => String(parseSizeMb(text, what) * MEBIBYTE);
  const pairs: [string, string | undefined][] = [
    ['cpus', cpus && count(cpus, '--cpus')],
    ['memBytes', mem && bytes(mem, '--mem')],
    ['diskBytes', disk && bytes(disk, '--disk')],
    ['gpus', gpus && count(gpus, '--gpus')],
    ['ports', ports],
    ...where.map((text): [string, string] => ['where', text]),
  ];
  const asked = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (asked.length === 0) {
    throw new UsageError('nothing is asked for', [
      'a shape: tranche explain --cpus 4 --mem 8g',
      'or: tranche explain framework F, role R, agent A',
    ]);
  }
  if (role !== undefined) asked.push(['role', role]);
  if (agents) asked.push(['agents', 'true']);
  return new URLSearchParams(asked);
}

function count(text: string, what: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  throw new UsageError(`${what}: "${text}" is no number`);
}
