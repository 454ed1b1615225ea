import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runInFakeWorld } from '../../cli.fakes.js';

const SECOND_TEAM = {
  name: 'second-team',
  description: 'What if a second team joins?',
  steps: [
    { addAgent: { id: 'a1', resources: 'cpus:8;mem:16384' } },
    { addAgent: { id: 'a2', resources: 'cpus:8;mem:16384' } },
    { addFramework: { id: 'spark', roles: ['data'] } },
    { accept: { framework: 'spark', agent: 'a1' } },
    { accept: { framework: 'spark', agent: 'a2', use: 'cpus:6;mem:4096', refuse: 60 } },
    { setQuota: { role: 'data/nested', guarantees: 'cpus:1' } },
    { addFramework: { id: 'web', roles: ['site'] }, note: 'the second team' },
    {
      expect: { offers: [{ framework: 'web', role: 'site', agent: 'a2', resources: 'cpus:2;mem:12288' }] },
      note: 'what is left',
    },
  ],
};

const simulate = (scenario: unknown, ...flags: string[]) =>
  runInFakeWorld(['simulate', 'plan.json', ...flags], {
    files: { 'plan.json': typeof scenario === 'string' ? scenario : JSON.stringify(scenario) },
  });

const expecting = (resources: string) => ({
  steps: [...SECOND_TEAM.steps.slice(0, -1), { expect: { offers: [{ framework: 'web', resources }] } }],
});

describe('tranche simulate', () => {
  it('shows each step, who has what with shares as bars, and whether the expectations hold', async () => {
    const result = await simulate(SECOND_TEAM);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toBe(`second-team
What if a second team joins?

       0 s  addAgent a1
       0 s  addAgent a2
       0 s  addFramework spark
              → offered     o1  spark (data) on a1: cpus:8; mem:16384
              → offered     o2  spark (data) on a2: cpus:8; mem:16384
       0 s  accept spark a1
       0 s  accept spark a2
       0 s  setQuota data/nested
              ! refused: quota of nested role data/nested is not supported
       0 s  addFramework web  # the second team
              → offered     o3  web (site) on a2: cpus:2; mem:12288
              ✓ as expected  # what is left

After 0 s, on 2 agents:

ROLE  FRAMEWORK  SHARE                         IN USE              OFFERED
data  spark      ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░  87.5 %  cpus:14; mem:20480  -
site  web        ▓▓▓▓▓▓▓▓░░░░░░░░░░░░  37.5 %  -                   cpus:2; mem:12288

RESOURCE  IN USE ▓ OFFERED ▒    TOTAL  IN USE  OFFERED  FREE
cpus      ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▒▒     16      14        2     0
mem       ▓▓▓▓▓▓▓▓▓▓▓▓▓▒▒▒▒▒▒▒  32768   20480    12288     0

8 steps · 1 expectation · all hold
`);
  });

  it('prints one object a line with --json', async () => {
    const result = await simulate(SECOND_TEAM, '--json');
    const lines = result.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('{"step":0,"verb":"addAgent","time":0,"offers":[],"rescinds":[],"inverseOffers":[]}');
    expect(lines[5]).toBe(
      '{"step":5,"verb":"setQuota","time":0,"offers":[],"rescinds":[],"inverseOffers":[],' +
        '"refused":"quota of nested role data/nested is not supported"}',
    );
    expect(lines[6]).toBe(
      '{"step":6,"verb":"addFramework","time":0,"offers":[{"id":"o3","framework":"web","role":"site","agent":"a2",' +
        '"resources":"cpus:2; mem:12288"}],"rescinds":[],"inverseOffers":[]}',
    );
    expect(lines[7]).toBe('{"step":7,"verb":"expect","pass":true,"diff":[]}');
    expect(lines[8]).toBe('{"summary":{"steps":8,"expectations":1,"failed":0}}');
    expect(lines).toHaveLength(9);
  });

  it('takes -o json for --json', async () => {
    const [json, output] = await Promise.all([simulate(SECOND_TEAM, '--json'), simulate(SECOND_TEAM, '-o', 'json')]);
    expect(output).toEqual(json);
  });

  it('runs all steps and exits 1 when an expectation fails', async () => {
    const result = await simulate(expecting('cpus:3'));
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('✗ step 7 is not as expected\n');
    expect(result.stdout).toContain('offers: web: expected cpus:3, found cpus:2; mem:12288\n');
    expect(result.stdout).toContain('1 expectation · 1 failed\n');
  });

  it('says in JSON how an expectation failed', async () => {
    const { stdout, exitCode } = await simulate(expecting('cpus:3'), '--json');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '{"step":7,"verb":"expect","pass":false,"diff":["offers: web: expected cpus:3, found cpus:2; mem:12288"]}',
    );
  });

  it('exits 2 with one line that names step and field when the scenario is malformed', async () => {
    const scenario = { steps: [...SECOND_TEAM.steps.slice(0, 3), { accept: { framework: 'spark', agent: 7 } }] };
    expect(await simulate(scenario)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'step 3: accept.agent: expected a text, found 7\n',
    });
  });

  it('shows the steps before one that makes no sense in the state that was reached', async () => {
    const result = await simulate({ steps: [{ allocate: {} }, { removeAgent: { id: 'x' } }] }, '--json');
    expect(result.exitCode).toBe(2);
    expect(result.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(result.stderr).toBe('step 1: removeAgent.id: unknown agent "x"\n');
  });

  it('exits 2 when there is no such file', async () => {
    const result = await runInFakeWorld(['simulate', 'nowhere.json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('nowhere.json: there is no such file');
  });

  it('reads standard input for -', async () => {
    const result = await runInFakeWorld(['simulate', '-', '--json'], { files: { '-': '{"steps":[]}' } });
    expect(result).toEqual({
      exitCode: 0,
      stdout: '{"summary":{"steps":0,"expectations":0,"failed":0}}\n',
      stderr: '',
    });
  });

  it('needs a file', async () => {
    expect(await runInFakeWorld(['simulate'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('plans among the examples', () => {
  const folder = new URL('../../../../../examples/', import.meta.url);
  const plans = readdirSync(new URL('plans/', folder));

  it.each(plans)('%s answers its question as it says', async (name) => {
    const result = await simulate(readFileSync(new URL(`plans/${name}`, folder), 'utf8'));
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toContain('all hold');
  });

  it('are all described', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');
    expect(plans.filter((name) => !readme.includes(`(plans/${name})`))).toEqual([]);
  });
});
