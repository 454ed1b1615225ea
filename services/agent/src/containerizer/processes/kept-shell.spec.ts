import { afterEach, describe, expect, it } from 'vitest';
import { KeptShell } from './kept-shell.js';
import { LaunchShell } from './launch-shell.js';

const ENVIRONMENT = { PATH: '/usr/bin:/bin' };

/** Answers each request with its own pid. */
const ANSWERING = 'echo ready; while read -r verb id; do echo "$verb $id $$"; done';

/** Answers one request and ends. */
const SHORT_LIVED = 'echo ready; read -r verb id; echo "$verb $id $$"';

describe('KeptShell', () => {
  let starts = 0;
  let shell: KeptShell;

  const keep = (...scripts: string[]): KeptShell => {
    starts = 0;
    shell = new KeptShell(() => {
      const script = scripts[Math.min(starts++, scripts.length - 1)] ?? '';
      return LaunchShell.start(['/bin/sh', '-c', script], ENVIRONMENT);
    });
    return shell;
  };

  afterEach(() => shell.close());

  it('starts one shell for all requests', async () => {
    keep(ANSWERING);
    const answers = await Promise.all([shell.request('create', 'c1'), shell.request('create', 'c2')]);
    expect(new Set(answers).size).toBe(1);
    expect(starts).toBe(1);
  });

  it('starts another one after one has died', async () => {
    keep(SHORT_LIVED);
    const first = await shell.request('create', 'c1');
    expect(await shell.request('create', 'c2')).not.toBe(first);
  });

  it('asks again when the shell dies over a request', async () => {
    keep('echo ready; read -r line', ANSWERING);
    expect(await shell.request('create', 'c1')).toMatch(/^\d+$/);
    expect(starts).toBe(2);
  });

  it('asks no third time', async () => {
    keep('echo ready; read -r line; exit 3');
    await expect(shell.request('create', 'c1')).rejects.toThrow('launch shell ended: exit status 3');
    expect(starts).toBe(2);
  });

  it('tries again to set up a shell that could not be set up', async () => {
    keep('exit 1', ANSWERING);
    await expect(shell.open()).rejects.toThrow('exit status 1');
    expect(await shell.request('create', 'c1')).toMatch(/^\d+$/);
  });

  it('starts a new one after it was closed', async () => {
    keep(ANSWERING);
    const first = await shell.request('create', 'c1');
    await shell.close();
    expect(await shell.request('create', 'c2')).not.toBe(first);
  });
});
