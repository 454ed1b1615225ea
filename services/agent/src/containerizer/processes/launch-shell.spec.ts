import { afterEach, describe, expect, it } from 'vitest';
import { LaunchShell } from './launch-shell.js';

const ENVIRONMENT = { PATH: '/usr/bin:/bin' };

/** Answers in reverse order of the requests, two at a time. */
const REVERSING =
  'echo ready; while read -r a b && read -r c d; do echo "$c $d second"; echo "$a $b the first one"; done';

describe('LaunchShell', () => {
  const opened: LaunchShell[] = [];

  const start = async (script: string): Promise<LaunchShell> => {
    const shell = await LaunchShell.start(['/bin/sh', '-c', script], ENVIRONMENT);
    opened.push(shell);
    return shell;
  };

  afterEach(() => Promise.all(opened.splice(0).map((shell) => shell.close())));

  it('gives each request its own answer, in whatever order they come', async () => {
    const shell = await start(REVERSING);
    const answers = await Promise.all([shell.request('create', 'c1'), shell.request('create', 'c2')]);
    expect(answers).toEqual(['the first one', 'second']);
  });

  it('gives an answer without text as an empty one', async () => {
    const shell = await start('echo ready; while read -r verb id; do echo "$verb $id "; done');
    expect(await shell.request('create', 'c1')).toBe('');
  });

  it('fails with the words of a script that does not get ready', async () => {
    await expect(start('echo "mount: denied" >&2; exit 1')).rejects.toThrow('launch shell ended: mount: denied');
  });

  it('fails when there is no such shell', async () => {
    const failing = LaunchShell.start(['/no/such/shell'], ENVIRONMENT);
    await expect(failing).rejects.toHaveProperty('code', 'containerizer/launch-shell-failed');
  });

  it('fails what is still asked when it ends', async () => {
    const shell = await start('echo ready; read -r verb id; exit 4');
    await expect(shell.request('create', 'c1')).rejects.toThrow('launch shell ended: exit status 4');
    expect(shell.isOpen).toBe(false);
  });

  it('refuses requests once it has ended', async () => {
    const shell = await start('echo ready; read -r verb id; exit 4');
    await shell.request('create', 'c1').catch(() => {});
    await expect(shell.request('create', 'c2')).rejects.toThrow('launch shell has ended');
  });

  it('gives what it starts no other environment than its own', async () => {
    const shell = await start('echo ready; read -r verb id; echo "$verb $id $(env | grep -v -E "^(PWD|_)=")"');
    expect(await shell.request('create', 'c1')).toBe('PATH=/usr/bin:/bin');
  });
});
