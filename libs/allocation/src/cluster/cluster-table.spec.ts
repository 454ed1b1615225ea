import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import type { AgentSpec, Holding } from '../engine.js';
import { createEngine } from '../hierarchical-engine.js';

const agent = (id: string, text: string): AgentSpec => ({
  id,
  hostname: id,
  resources: Resources.parse(text),
  attributes: [],
  capabilities: [],
});
const held = (agentId: string, text: string): Holding => ({
  frameworkId: 'f',
  role: 'r',
  agentId,
  resources: Resources.parse(text),
});
const newEngine = () => createEngine({ random: () => 0.5, agentOrder: 'id' });

describe('cluster table', () => {
  it('keeps every agent right while agents come, grow and go, and slots are moved together', () => {
    const engine = newEngine();
    // Waste begins to be collected beyond 4,096 slots.
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 60; i++) {
        const resources = `cpus:${i + 1};mem:${round + 1};ports:[1-${i + 2}]`;
        if (round === 0) engine.addAgent(agent(`${i}`, resources), [held(`${i}`, 'cpus:0.5;ports:[1-1]')]);
        else engine.updateAgent(agent(`${i}`, resources));
      }
    }
    for (let i = 0; i < 60; i++) {
      expect(engine.view.available(`${i}`)?.toText()).toBe(
        Resources.parse(`cpus:${i + 0.5};mem:40;ports:[2-${i + 2}]`).toText(),
      );
    }
  });

  it('gives the place of an agent that has gone to another one, without what was held there', () => {
    const engine = newEngine();
    engine.addAgent(agent('old', 'cpus:4'), [held('old', 'cpus:3')]);
    engine.removeAgent('old');
    engine.addAgent(agent('new', 'cpus:4'), []);
    expect(engine.view.available('new')?.toText()).toBe('cpus:4');
    expect([...engine.view.holdings()]).toEqual([]);
  });

  it('takes indivisible disks as a whole, and each of two that are alike once', () => {
    const engine = newEngine();
    const total = 'disk[MOUNT:/a]:10;disk[MOUNT:/b]:10;disk:5';
    engine.addAgent(agent('a', total), [held('a', 'disk[MOUNT:/a]:10')]);
    expect(engine.view.available('a')?.toText()).toBe('disk:5; disk[MOUNT:/b]:10');
    engine.recover(held('a', 'disk[MOUNT:/a]:10'), 0);
    expect(engine.view.available('a')?.toText()).toBe(Resources.parse(total).toText());
  });

  it('keeps shared volumes free while they are held, by any number (A29)', () => {
    const engine = newEngine();
    const volume = 'disk(r)[v]<SHARED>:5';
    engine.addAgent(agent('a', `${volume};cpus:1`), [held('a', volume), held('a', volume)]);
    expect(engine.view.available('a')?.toText()).toBe(Resources.parse(`${volume};cpus:1`).toText());
  });

  it('forgets identities that nobody uses any more, and goes on', () => {
    const engine = newEngine();
    for (let i = 0; i < 3000; i++) {
      engine.addAgent(agent('a', `disk(r)[volume-${i}]:1`), [held('a', `disk(r)[volume-${i}]:1`)]);
      if (i % 500 === 0) engine.allocate('batch', i);
    }
    expect(engine.view.available('a')?.toText()).toBe('');
    engine.recover(held('a', 'disk(r)[volume-2999]:1'), 0);
    expect(engine.view.available('a')?.toText()).toBe('disk(r)[volume-2999]:1');
  });
});
