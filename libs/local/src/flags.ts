import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** Where the CLI looks for a cluster when it is told nothing. */
export const DEFAULT_PORT = 5050;

/** What `npm start -- …` was asked for. */
export interface LocalFlags {
  /** How many agents share this machine. */
  readonly agents: number;
  /** Resources of each agent in Mesos' text form; what it leaves out is the machine's, divided. */
  readonly resources: string | undefined;
  /** Public port; the agents' follow it. */
  readonly port: number;
  /** Folder that holds all state. */
  readonly data: string;
  /** Forget all state first. */
  readonly reset: boolean;
  /** `inproc:` for one process; `amqp://…` for separate ones. */
  readonly broker: string;
  /** Each service and agent in a process of its own, behind a proxy. */
  readonly processes: boolean;
  /** Processes of each service. */
  readonly replicas: number;
  /** Undefined: the SQLite file in the data folder. */
  readonly database: string | undefined;
  /** JSON file of who may ask. Undefined: everybody. */
  readonly credentials: string | undefined;
  readonly acls: string | undefined;
  readonly quiet: boolean;
  readonly containers: 'auto' | 'oci' | 'bare' | 'process';
}

/** Either flags, or a text to print and an exit code: help asked for (0), or wrong usage (2). */
export type ParsedFlags =
  | { readonly ok: true; readonly flags: LocalFlags }
  | { readonly ok: false; readonly text: string; readonly exitCode: 0 | 2 };

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${text} is no whole number from ${min} to ${max}`);
  };
}

function broker(text: string): string {
  if (text === 'inproc:' || /^amqps?:\/\//.test(text)) return text;
  throw new InvalidArgumentError(`${text} is neither inproc: nor amqp://user:password@host:port/vhost`);
}

function database(text: string): string {
  if (/^(sqlite:|mysql:\/\/|mariadb:\/\/)/.test(text)) return text;
  throw new InvalidArgumentError(`${text} is neither sqlite:PATH nor mysql://user:password@host:port/schema`);
}

/** Reads the arguments after `npm start --`. Never throws for what a person may type. */
export function parseFlags(args: readonly string[], version: string): ParsedFlags {
  let printed = '';
  const command = new Command('npm start --')
    .description(`Tranche ${version}: all five services and some agents on this machine`)
    .addOption(new Option('--agents <n>', 'agents that share this machine').default(3).argParser(integer(1, 100)))
    .option('--resources <text>', "resources of each agent, 'cpus:4;mem:8192' (default: the machine's, divided)")
    .addOption(
      new Option('--port <port>', 'public port; agents follow it').default(DEFAULT_PORT).argParser(integer(1, 65_000)),
    )
    .option('--data <dir>', 'folder for all state', '.tranche')
    .option('--reset', 'stop what still runs, forget all state, begin afresh', false)
    .addOption(
      new Option('--broker <url>', 'message broker; amqp://… implies --processes').default('inproc:').argParser(broker),
    )
    .option('--processes', 'each service and agent in a process of its own; needs a broker', false)
    .addOption(
      new Option('--replicas <n>', 'processes of each service; more than one need a broker and a MySQL database')
        .default(1)
        .argParser(integer(1, 5)),
    )
    .addOption(new Option('--database <url>', 'database (default: SQLite in the data folder)').argParser(database))
    .addOption(
      new Option('--containers <kind>', 'how tasks run').default('auto').choices(['auto', 'oci', 'bare', 'process']),
    )
    .option('--credentials <file>', 'JSON file of who may ask, as Mesos has it (default: everybody may)')
    .option('--acls <file>', 'JSON file of who may do what, as Mesos has it (default: everybody everything)')
    .option('--quiet', 'print nothing but errors', false)
    .helpOption('-h, --help', 'show this text')
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: (text) => (printed += text) });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { ok: false, text: printed.trimEnd(), exitCode: 0 };
    return { ok: false, text: `${printed.trimEnd()}\n  all flags: npm start -- --help`, exitCode: 2 };
  }
  const flags = command.opts<LocalFlags>();
  const text = contradictionIn(flags);
  if (text !== undefined) return { ok: false, text: `error: ${text}`, exitCode: 2 };
  return {
    ok: true,
    flags: {
      ...flags,
      processes: flags.broker !== 'inproc:',
      resources: flags.resources,
      database: flags.database,
      credentials: flags.credentials,
      acls: flags.acls,
    },
  };
}

/** What cannot be had together. */
function contradictionIn({ processes, broker: url, database: store, replicas }: LocalFlags): string | undefined {
  if (url === 'inproc:' && (processes || replicas > 1)) {
    const wish = replicas > 1 ? `--replicas ${replicas}` : '--processes';
    return `separate processes need a broker that all of them reach: ${wish} --broker amqp://user:password@host:port/vhost`;
  }
  if (replicas > 1 && (store === undefined || store.startsWith('sqlite:')))
    return `replicas share a database server, SQLite has one writer: --replicas ${replicas} --database mysql://user:password@host:port/schema`;
  return undefined;
}
