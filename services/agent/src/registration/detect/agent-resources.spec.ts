import { describe, expect, it } from 'vitest';
import { Resources } from '@tranche/resources';
import { agentResources, lessReserve, parseShare } from './agent-resources.js';
import type { DetectionContext, Machine } from './detector.js';

const GIB = 1024 ** 3;
const machine = (more: Partial<Machine> = {}): Machine => ({
  onlineCpus: () => 8,
  totalMemBytes: () => 16 * GIB,
  fileSystemBytes: async () => 100 * GIB,
  ...more,
});
const context = (more: Partial<DetectionContext> = {}): DetectionContext => ({
  machine: machine(),
  workDir: '/w',
  share: { index: 0, of: 1 },
  ...more,
});
const detected = async (text = '', more: Partial<DetectionContext> = {}): Promise<string> =>
  (await agentResources(text, context(more))).toText();

describe('agentResources', () => {
  it('takes what a machine has, less what its system needs', async () => {
    expect(await detected()).toBe('cpus:8; disk:97280; mem:15360; ports:[31000-32000]');
  });

  it('takes half of what a small machine has', async () => {
    const small = machine({ totalMemBytes: () => 1.5 * GIB, fileSystemBytes: async () => 8 * GIB });
    expect(await detected('', { machine: small })).toContain('disk:4096; mem:768;');
  });

  it('detects only what it was not told', async () => {
    expect(await detected('cpus:2;gpus:1;mem(web):512')).toBe(
      'cpus:2; disk:97280; gpus:1; mem(web):512; ports:[31000-32000]',
    );
  });

  it('divides a machine between its agents, memory and disk never beyond what there is', async () => {
    expect(await detected('', { share: { index: 0, of: 3 } })).toBe(
      'cpus:2.666; disk:32426; mem:5120; ports:[31000-31999]',
    );
    expect(await detected('', { share: { index: 2, of: 3 } })).toContain('ports:[33000-33999]');
  });

  it('gives each agent one cpu at least, and a hundred agents ports that exist', async () => {
    const two = machine({ onlineCpus: () => 2 });
    expect(await detected('', { machine: two, share: { index: 99, of: 100 } })).toMatch(
      /^cpus:1; .*ports:\[65155-65499\]$/,
    );
  });

  it('refuses a text that is none', async () => {
    await expect(detected('cpus')).rejects.toThrow('cpus');
  });
});

describe('lessReserve', () => {
  const left = (reserve: string, told = ''): string =>
    lessReserve(Resources.parse('cpus:8; mem:1024'), reserve, told).toText();

  it('keeps back what the machine needs for itself', () => {
    expect(left('cpus:1.5;mem:24')).toBe('cpus:6.5; mem:1000');
    expect(left('')).toBe('cpus:8; mem:1024');
  });

  it('offers what was told as it was told', () => {
    expect(left('cpus:1;mem:24', 'cpus:8')).toBe('cpus:8; mem:1000');
  });

  it('does not keep back all that there is, nor what there is not', () => {
    expect(() => left('cpus:8')).toThrow('keeps back cpus 8 of the 8 that there are');
    expect(() => left('gpus:1')).toThrow('keeps back gpus 1 of the 0 that there are');
  });
});

describe('parseShare', () => {
  it('reads which of how many', () => {
    expect(parseShare('2/3')).toEqual({ index: 1, of: 3 });
  });

  it.each(['', '0/3', '4/3', '1', 'a/b', '1/0'])('does not take "%s"', (text) => {
    expect(parseShare(text)).toBeUndefined();
  });
});
