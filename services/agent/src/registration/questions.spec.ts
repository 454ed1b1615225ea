import { describe, expect, it } from 'vitest';
import { Questions } from './questions.js';

describe('Questions', () => {
  it('names the newest life of each queue that has asked', () => {
    const questions = new Questions();
    for (const source of ['offers/a', 'offers.1/b', 'registry/c', 'offers/d']) questions.note(source);
    expect(questions.tell()).toEqual(['offers/d', 'offers.1/b', 'registry/c']);
  });

  it('knows whether somebody has asked since it was told', () => {
    const questions = new Questions();
    expect(questions.areTold).toBe(true);
    questions.note('offers/a');
    expect(questions.areTold).toBe(false);
    questions.tell();
    expect(questions.areTold).toBe(true);
  });
});
