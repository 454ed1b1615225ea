import type { Command } from 'commander';
import type { Cli, Register } from './command-action.js';

/** A first word of the command line, and how to get what is behind it. */
export interface CommandEntry {
  word: string;
  /** Imports the command's files and adds them to the program. */
  register(program: Command, cli: Cli): Promise<void>;
}

/** Every command. A new one is its file and a line here; `docs/cli.md` describes each, and a test holds it to that. */
export const COMMANDS: readonly CommandEntry[] = [
  command('run', async () => (await import('./commands/run/run.js')).registerRun),
  command('ps', async () => (await import('./commands/ps.js')).registerPs),
  command('logs', async () => (await import('./commands/logs.js')).registerLogs),
  command('exec', async () => (await import('./commands/exec.js')).registerExec),
  command('attach', async () => (await import('./commands/attach.js')).registerAttach),
  command('cp', async () => (await import('./commands/cp/cp.js')).registerCp),
  command('kill', async () => (await import('./commands/kill.js')).registerKill),
  command('wait', async () => (await import('./commands/wait.js')).registerWait),
  command('status', async () => (await import('./commands/status.js')).registerStatus),
  command('explain', async () => (await import('./commands/explain/explain.js')).registerExplain),
  command('top', async () => (await import('./commands/top/top.js')).registerTop),
  command('events', async () => (await import('./commands/events/events.js')).registerEvents),
  command('trace', async () => (await import('./commands/trace/trace.js')).registerTrace),
  noun('task', 'the tasks of the cluster', async () => [
    (await import('./commands/ps.js')).registerTaskLs,
    (await import('./commands/task/describe.js')).registerTaskDescribe,
    (await import('./commands/task/history.js')).registerTaskHistory,
  ]),
  noun('agent', 'the machines of the cluster', async () => [
    (await import('./commands/agent/ls.js')).registerAgentLs,
    (await import('./commands/agent/describe.js')).registerAgentDescribe,
    (await import('./commands/agent/drain.js')).registerAgentDrain,
    (await import('./commands/agent/activate.js')).registerAgentActivate,
    (await import('./commands/agent/deactivate.js')).registerAgentDeactivate,
    (await import('./commands/agent/gone.js')).registerAgentGone,
    (await import('./commands/agent/map.js')).registerAgentMap,
    (await import('./commands/agent/logs.js')).registerAgentLogs,
  ]),
  noun('framework', 'the frameworks that use the cluster', async () => [
    (await import('./commands/framework/ls.js')).registerFrameworkLs,
    (await import('./commands/framework/describe.js')).registerFrameworkDescribe,
    (await import('./commands/framework/revive.js')).registerFrameworkRevive,
    (await import('./commands/framework/teardown.js')).registerFrameworkTeardown,
  ]),
  noun('offer', 'resources that frameworks are thinking about', async () => [
    (await import('./commands/offer/ls.js')).registerOfferLs,
    (await import('./commands/offer/describe.js')).registerOfferDescribe,
    (await import('./commands/offer/rescind.js')).registerOfferRescind,
  ]),
  noun('role', 'whom the cluster is divided among', async () => [
    (await import('./commands/role/ls.js')).registerRoleLs,
    (await import('./commands/role/tree.js')).registerRoleTree,
    (await import('./commands/role/describe.js')).registerRoleDescribe,
  ]),
  noun('quota', 'what roles are guaranteed and may not exceed', async () => [
    (await import('./commands/quota/ls.js')).registerQuotaLs,
    (await import('./commands/quota/show.js')).registerQuotaShow,
    (await import('./commands/quota/set.js')).registerQuotaSet,
    (await import('./commands/quota/rm.js')).registerQuotaRm,
  ]),
  noun('weight', 'how roles share what is left to divide', async () => [
    (await import('./commands/weight/ls.js')).registerWeightLs,
    (await import('./commands/weight/set.js')).registerWeightSet,
  ]),
  noun('reservation', 'what of agents is kept for whom', async () => [
    (await import('./commands/reservation/ls.js')).registerReservationLs,
    (await import('./commands/reservation/add.js')).registerReservationAdd,
    (await import('./commands/reservation/rm.js')).registerReservationRm,
  ]),
  noun('volume', 'persistent volumes', async () => [
    (await import('./commands/volume/ls.js')).registerVolumeLs,
    (await import('./commands/volume/create.js')).registerVolumeCreate,
    (await import('./commands/volume/resize.js')).registerVolumeGrow,
    (await import('./commands/volume/resize.js')).registerVolumeShrink,
    (await import('./commands/volume/rm.js')).registerVolumeRm,
  ]),
  noun('image', 'images that containers are made from', async () => [
    (await import('./commands/image/ls.js')).registerImageLs,
    (await import('./commands/image/prune.js')).registerImagePrune,
  ]),
  noun('maintenance', 'which machines go down when', async () => [
    (await import('./commands/maintenance/ls.js')).registerMaintenanceLs,
    (await import('./commands/maintenance/schedule.js')).registerMaintenanceSchedule,
    (await import('./commands/maintenance/start-stop.js')).registerMaintenanceStart,
    (await import('./commands/maintenance/start-stop.js')).registerMaintenanceStop,
    (await import('./commands/maintenance/cancel.js')).registerMaintenanceCancel,
  ]),
  noun('fs', "the files of a task's sandbox", async () => [
    (await import('./commands/fs/ls.js')).registerFsLs,
    (await import('./commands/fs/cat.js')).registerFsCat,
    (await import('./commands/fs/tail.js')).registerFsTail,
    (await import('./commands/fs/get.js')).registerFsGet,
  ]),
  command('local', async () => (await import('./commands/local.js')).registerLocal),
  command('doctor', async () => (await import('./commands/doctor/doctor.js')).registerDoctor),
  noun('debug', 'what is needed to find out what is wrong', async () => [
    (await import('./commands/debug/bundle.js')).registerDebugBundle,
  ]),
  command('api', async () => (await import('./commands/api.js')).registerApi),
  noun('config', 'clusters that this program knows', async () => [
    (await import('./commands/config/get.js')).registerConfigGet,
    (await import('./commands/config/set.js')).registerConfigSet,
    (await import('./commands/config/contexts.js')).registerConfigContexts,
    (await import('./commands/config/use.js')).registerConfigUse,
    (await import('./commands/config/whoami.js')).registerConfigWhoami,
  ]),
  command('resources', async () => {
    const { registerResourcesEval } = await import('./commands/resources/eval.js');
    return (program) => registerResourcesEval(program);
  }),
  command('simulate', async () => (await import('./commands/simulate/simulate.js')).registerSimulate),
  command('completion', async () => (await import('./commands/completion/completion.js')).registerCompletion),
  command('version', async () => (await import('./commands/version.js')).registerVersion),
];

/** A command of one word. */
function command(word: string, load: () => Promise<Register>): CommandEntry {
  return { word, register: async (program, cli) => (await load())(program, cli) };
}

/** A noun with its verbs. */
function noun(word: string, description: string, load: () => Promise<Register[]>): CommandEntry {
  return {
    word,
    async register(program, cli) {
      const parent = program.command(word).description(description);
      for (const register of await load()) register(parent, cli);
    },
  };
}
