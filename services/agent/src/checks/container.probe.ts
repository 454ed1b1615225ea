import { fileURLToPath } from 'node:url';
import { commandVariables } from '../containers/command-variables.js';
import { argvOf } from '../tasks/command/command-task.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import { isInOther } from '../containerizer/inside/differing-namespaces.js';
import { runInside } from '../containerizer/inside/run-inside.js';
import { SYSTEM_PATH } from '../containerizer/processes/system-path.js';
import { type NetworkTarget, probeNetwork } from './network-probe.js';
import type { Probe, ProbeRequest, ProbeResult } from './probe.port.js';

/** The compiled one, also for tests that run from the sources: it is a program, not a module. */
const PROGRAM = fileURLToPath(new URL('../../dist/checks/network-probe.process.js', import.meta.url));

/**
 * Looks at tasks from within their containers: a command becomes a process of the container; ports and pages are asked from within its
 * network, by this process if that is the agent's own, else by a short-lived one that enters it.
 */
export class ContainerProbe implements Probe {
  /** @param pidOf first process of a container; undefined when it has ended */
  constructor(
    private readonly containerizer: Pick<Containerizer, 'runInside'>,
    private readonly pidOf: (containerId: string) => number | undefined,
  ) {}

  async run(request: ProbeRequest): Promise<ProbeResult | undefined> {
    const { target } = request;
    if (target.kind === 'command') return this.runCommand(request, target.command);
    const pid = this.pidOf(request.containerId);
    if (pid === undefined) return undefined;
    return isInOther(pid, 'net') ? this.askFromWithin(pid, target, request) : askFromHere(target, request);
  }

  private async runCommand(
    { containerId, timeoutMs, signal }: ProbeRequest,
    command: Parameters<typeof argvOf>[0],
  ): Promise<ProbeResult | undefined> {
    const env = commandVariables(command);
    const end = await this.containerizer
      .runInside(containerId, { args: argvOf(command), env, timeoutMs, signal })
      .catch(() => undefined);
    if (end === undefined || this.pidOf(containerId) === undefined) return undefined;
    if (end.hasTimedOut) return { kind: 'command', fault: 'timed out' };
    const fault = end.output === '' ? {} : { fault: end.output };
    return { kind: 'command', ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }), ...fault };
  }

  private async askFromWithin(
    pid: number,
    target: NetworkTarget,
    limits: ProbeRequest,
  ): Promise<ProbeResult | undefined> {
    const program = [process.execPath, PROGRAM, JSON.stringify(target)];
    const end = await runInside(['nsenter', '--target', String(pid), '--net', '--', ...program], limits, {
      searchPath: SYSTEM_PATH,
    });
    if (end.hasTimedOut) return { kind: target.kind, fault: 'timed out' };
    // Whatever kept it from asking says nothing of the task.
    return end.exitCode === 0 ? (JSON.parse(end.output) as ProbeResult) : undefined;
  }
}

async function askFromHere(target: NetworkTarget, { timeoutMs, signal }: ProbeRequest): Promise<ProbeResult> {
  const limit = Number.isFinite(timeoutMs) ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) : signal;
  return probeNetwork(target, limit);
}
