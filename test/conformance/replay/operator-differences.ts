/** A way in which operators are answered otherwise than by the recorded Mesos, and why; as `docs/conformance.md` has it. */
export interface OperatorDifference {
  readonly what: string;
  readonly why: string;
  /** Of `RECORDING TITLE: DIFFERENCE`. */
  readonly matches: RegExp;
  /** Why it is seen in some runs only; without this it must be seen in each. */
  readonly sometimes?: string;
}

export const OPERATOR_DIFFERENCES: readonly OperatorDifference[] = [
  {
    what: '`git_sha` is missing',
    why: 'It is optional, and told by builds that know it.',
    matches: /\.git_sha is missing$/,
  },
  {
    what: '`log_dir` is missing',
    why: 'Services write to their output; `external_log_file` is told where that goes to a known file (ADR 251).',
    matches: /\.log_dir is missing$/,
  },
  {
    what: '`cluster` is more',
    why: 'The local cluster has a name; the recorded one had none.',
    matches: /\.cluster is more$/,
  },
  {
    what: '`master_hostname` is missing in an agent’s `/state`',
    why: 'Agents know a broker, not where the control plane is.',
    matches: /\.master_hostname is missing$/,
  },
  {
    what: '`mem_…_bytes` are more in statistics',
    why: 'They are read from cgroups or `/proc`; the recorded agent had the posix isolators.',
    matches: /statistics\.mem_\w+_bytes is more$/,
  },
  {
    what: '`labels` and `command` of the executor of a command task are missing',
    why: 'There is no executor process for a command task: the agent plays it.',
    matches: /(executors\[\]\.labels|executor_info\.(command|labels)) is missing$/,
  },
  {
    what: 'metrics of the agent’s resource providers and of its provisioner are missing',
    why: 'The agent does not count these.',
    matches:
      /^20-\S+ GET \/metrics\/snapshot: \.(containerizer\/mesos\/provisioner|resource_provider_manager)\S* is missing$/,
  },
  {
    what: 'names in `/files/debug` are those of other sandboxes',
    why: 'Other tasks ran in the recorded cluster.',
    matches: /^20-\S+ GET \/files\/debug: \.\S+ is (missing|more)$/,
  },
  {
    what: '`/help`, `/__processes__`, `/registrar(1)/registry`, `/memory-profiler` and others of libprocess are not found',
    why: 'They show the inside of Mesos. What is served is documented at `/docs`.',
    matches: /(GET \/(help|__processes__|registrar|memory-profiler|allocator|profiler)\S*): (status|"")/,
  },
  {
    what: '`external_log_file` is more',
    why: 'Where it is known which file the output of the registry goes to, that is told (ADR 251).',
    matches: /\.external_log_file is more$/,
    sometimes: 'in one process all services share its output',
  },
  {
    what: '`offered_resources` of an agent are more after the teardown',
    why: 'What was given back is offered to the next framework at once; in the recorded cluster there was none.',
    matches: /^14-\S+ .*agents?\[\]\.offered_resources|^14-\S+ .*slaves\[\]\.offered_resources/,
    sometimes: 'whether it has been offered by then is a race',
  },
  {
    what: 'what is free is told in the order in which the agent was given it',
    why: 'Mesos’ agents put ports last, whatever they were given.',
    matches: /does not contain cpus:99999" instead of/,
  },
  {
    what: 'metrics of ends of tasks are those of what has happened, by source and reason',
    why: 'Other things happened in the recorded cluster.',
    matches: /\.master\/task_\w+\/source_\S+ is (missing|more)$/,
  },
  {
    what: '`allocated_resources` are more after the teardown',
    why: 'In the recorded cluster nothing ran any more.',
    matches: /allocated_resources is more$/,
  },
  {
    what: 'offers and what is offered are more (12 to 14)',
    why: 'Nothing was offered when it was recorded.',
    matches: /^1[2-4]\S* .*\.(offers|offered_resources\S*) is more$/,
    sometimes: 'what is offered comes and goes',
  },
];

/** Recorded exchanges that are not sent, and why. */
export const LEFT_OUT: readonly {
  readonly what: string;
  readonly why: string;
  readonly recording: string;
  readonly titles: RegExp;
}[] = [
  {
    what: 'files and containers of the recorded run (20, 21)',
    why: 'They are named by where they were there; the agent’s API has rows of its own above.',
    recording: '20-agent-v0-endpoints',
    titles: /SANDBOX|virtual path/,
  },
  {
    what: 'containers of the recorded run (21)',
    why: 'As above.',
    recording: '21-agent-v1',
    titles: /^(LAUNCH|REMOVE|WAIT|KILL|LIST_FILES|READ_FILE)/,
  },
];
