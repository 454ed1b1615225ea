import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** A process that has started a server, and says where. */
function owner(): { child: ChildProcess; told: Promise<{ path: string; pid: number }> } {
  const source = fileURLToPath(new URL('server-folder.ts', import.meta.url));
  const program = `
    import { ServerFolder } from ${JSON.stringify(source)};
    const folder = new ServerFolder('spec');
    const { pid } = folder.start('/bin/sleep', ['1000'], {});
    console.log(JSON.stringify({ path: folder.path, pid }));
    process.stdin.once('data', () => folder.remove().then(() => process.exit(0)));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const told = once(child.stdout, 'data').then(([line]) => JSON.parse(String(line)) as { path: string; pid: number });
  return { child, told };
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('removes its folder and processes', async () => {
  const { child, told } = owner();
  const { path, pid } = await told;
  expect([existsSync(path), isRunning(pid)]).toEqual([true, true]);
  child.stdin?.write('end');
  await once(child, 'exit');
  expect([existsSync(path), isRunning(pid)]).toEqual([false, false]);
});

it('leaves nothing behind when its process is killed', async () => {
  const { child, told } = owner();
  const { path, pid } = await told;
  child.kill('SIGKILL');
  await expect.poll(() => [existsSync(path), isRunning(pid)], { timeout: 10_000 }).toEqual([false, false]);
});
