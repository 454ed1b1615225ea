import {
  booleanOption,
  choiceOption,
  type ConfigOf,
  integerOption,
  listenOptions,
  optionalTextOption,
  processOptions,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';
import { fetcherOptions } from './fetcher/fetcher.config.js';
import { imageOptions } from './images/images.config.js';
import { sandboxOptions } from './sandbox/sandbox.config.js';

/** Every option of an agent. */
export const agentOptions = {
  ...processOptions,
  ...listenOptions(5051),
  hostname: optionalTextOption({
    name: 'AGENT_HOSTNAME',
    description: 'Name of the machine as frameworks see it; the system has one when absent',
  }),
  ip: optionalTextOption({
    name: 'AGENT_IP',
    description: 'Address that others reach the agent and its tasks at; HTTP_HOST when absent',
  }),
  logFile: optionalTextOption({
    name: 'AGENT_LOG_FILE',
    description: 'File that the output of the agent goes to: it is read under /slave/log',
  }),
  workDir: textOption({
    name: 'AGENT_WORK_DIR',
    description: 'Folder of the journal, the containers and the sandboxes; must outlive restarts',
    default: '/var/lib/tranche/agent',
  }),
  resources: textOption({
    name: 'AGENT_RESOURCES',
    description: 'What the agent offers, as cpus:4;mem:8192; what it does not name is detected',
    default: '',
  }),
  reserve: textOption({
    name: 'AGENT_RESERVE',
    description: 'What is kept back of what is detected, for the machine itself, as cpus:1;mem:2048;disk:10240',
    default: '',
  }),
  attributes: textOption({
    name: 'AGENT_ATTRIBUTES',
    description: 'Facts about the machine, as rack:r1;gen:2',
    default: '',
  }),
  domain: optionalTextOption({
    name: 'AGENT_DOMAIN',
    description: 'Region and zone, as a JSON document {"fault_domain":{"region":{"name":"…"},"zone":{"name":"…"}}}',
  }),
  share: textOption({
    name: 'AGENT_SHARE',
    description: 'Which part of the machine is detected: 2/3 is that of the second of three agents on it',
    default: '1/1',
  }),
  isolation: textOption({
    name: 'AGENT_ISOLATION',
    description: 'Isolators of the containers, separated by commas; empty takes what suits the machine',
    default: '',
  }),
  containerizer: choiceOption({
    name: 'AGENT_CONTAINERIZER',
    description: 'What runs containers; auto takes the best that the machine has',
    choices: ['auto', 'oci', 'bare', 'process'],
    default: 'auto',
  }),
  runtime: choiceOption({
    name: 'AGENT_OCI_RUNTIME',
    description: 'Which OCI runtime; auto prefers crun',
    choices: ['auto', 'crun', 'runc'],
    default: 'auto',
  }),
  runtimeDir: optionalTextOption({
    name: 'AGENT_RUNTIME_DIR',
    description:
      'Folder for what containers need while they live, the same at every start; when absent, as root a folder named after the work directory on /run or /dev/shm if that is a tmpfs, else one in the work directory',
  }),
  cgroupsRoot: textOption({
    name: 'AGENT_CGROUPS_ROOT',
    description: 'Path below every cgroup mount point; each agent has a folder in it, named after its work directory',
    default: 'tranche',
  }),
  switchUser: booleanOption({
    name: 'AGENT_SWITCH_USER',
    description: "Whether tasks run as their own user, which needs root, or as the agent's",
    default: true,
  }),
  enforceCpuRequest: booleanOption({
    name: 'AGENT_ENFORCE_CPU_REQUEST',
    description: 'Whether a task without a cpu limit is held to its request, or may use idle cpus',
    default: false,
  }),
  executorEnvironment: textOption({
    name: 'AGENT_EXECUTOR_ENVIRONMENT_VARIABLES',
    description: 'Variables that every task gets, as a JSON object of texts',
    default: '{}',
  }),
  executorRegistrationTimeoutMs: integerOption({
    name: 'AGENT_EXECUTOR_REGISTRATION_TIMEOUT_MS',
    description: 'How long an executor may take from the start of its container to its subscription',
    unit: 'ms',
    min: 1,
    default: 60_000,
  }),
  executorReregistrationTimeoutMs: integerOption({
    name: 'AGENT_EXECUTOR_REREGISTRATION_TIMEOUT_MS',
    description: 'How long an agent that was restarted waits for executors to subscribe again before it ends them',
    unit: 'ms',
    min: 1,
    max: 15_000,
    default: 2_000,
  }),
  executorShutdownGracePeriodMs: integerOption({
    name: 'AGENT_EXECUTOR_SHUTDOWN_GRACE_PERIOD_MS',
    description: 'How long an executor that is to shut down is given, if it does not say so itself',
    unit: 'ms',
    min: 0,
    default: 5_000,
  }),
  recoveryTimeoutMs: integerOption({
    name: 'AGENT_RECOVERY_TIMEOUT_MS',
    description: 'How long executors of frameworks that checkpoint wait for an agent that is away; they are told',
    unit: 'ms',
    min: 1,
    default: 900_000,
  }),
  recover: choiceOption({
    name: 'AGENT_RECOVER',
    description:
      'What a start does with the tasks of the agent before: reconnect finds them again; cleanup ends them, writes that down and stops, for machines that are taken out of use or change too much',
    choices: ['reconnect', 'cleanup'],
    default: 'reconnect',
  }),
  launchConcurrency: integerOption({
    name: 'AGENT_LAUNCH_CONCURRENCY',
    description: 'How many containers are brought up at a time, and removed at a time',
    min: 1,
    default: 8,
  }),
  ...fetcherOptions,
  ...imageOptions,
  ...sandboxOptions,
  registrationBackoffMs: integerOption({
    name: 'AGENT_REGISTRATION_BACKOFF_MS',
    description: 'First pause before the registry is asked again, a random part of twice this',
    unit: 'ms',
    min: 1,
    default: 1_000,
  }),
};

export type AgentConfig = ConfigOf<typeof agentOptions>;

/** What this process was started with. */
export const readAgentConfig = (): ServiceConfigResult<typeof agentOptions> =>
  readServiceConfig(agentOptions, { argv: process.argv.slice(2), env: process.env }, 'AGENT_');
