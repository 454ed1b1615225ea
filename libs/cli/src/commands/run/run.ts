import {
  CallRefusedError,
  Scheduler,
  SchedulerError,
  SubscriptionEndedError,
  UnreachableError,
} from '@tranche/scheduler';
import type { TaskView } from '@tranche/contracts';
import { readCertificates, unreachable } from '../../api/http-exchange.js';
import type { CliContext } from '../../cli-context.js';
import { type CliError, FailedError, RefusedError, UsageError } from '../../cli.errors.js';
import { action, type Cli, type Register } from '../../command-action.js';
import { isTable } from '../../output/list-view.js';
import { formatSpan } from '../../values/duration.js';
import { dryRun, freeAgents } from './dry-run.js';
import { JsonReporter } from './report/json-reporter.js';
import { PlainReporter } from './report/plain-reporter.js';
import { addRunOptions, type RunFlags, specOfFlags } from './run-flags.js';
import { frameworkOf } from './framework-info.js';
import { RunFramework, type RunPorts } from './run-framework.js';
import { handleInterrupts } from './run-interrupts.js';
import { RunOutput } from './run-output.js';
import { type RunPlan, planRun } from './run-plan.js';
import type { RunReporter } from './report/run-reporter.js';
import { mergeSpecs, type RunSpec } from './run-spec.js';
import { TerminalReporter } from './report/terminal-reporter.js';
import { explainCommand, waitingReason } from './waiting-reason.js';

/** How long tasks live on without their `run`: it may reconnect, but nobody waits for tasks of a run that has crashed. */
const ATTACHED_FAILOVER_MS = 60_000;
const DETACHED_FAILOVER_MS = 7 * 86_400_000;
/** A replica that takes over needs a second or two. */
const RETRIES = { initialMs: 200, maxMs: 5_000 };

/** `tranche run`: a framework for one job, and its output. */
export const registerRun: Register = (program, cli) => {
  addRunOptions(program.command('run')).action(
    action<RunFlags>(cli, async (context, operands, flags) => {
      const spec = mergeSpecs(await fileSpec(context, cli, operands), specOfFlags(flags, commandWords(cli, operands)));
      const plan = planRun(spec, context.io.randomHex(4));
      if (flags.detach && plan.restart !== 'never') {
        throw new UsageError(`--restart ${plan.restart} needs a run that stays: it can't be combined with --detach`);
      }
      if (flags.dryRun) return dryRun(context, plan);
      await context.mayChange();
      return runPlan(context, plan, flags.detach ?? false);
    }),
  );
};

/** Words after `--` are a command; a single one before it is a FILE. */
function commandWords({ args }: Cli, operands: readonly string[]): string[] | undefined {
  return args.includes('--') ? [...operands] : undefined;
}

async function fileSpec({ io }: CliContext, { args }: Cli, operands: readonly string[]): Promise<RunSpec> {
  const [file, ...more] = operands;
  if (args.includes('--') || file === undefined) return {};
  if (more.length > 0) {
    throw new UsageError(`put -- before the command: tranche run -- ${operands.join(' ')}`);
  }
  const text = await io.readFile(file);
  if (text === undefined)
    throw new UsageError(`there is no file ${file}`, [`a command goes behind --: tranche run -- ${file}`]);
  const { parseRunFile } = await import('./run-file.js');
  return parseRunFile(text, file);
}

async function runPlan(context: CliContext, plan: RunPlan, isDetached: boolean): Promise<number> {
  const { io, api, settings } = context;
  const traceId = io.randomHex(32);
  const failoverMs = isDetached ? DETACHED_FAILOVER_MS : ATTACHED_FAILOVER_MS;
  const scheduler = new Scheduler({
    url: settings.url,
    framework: frameworkOf(plan, io.userName, failoverMs),
    acknowledge: 'manual',
    firstPatienceMs: 0,
    busyPatienceMs: ATTACHED_FAILOVER_MS,
    patienceMs: ATTACHED_FAILOVER_MS,
    backoff: RETRIES,
    headers: {
      traceparent: `00-${traceId}-${io.randomHex(16)}-01`,
      ...(settings.token !== undefined && { Authorization: `Bearer ${settings.token}` }),
    },
    clock: io.clock,
    ...(settings.token === undefined && settings.credential && { credential: settings.credential }),
    ...(settings.caFile && { ca: readCertificates(settings.caFile) }),
  });
  const reporter = createReporter(context, plan, traceId);
  const output = new RunOutput(api, io, reporter, () => scheduler.frameworkId ?? '');
  const explain: RunPorts['explain'] = async (taken) => {
    const others = taken.map(({ attributes }) => attributes ?? {});
    const reason = waitingReason(await freeAgents(context), plan, others);
    return reason === undefined ? undefined : `${reason}  → ${explainCommand(plan)}`;
  };
  const progressOf: RunPorts['progressOf'] = async (taskId) => {
    const { progress } = await api.get<TaskView>(`/v1/tasks/${encodeURIComponent(taskId)}`);
    return progress;
  };
  const run = new RunFramework(plan, isDetached, { scheduler, output, reporter, io, explain, progressOf });
  const ignoreSignals = handleInterrupts(run, context);
  try {
    const exitCode = await run.run();
    if (isDetached && run.live.length > 0) tellDetached(context, run, failoverMs);
    return exitCode;
  } catch (error) {
    throw error instanceof SchedulerError ? toCliError(error, settings.url) : error;
  } finally {
    ignoreSignals();
  }
}

function createReporter({ io, flags, settings }: CliContext, plan: RunPlan, traceId: string): RunReporter {
  const hasSeveral = plan.instances > 1;
  if (settings.output === 'json' || settings.output === 'jsonl') return new JsonReporter(io);
  if (io.stderr.isTTY && !flags.quiet) return new TerminalReporter(io, { hasSeveral, color: settings.color, traceId });
  return new PlainReporter(io, { hasSeveral, isQuiet: flags.quiet ?? false });
}

function tellDetached(context: CliContext, run: RunFramework, failoverMs: number): void {
  if (isTable(context) || context.settings.output === 'name') {
    context.io.stdout.write(run.live.map(({ name }) => `${name}\n`).join(''));
  }
  context.note(`left running; the cluster ends them in ${formatSpan(failoverMs)}, tranche kill before`);
}

function toCliError(error: SchedulerError, url: string): CliError {
  if (error instanceof UnreachableError) return unreachable(url, new Error(error.reason, { cause: error }));
  if (error instanceof CallRefusedError) {
    return new RefusedError(`the cluster refused ${error.callType}: ${error.detail}`, [], error.status);
  }
  if (error instanceof SubscriptionEndedError) {
    return new FailedError(`the cluster ended this run: ${error.detail}`);
  }
  return new FailedError(error.message);
}
