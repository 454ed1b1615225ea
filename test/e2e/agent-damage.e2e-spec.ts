import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KillStage } from '../faults/agent-kill/kill-stage.js';
import { howMany, shareOf } from '../faults/agent-kill/share.js';

/** Where the files of a dead agent are. */
interface Remains {
  readonly work: string;
  readonly run: string;
  readonly containerId: string;
  /** A task that had ended before. */
  readonly earlierId: string;
}

interface Row {
  /** As `paths.ts` and `container-home.ts` draw them. */
  readonly file: string;
  readonly damage: string;
  readonly inflict: (remains: Remains) => void;
  /** What becomes of the task that runs meanwhile. */
  readonly ends: RegExp;
  /** Whether it ends while the agent is away, instead of afterwards. */
  readonly endsMeanwhile?: true;
  /** What the agent's log says; absent where nothing is lost. */
  readonly told?: RegExp;
  /** Where the damaged file is kept, below the work directory. */
  readonly keptAs?: string;
}

const EXIT_7 = /^TASK_FAILED: Command exited with status 7$/;
/** The agent knows nothing of it any more, what ran was ended, and the registry answers for it. */
const FORGOTTEN = /^TASK_LOST: (Agent .* registered at its address|Reconciliation: Task is unknown to the agent)/;
const NO_STATUS = /^TASK_FAILED: Container ended without an exit status$/;
const NO_TRACE = /^TASK_FAILED: Container ended while the agent was away and left no exit status$/;

const journalOf = ({ work }: Remains): string => join(work, 'meta/agent.journal');
/** Changes a byte in a record. @param isMeant asked from the last record to the first */
const flip = (path: string, isMeant: (record: string) => boolean): void => {
  const lines = readFileSync(path, 'utf8').split('\n');
  const at = lines.findLastIndex((line) => line.startsWith('{') && isMeant(line));
  const line = lines[at];
  if (line === undefined) throw new Error(`no such record in ${path}`);
  lines[at] = line.replace(/"/, 'X');
  writeFileSync(path, lines.join('\n'));
};
/** Of a task that was over before the one that runs was launched: none of that one's records are in the same batch. */
const flipInMiddle = (at: Remains): void =>
  flip(journalOf(at), (record) => record.includes('"acknowledged"') && record.includes(`"${at.earlierId}"`));
const folderInPlaceOf = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(join(path, 'inside'), { recursive: true });
};
const fileInPlaceOf = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, 'something else');
};

const ROWS: readonly Row[] = [
  {
    file: 'meta/agent.journal',
    damage: 'torn at its end',
    ends: EXIT_7,
    inflict: (at) => truncateSync(journalOf(at), readFileSync(journalOf(at)).length - 5),
  },
  {
    file: 'meta/agent.journal',
    damage: 'a changed byte in its last line, as a crash leaves it',
    ends: EXIT_7,
    inflict: (at) => flip(journalOf(at), () => true),
  },
  {
    file: 'meta/agent.journal',
    damage: 'a changed byte in its middle',
    ends: EXIT_7,
    told: /journal is damaged/,
    keptAs: 'meta/quarantine',
    inflict: flipInMiddle,
  },
  {
    file: 'meta/agent.journal',
    damage: 'nothing but zeros',
    ends: FORGOTTEN,
    told: /journal is damaged/,
    keptAs: 'meta/quarantine',
    inflict: (at) => writeFileSync(journalOf(at), Buffer.alloc(4096)),
  },
  {
    file: 'meta/agent.journal',
    damage: 'empty',
    ends: FORGOTTEN,
    told: /journal is damaged/,
    keptAs: 'meta/quarantine',
    inflict: (at) => truncateSync(journalOf(at)),
  },
  {
    file: 'meta/agent.journal',
    damage: 'a folder',
    ends: FORGOTTEN,
    told: /agent.journal is a folder: kept as/,
    keptAs: 'meta/quarantine',
    inflict: (at) => folderInPlaceOf(journalOf(at)),
  },
  {
    file: 'meta/agent.journal.new',
    damage: 'a folder',
    ends: EXIT_7,
    told: /agent.journal.new is a folder: kept as/,
    keptAs: 'meta/quarantine',
    inflict: (at) => folderInPlaceOf(`${journalOf(at)}.new`),
  },
  {
    file: 'meta/agent.journal.new',
    damage: 'half a journal',
    ends: EXIT_7,
    inflict: (at) => writeFileSync(`${journalOf(at)}.new`, '{"jour'),
  },
  {
    file: 'meta/agent.journal.reserve',
    damage: 'a folder',
    ends: EXIT_7,
    told: /agent.journal.reserve is a folder: kept as/,
    keptAs: 'meta/quarantine',
    inflict: (at) => folderInPlaceOf(`${journalOf(at)}.reserve`),
  },
  {
    file: 'meta/agent.lock',
    damage: 'a folder',
    ends: EXIT_7,
    told: /agent.lock is a folder: kept as/,
    keptAs: 'meta/quarantine',
    inflict: ({ work }) => folderInPlaceOf(join(work, 'meta/agent.lock')),
  },
  {
    file: 'meta/agent.lock',
    damage: 'no process',
    ends: EXIT_7,
    inflict: ({ work }) => fileInPlaceOf(join(work, 'meta/agent.lock')),
  },
  {
    file: 'meta/quarantine',
    damage: 'a file, and the journal is damaged',
    ends: EXIT_7,
    told: /quarantine is no folder: kept as[\s\S]*journal is damaged/,
    keptAs: 'meta/quarantine',
    inflict: (at) => {
      fileInPlaceOf(join(at.work, 'meta/quarantine'));
      flipInMiddle(at);
    },
  },
  {
    file: 'volumes',
    damage: 'a file',
    ends: EXIT_7,
    told: /volumes is no folder: kept as/,
    keptAs: 'set-aside',
    inflict: ({ work }) => fileInPlaceOf(join(work, 'volumes')),
  },
  {
    file: 'fetch',
    damage: 'a file',
    ends: EXIT_7,
    told: /fetch is no folder: kept as/,
    keptAs: 'set-aside',
    inflict: ({ work }) => fileInPlaceOf(join(work, 'fetch')),
  },
  {
    file: 'slaves',
    damage: 'a file beside the sandboxes',
    ends: EXIT_7,
    inflict: ({ work }) => writeFileSync(join(work, 'slaves/stray'), ''),
  },
  {
    file: 'slaves',
    damage: 'gone',
    ends: EXIT_7,
    inflict: ({ work }) => rmSync(join(work, 'slaves'), { recursive: true }),
  },
  {
    file: 'containers/ID/limits.json',
    damage: 'half a document',
    ends: EXIT_7,
    told: /limits\.json: .*files of a container are damaged/,
    inflict: ({ run, containerId }) => writeFileSync(join(run, 'containers', containerId, 'limits.json'), '{"cpus'),
  },
  {
    file: 'containers/ID/config.json',
    damage: 'half a document',
    ends: EXIT_7,
    inflict: ({ run, containerId }) => writeFileSync(join(run, 'containers', containerId, 'config.json'), '{"cpus'),
  },
  {
    file: 'containers/ID',
    damage: 'gone',
    ends: NO_TRACE,
    inflict: ({ run, containerId }) => rmSync(join(run, 'containers', containerId), { recursive: true }),
  },
  {
    file: 'state/ID',
    damage: 'gone',
    ends: EXIT_7,
    inflict: ({ run, containerId }) => rmSync(join(run, 'state', containerId), { recursive: true }),
  },
  {
    file: 'exits/ID',
    damage: 'no number',
    ends: NO_STATUS,
    endsMeanwhile: true,
    told: /exit file holds no exit code/,
    inflict: ({ run, containerId }) => writeFileSync(join(run, 'exits', containerId), 'seven'),
  },
  {
    file: 'exits/ID',
    damage: 'empty',
    ends: NO_STATUS,
    endsMeanwhile: true,
    inflict: ({ run, containerId }) => truncateSync(join(run, 'exits', containerId)),
  },
  {
    file: 'exits/ID',
    damage: 'a folder',
    ends: NO_STATUS,
    endsMeanwhile: true,
    inflict: ({ run, containerId }) => folderInPlaceOf(join(run, 'exits', containerId)),
  },
  {
    file: 'launcher.sh',
    damage: 'not writable',
    ends: EXIT_7,
    inflict: ({ run }) => chmodSync(join(run, 'launcher.sh'), 0),
  },
];

const TIMEOUT_MS = 120_000;
const tried = shareOf(ROWS, 6, 1);

describe.skipIf(brokerMissing())(`an agent that finds ${howMany(tried.length, ROWS.length, 'kinds of damage')}`, () => {
  let stage: KillStage;
  beforeAll(async () => {
    stage = await KillStage.start();
  });
  afterAll(() => stage?.stop());

  const launch = async (id: string, command: string): Promise<void> => {
    stage.launched.push(id);
    await stage.tasks.launch(id, command);
  };

  it.each(tried)(
    'to $file: $damage',
    { timeout: TIMEOUT_MS },
    async ({ inflict, ends, endsMeanwhile, told, keptAs }) => {
      const gate = stage.runs(stage.id('gate'));
      const [earlierId, id, next] = [stage.id('earlier'), stage.id('before'), stage.id('after')];
      stage.agent.forgetSteps();
      await launch(earlierId, 'exit 3');
      await stage.agent.took('after checkpoint of the acknowledgement of TASK_FAILED');
      stage.agent.forgetSteps();
      await launch(id, `while [ ! -e ${gate} ]; do sleep 0.02; done; exit 7`);
      await stage.agent.took('after checkpoint of the acknowledgement of TASK_RUNNING');
      const { container_status: container } = await stage.tasks.reached(id, 'TASK_RUNNING');
      const containerId = container?.container_id?.value ?? '';
      const remains = { work: stage.workDir, run: join(stage.folder, 'run'), containerId, earlierId };
      await stage.agent.kill();
      if (endsMeanwhile === true) {
        mkdirSync(gate);
        await expect.poll(() => readdirSync(join(remains.run, 'exits'))).toContain(containerId);
      }
      const kept = (): number => (keptAs === undefined ? 0 : countIn(join(remains.work, keptAs)));
      inflict(remains);
      const [keptBefore, logBefore] = [kept(), stage.agent.log.length];
      await stage.agent.start();
      if (endsMeanwhile !== true) mkdirSync(gate);
      const { state, message } = await stage.tasks.ended(id);
      expect(`${state}: ${message}`).toMatch(ends);
      if (told !== undefined) expect(stage.agent.log.slice(logBefore)).toMatch(told);
      if (keptAs !== undefined) expect(kept()).toBeGreaterThan(keptBefore);
      await launch(next, 'exit 5');
      expect((await stage.tasks.ended(next)).message).toBe('Command exited with status 5');
    },
  );

  it('tells one end of every task', () => {
    expect(stage.withoutOneEnd()).toEqual([]);
  });
});

function countIn(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}
