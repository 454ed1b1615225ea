import { describe, expect, it } from 'vitest';
import { task } from '../cli.fakes.js';
import { matchOneTask, matchTasks } from './match-tasks.js';
import { matchIds } from './match-things.js';
import { isShortOf, shortIds } from './short-ids.js';

const CLUSTER = '9ad6b50a-0c04-42eb-ba4b-eee5f23b0298';

describe('short ids', () => {
  it('are the ends of ids that begin with the id of the cluster', () => {
    const ids = [`${CLUSTER}-S0`, `${CLUSTER}-S1`, `${CLUSTER}-0003`];
    expect([...shortIds(ids).values()].toSorted()).toEqual(['0003', 'S0', 'S1']);
  });

  it('are whole where two clusters have the same end', () => {
    const other = `1ad6b50a${CLUSTER.slice(8)}-S0`;
    const short = shortIds([`${CLUSTER}-S0`, other]);
    expect(short.get(other)).toBe('1ad6b50a');
  });

  it('are the beginnings of others, at least eight characters, more where needed', () => {
    const short = shortIds(['7f3a19c2-web.0', '7f3a19c2-web.1', 'aa11bb22-web.2']);
    expect(short.get('7f3a19c2-web.0')).toBe('7f3a19c2-web.0');
    expect(short.get('aa11bb22-web.2')).toBe('aa11bb22');
  });

  it('can be typed back', () => {
    expect(isShortOf('S0', `${CLUSTER}-S0`)).toBe(true);
    expect(isShortOf('9ad6b50a', `${CLUSTER}-S0`)).toBe(true);
    expect(isShortOf('S', `${CLUSTER}-S0`)).toBe(false);
    expect(isShortOf('', 'x')).toBe(false);
  });
});

describe('matchTasks', () => {
  const ended = { state: 'TASK_FINISHED' };
  const tasks = [
    task({ id: 'aaaa0001-web.0', name: 'web.0' }),
    task({ id: 'aaaa0002-web.1', name: 'web.1' }),
    task({ id: 'bbbb0001-db', name: 'db', frameworkName: 'store', frameworkId: 'f2' }),
    task({ id: 'cccc0001-old', name: 'old', ...ended, launchedAt: '2026-11-20T00:00:00Z' }),
    task({ id: 'cccc0002-old', name: 'old', ...ended, launchedAt: '2026-11-21T00:00:00Z' }),
  ];
  const ids = (text: string): string[] => matchTasks(tasks, text).map(({ id }) => id);

  it('finds by id, by name, by all instances of a name, by the beginning of an id', () => {
    expect(ids('bbbb0001-db')).toEqual(['bbbb0001-db']);
    expect(ids('web.1')).toEqual(['aaaa0002-web.1']);
    expect(ids('web')).toEqual(['aaaa0001-web.0', 'aaaa0002-web.1']);
    expect(ids('aaaa')).toEqual(['aaaa0001-web.0', 'aaaa0002-web.1']);
  });

  it('finds within a framework', () => {
    expect(ids('store/db')).toEqual(['bbbb0001-db']);
    expect(() => ids('web/db')).toThrow('no task matches "web/db"');
  });

  it('gives the last run of a name when none lives', () => {
    expect(ids('old')).toEqual(['cccc0002-old']);
  });

  it('names the instances that there are when one is missing', () => {
    expect(() => ids('web.7')).toThrow(
      expect.objectContaining({ details: ['tasks named web: web.0 web.1', 'try: tranche ps --all web'] }),
    );
  });

  it('refuses several matches where one is needed, and names them', () => {
    expect(() => matchOneTask(tasks, 'web')).toThrow(
      expect.objectContaining({
        code: 'cli/not-found',
        message: '"web" matches 2 tasks',
        details: ['web.0 of web  aaaa0001', 'web.1 of web  aaaa0002', 'name one of them'],
      }),
    );
  });
});

describe('matchIds', () => {
  const agents = [
    { id: `${CLUSTER}-S0`, otherName: 'n1' },
    { id: `${CLUSTER}-S1`, otherName: 'n2' },
  ];

  it('finds by host name and by short id', () => {
    expect([...matchIds(agents, 'n2', 'agent', 'x')]).toEqual([`${CLUSTER}-S1`]);
    expect([...matchIds(agents, 'S0', 'agent', 'x')]).toEqual([`${CLUSTER}-S0`]);
  });

  it('says what lists them when there is none', () => {
    expect(() => matchIds(agents, 'n9', 'agent', 'tranche agent ls')).toThrow('no agent matches "n9"');
  });
});
