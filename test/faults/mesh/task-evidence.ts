import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskEvidence } from './history.js';

/** In a task's sandbox. */
const HISTORY_FILE = 'history.txt';

/**
 * The command of a task that writes down its begin and its end: into its sandbox, and beside it into a folder of ours, where neither a
 * full disk nor the collection of sandboxes takes the evidence away.
 */
export function taskCommand(task: {
  readonly taskId: string;
  readonly seconds: number;
  readonly exitCode: number;
  readonly evidenceFolder: string;
}): string {
  const file = join(task.evidenceFolder, task.taskId);
  return [
    `note() { echo "$1 ${task.taskId} $(date +%s%3N) $PWD" | tee -a ${HISTORY_FILE} >> ${file}; }`,
    'note start',
    `trap 'note term; exit 143' TERM`,
    `sleep ${task.seconds.toFixed(2)} & wait $!`,
    'trap "" TERM',
    'note end',
    `exit ${task.exitCode}`,
  ].join('\n');
}

/** What tasks have written; a line that was cut off by their end is left out. */
export function parseEvidence(text: string): Map<string, TaskEvidence> {
  const found = new Map<
    string,
    { starts: { atMs: number; sandbox: string }[]; ends: { atMs: number; how: 'end' | 'term' }[] }
  >();
  // A sandbox may be found by more than one path: the same line is the same event.
  for (const line of new Set(text.split('\n'))) {
    const [, what, taskId, time, sandbox = ''] = /^(start|end|term) (\S+) (\d+) (.*)$/.exec(line) ?? [];
    if (taskId === undefined) continue;
    const own = found.get(taskId) ?? { starts: [], ends: [] };
    found.set(taskId, own);
    const atMs = Number(time);
    if (what === 'start') own.starts.push({ atMs, sandbox });
    else own.ends.push({ atMs, how: what === 'end' ? 'end' : 'term' });
  }
  return new Map([...found].map(([taskId, own]) => [taskId, { taskId, ...own }]));
}

/** The evidence of all tasks whose ids begin with a name. A second sandbox of a task counts as a second start, whoever wrote it. */
export function readEvidence(folder: string, workDirs: readonly string[], name: string): Map<string, TaskEvidence> {
  const own = readdirSync(folder).filter((file) => file.startsWith(`${name}-`));
  const evidence = parseEvidence(own.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'));
  const sandboxes = parseEvidence(workDirs.flatMap((workDir) => historiesIn(workDir)).join('\n'));
  for (const [taskId, there] of sandboxes) {
    const here = evidence.get(taskId);
    if (taskId.startsWith(`${name}-`) && there.starts.length > (here?.starts.length ?? 0)) evidence.set(taskId, there);
  }
  return evidence;
}

function historiesIn(workDir: string): string[] {
  const entries = readdirSync(workDir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name === HISTORY_FILE)
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
