import { describe, expect, it } from 'vitest';
import { agentResources, parseShare } from './agent-resources.js';
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

describe('parseShare', () => {
  it('reads which of how many', () => {
    expect(parseShare('2/3')).toEqual({ index: 1, of: 3 });
  });

  it.each(['', '0/3', '4/3', '1', 'a/b', '1/0'])('does not take "%s"', (text) => {
    expect(parseShare(text)).toBeUndefined();
  });
});
