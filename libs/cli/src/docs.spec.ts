import { readFileSync } from 'node:fs';
import * as sdk from '@tranche/scheduler';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { fakeWorld } from './cli.fakes.js';
import { COMMANDS } from './command-table.js';
import { EXIT_CODES } from './exit-code.js';

const read = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const text = read('cli.md');

/** `agent ls`, with its flags; groups are left out. */
async function allCommands(): Promise<{ path: string; flags: string[] }[]> {
  const program = new Command('tranche');
  const cli = { io: fakeWorld().io, args: [], exitCode: 0, fullProgram: async () => program };
  for (const entry of COMMANDS) await entry.register(program, cli);
  const walk = (command: Command, path: string[]): { path: string; flags: string[] }[] =>
    command.commands.length > 0
      ? command.commands.flatMap((child) => walk(child, [...path, child.name()]))
      : [{ path: path.join(' '), flags: command.options.flatMap(({ long }) => (long ? [long] : [])) }];
  return walk(program, []);
}

/** The text under the heading of a command; verbs of one noun may share one. */
function sectionOf(path: string): string | undefined {
  const [noun, verb] = path.split(' ');
  const sections = text.split(/^## /m).slice(1);
  return sections.find((section) => {
    const heading = section.split('\n')[0] ?? '';
    return (
      heading === `tranche ${path}` ||
      (heading.startsWith(`tranche ${noun} `) && heading.split(/[ ,]+/).includes(verb ?? ''))
    );
  });
}

describe('docs/cli.md', () => {
  it('describes every command and each of its flags', async () => {
    const missing = (await allCommands()).flatMap(({ path, flags }) => {
      const section = sectionOf(path);
      if (section === undefined) return [`tranche ${path}`];
      return flags
        .filter((flag) => !['--candidates', '--json'].includes(flag) && !section.includes(flag))
        .map((flag) => `${path} ${flag}`);
    });
    expect(missing).toEqual([]);
  });

  it('describes no command that is not there', async () => {
    const known = new Set((await allCommands()).flatMap(({ path }) => [path, path.split(' ')[0]]));
    const headings = [...text.matchAll(/^## tranche ([a-z ]+)/gm)].map((match) => match[1]?.trim() ?? '');
    expect(headings.filter((path) => !known.has(path) && !known.has(path.split(' ')[0] ?? ''))).toEqual([]);
  });

  it('explains every exit code', () => {
    for (const code of Object.values(EXIT_CODES))
      expect(text).toMatch(new RegExp(`(^\\| ${code} \\|)|(are ${code}\\b)`, 'm'));
  });
});

describe('docs/scheduler-sdk.md', () => {
  it('names everything that the SDK offers', () => {
    const internal = ['systemClock', 'sleep', 'DISCONNECT_REASONS', 'SUBSCRIPTION_END_CODES'];
    const page = read('scheduler-sdk.md');
    const names = Object.keys(sdk).filter((name) => !internal.includes(name));
    const methods = Object.getOwnPropertyNames(sdk.Scheduler.prototype).filter((name) => name !== 'constructor');
    expect([...names, ...methods].filter((name) => !page.includes(name))).toEqual([]);
  });
});
