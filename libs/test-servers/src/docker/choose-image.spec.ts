import { describe, expect, it } from 'vitest';
import { chooseImage, type ImageSteps } from './choose-image.js';

/** An engine with these images, where pulling and building work or do not. */
function engine(present: string[], works: { pull?: boolean; build?: boolean }) {
  const done: string[] = [];
  const step = (verb: 'pull' | 'build') => (name: string) => {
    done.push(`${verb} ${name}`);
    return works[verb] === true ? Promise.resolve() : Promise.reject(new Error(`no ${verb}`));
  };
  const steps: ImageSteps = {
    isPresent: (name) => Promise.resolve(present.includes(name)),
    pull: step('pull'),
    build: step('build'),
  };
  return { done, choose: () => chooseImage('official:1', 'local:abc', steps) };
}

describe('chooseImage', () => {
  it('takes the official image as it is when it is present', async () => {
    const { done, choose } = engine(['official:1', 'local:abc'], {});
    expect((await choose()).name).toBe('official:1');
    expect(done).toEqual([]);
  });

  it('pulls the official image before it builds one', async () => {
    const { done, choose } = engine([], { pull: true, build: true });
    expect(await choose()).toEqual({ name: 'official:1', told: 'image official:1, pulled' });
    expect(done).toEqual(['pull official:1']);
  });

  it('builds a local image once where nothing can be pulled', async () => {
    const first = engine([], { build: true });
    expect((await first.choose()).told).toBe('image local:abc, built here (official:1: no pull)');
    expect(first.done).toEqual(['pull official:1', 'build local:abc']);
    const next = engine(['local:abc'], {});
    expect((await next.choose()).name).toBe('local:abc');
    expect(next.done).toEqual(['pull official:1']);
  });

  it('names both failures', async () => {
    await expect(engine([], {}).choose()).rejects.toThrow(
      'official:1 cannot be pulled (no pull), nor local:abc be built (no build)',
    );
  });
});
