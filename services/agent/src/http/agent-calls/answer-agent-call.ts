import {
  type AgentCall,
  type AgentCallType,
  type AgentResponse,
  type AgentResponseWaitContainer,
  type ApiRefusal,
  type ContainerID,
  fromMs,
  toMs,
  versionInfo,
} from '@tranche/mesos-api';
import { machineLoad, mayDo, type Permits, sightOf } from '@tranche/http';
import type { SandboxFiles } from '../../sandbox/sandbox-files.js';
import { containerName } from '../../containers/agent-container.js';
import type { LaunchContainer } from '../../containers/launch-container.js';
import type { AgentViews } from '../agent-views.js';
import type { ApiContainerList } from '../api-container-list.js';
import { ImageError } from '../../images/image.errors.js';
import type { ContainerList } from '../container-list.js';
import type { ImageList } from '../image-list.js';
import type { LogVerbosity } from '@tranche/telemetry';
import { type ContainerScene, removeContainer, signalContainer, waitFor } from './container-answers.js';
import type { AttachScene } from './attach-calls.js';
import { launchContainer } from './launch-calls.js';
import type { ContainerUsers } from '../container-users.js';
import { containerIsSeen } from '../file-access.js';
import { askedByAgentCall } from './asked-by-agent-call.js';
import { listFiles, readFilePart } from './read-files.js';

export const NOT_ITS_OWN = 'This agent does not write its own log';

/** What calls are answered from. */
export interface AgentCallContext extends ContainerScene, Omit<AttachScene, 'containerizer'> {
  readonly containerizer: ContainerScene['containerizer'] & AttachScene['containerizer'];
  readonly launcher: LaunchContainer;
  readonly views: AgentViews;
  readonly containers: ContainerList;
  readonly images: Pick<ImageList, 'prune'>;
  readonly apiContainers: ApiContainerList;
  readonly files: SandboxFiles;
  readonly users: ContainerUsers;
  readonly verbosity: LogVerbosity;
}

type Members = Omit<AgentResponse, 'type'>;

export type AgentAnswer =
  | { readonly kind: 'response'; readonly response: Members }
  /** 200 or 202 without a body. */
  | { readonly kind: 'done' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal };

/** @param permits what the caller may do */
type Answer = (call: AgentCall, context: AgentCallContext, permits: Permits) => Promise<AgentAnswer> | AgentAnswer;

const response = (members: Members): AgentAnswer => ({ kind: 'response', response: members });
const refused = (refusal: ApiRefusal): AgentAnswer => ({ kind: 'refused', refusal });

/** A call each, in the order of the API's reference. Any other is answered with 501 and its name. */
const ANSWERS: Readonly<Partial<Record<AgentCallType, Answer>>> = {
  GET_HEALTH: () => response({ get_health: { healthy: true } }),
  GET_FLAGS: (_, { views }) =>
    response({ get_flags: { flags: Object.entries(views.facts.flags()).map(([name, value]) => ({ name, value })) } }),
  GET_VERSION: (_, { views }) => response({ get_version: { version_info: versionInfo(views.facts.version) } }),
  GET_METRICS: (_, { views }) => {
    const metrics = Object.entries(views.metrics(machineLoad())).map(([name, value]) => ({ name, value }));
    return response({ get_metrics: { metrics: metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } });
  },
  GET_LOGGING_LEVEL: (_, { verbosity }) => response({ get_logging_level: { level: verbosity.level } }),
  SET_LOGGING_LEVEL: ({ set_logging_level }, { verbosity }) => {
    const { level = 0, duration } = set_logging_level ?? {};
    const isSet = verbosity.set(level, duration === undefined ? 0 : toMs(duration));
    return isSet ? { kind: 'done' } : refused({ kind: 'failed', message: NOT_ITS_OWN });
  },
  LIST_FILES: async ({ list_files }, context, permits) => {
    const listed = await listFiles({ ...context, permits }, list_files?.path ?? '');
    return listed.ok ? response({ list_files: listed.value }) : refused(listed.refusal);
  },
  READ_FILE: async ({ read_file }, context, permits) => {
    const read = await readFilePart({ ...context, permits }, read_file ?? { path: '', offset: 0 });
    return read.ok ? response({ read_file: read.value }) : refused(read.refusal);
  },
  GET_STATE: (_, { views }, permits) => response({ get_state: views.stateDocument(sightOf(permits)) }),
  GET_CONTAINERS: async ({ get_containers }, { containers, apiContainers, users }, permits) => {
    const { show_nested: showsNested = false, show_standalone: showsStandalone = false } = get_containers ?? {};
    const shown = [
      ...(await containers.documents({ showsNested })),
      ...(await apiContainers.documents({ showsNested, showsStandalone })),
    ];
    const seen = shown.filter(({ container_id, container_status }) =>
      containerIsSeen(permits, users.of(container_status?.container_id ?? container_id)),
    );
    return response({ get_containers: { containers: seen } });
  },
  GET_FRAMEWORKS: (_, { views }, permits) => response({ get_frameworks: views.frameworksDocument(sightOf(permits)) }),
  GET_EXECUTORS: (_, { views }, permits) => response({ get_executors: views.executorsDocument(sightOf(permits)) }),
  GET_OPERATIONS: (_, { views }, permits) =>
    response({ get_operations: { operations: views.operations(sightOf(permits)) } }),
  GET_TASKS: (_, { views }, permits) => response({ get_tasks: views.tasksDocument(sightOf(permits)) }),
  GET_AGENT: (_, { views }, permits) => {
    const { info, drain } = views.agent(sightOf(permits));
    if (drain === undefined) return response({ get_agent: { agent_info: info } });
    const { maxGraceMs, markGone, startedAtMs } = drain;
    const grace = maxGraceMs === undefined ? {} : { max_grace_period: fromMs(maxGraceMs) };
    return response({
      get_agent: {
        agent_info: info,
        drain_config: { ...grace, mark_gone: markGone },
        estimated_drain_start_time: fromMs(startedAtMs),
      },
    });
  },
  GET_RESOURCE_PROVIDERS: () => response({ get_resource_providers: {} }),
  LAUNCH_CONTAINER: (call, context) => launchContainer('launch_container', call, context),
  LAUNCH_NESTED_CONTAINER: (call, context) => launchContainer('launch_nested_container', call, context),
  PRUNE_IMAGES: async ({ prune_images }, { images }) => {
    const excluded = (prune_images?.excluded_images ?? []).flatMap(({ docker }) => docker?.name ?? []);
    const fault = await images.prune({ unused: true, excluded }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (fault === undefined) return { kind: 'done' };
    if (fault instanceof ImageError) return refused({ kind: 'bad-request', message: fault.message });
    throw fault;
  },
  WAIT_CONTAINER: ({ wait_container }, context) =>
    wait(wait_container, context, (ended) => ({ wait_container: ended })),
  WAIT_NESTED_CONTAINER: ({ wait_nested_container }, context) =>
    wait(wait_nested_container, context, (ended) => ({ wait_nested_container: ended })),
  KILL_CONTAINER: ({ kill_container }, context) => kill(kill_container, context),
  KILL_NESTED_CONTAINER: ({ kill_nested_container }, context) => kill(kill_nested_container, context),
  REMOVE_CONTAINER: ({ remove_container }, context) => remove(remove_container, context),
  REMOVE_NESTED_CONTAINER: ({ remove_nested_container }, context) => remove(remove_nested_container, context),
};

interface OfContainer {
  readonly container_id: ContainerID;
}

async function wait(
  member: OfContainer | undefined,
  context: AgentCallContext,
  membersOf: (ended: AgentResponseWaitContainer) => Members,
): Promise<AgentAnswer> {
  if (member === undefined) return { kind: 'done' };
  const ended = await waitFor(member.container_id, context);
  if (ended !== undefined) return response(membersOf(ended));
  return refused({ kind: 'not-found', message: `Container ${containerName(member.container_id)} cannot be found` });
}

async function kill(
  member: (OfContainer & { readonly signal?: number }) | undefined,
  context: AgentCallContext,
): Promise<AgentAnswer> {
  if (member === undefined) return { kind: 'done' };
  const refusal = await signalContainer(member.container_id, member.signal, context);
  return refusal === undefined ? { kind: 'done' } : refused(refusal);
}

async function remove(member: OfContainer | undefined, context: AgentCallContext): Promise<AgentAnswer> {
  const refusal = member === undefined ? undefined : await removeContainer(member.container_id, context);
  return refusal === undefined ? { kind: 'done' } : refused(refusal);
}

/** Carries out a call that is valid, if its sender may do that. */
export async function answerAgentCall(
  call: AgentCall & { readonly type: AgentCallType },
  context: AgentCallContext,
  permits: Permits,
): Promise<AgentAnswer> {
  if (!mayDo(permits, ...askedByAgentCall(call, context))) return refused({ kind: 'forbidden' });
  const answer = ANSWERS[call.type];
  if (answer !== undefined) return answer(call, context, permits);
  return refused({ kind: 'not-implemented', ...(call.type === 'UNKNOWN' ? {} : { call: call.type }) });
}
