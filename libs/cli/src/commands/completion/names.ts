import type {
  AgentView,
  FrameworkView,
  MaintenanceView,
  OfferView,
  ReservationView,
  RoleView,
  VolumeView,
} from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { OUTPUT_FORMATS, readConfigFile } from '../../cli.config.js';
import { CliError } from '../../cli.errors.js';
import { liveTasks } from '../../names/find-tasks.js';
import { shortIds } from '../../names/short-ids.js';
import { LIVE_FRAMEWORKS } from '../../values/framework-words.js';

type Context = Pick<CliContext, 'api' | 'io'>;
type Names = (context: Context) => Promise<readonly string[]>;

/** Names of one kind, as the cluster or the configuration file has them now. */
const agents: Names = async ({ api }) =>
  (await api.list<AgentView>('/v1/agents')).items.map(({ hostname }) => hostname);
const frameworks: Names = async ({ api }) =>
  (await api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS })).items.map(({ name }) => name);
const roles: Names = async ({ api }) => (await api.list<RoleView>('/v1/roles')).items.map(({ name }) => name);
const tasks: Names = async ({ api }) => (await liveTasks(api)).map(({ name }) => name);
const offers: Names = async ({ api }) => [
  ...shortIds((await api.list<OfferView>('/v1/offers')).items.map(({ id }) => id)).values(),
];
const contexts: Names = async ({ io }) => Object.keys((await readConfigFile(io)).contexts);

/** By the name of an argument in a command's usage, or its beginning up to something that is no capital. */
const ARGUMENTS: Readonly<Record<string, Names>> = {
  TASK: tasks,
  FROM: async (context) => (await tasks(context)).map((name) => `${name}:`),
  TO: async (context) => (await tasks(context)).map((name) => `${name}:`),
  AGENT: agents,
  PLAN: agents,
  MACHINE: agents,
  FRAMEWORK: frameworks,
  ROLE: roles,
  OFFER: offers,
  VOLUME: async ({ api }) =>
    (await api.list<VolumeView>('/v1/volumes')).items.map(({ persistenceId }) => persistenceId),
  RESERVATION: async ({ api }) => (await api.list<ReservationView>('/v1/reservations')).items.map(({ id }) => id),
  WINDOW: async ({ api }) => (await api.list<MaintenanceView>('/v1/maintenance')).items.map(({ id }) => id),
  CONTEXT: contexts,
  KIND: async () => ['agents', 'tasks', 'frameworks'],
  WORDS: async () => ['bash', 'zsh', 'fish'],
};

/** By the long form of a flag that takes a value. */
const FLAGS: Readonly<Record<string, Names>> = {
  '--agent': agents,
  '--framework': frameworks,
  '--role': roles,
  '--task': tasks,
  '--context': contexts,
  '--output': async () => OUTPUT_FORMATS,
  '--state': async () => ['staging', 'running', 'finished', 'failed', 'killed', 'lost', 'unreachable'],
  '--for': async () => ['running', 'healthy', 'finished', 'gone'],
  '--restart': async () => ['never', 'on-failure', 'always'],
  '--service': async () => ['registry', 'offers', 'allocator', 'quota', 'agent'],
};

/** What an argument stands for. None when the cluster doesn't answer: completion is never an error. */
export const namesOfArgument = (context: Context, argument: string): Promise<readonly string[]> =>
  ask(context, ARGUMENTS[/^[A-Z]+/.exec(argument)?.[0] ?? '']);

/** What may be the value of a flag, likewise. */
export const namesOfFlag = (context: Context, flag: string): Promise<readonly string[]> => ask(context, FLAGS[flag]);

async function ask(context: Context, names: Names | undefined): Promise<readonly string[]> {
  try {
    return (await names?.(context)) ?? [];
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}
