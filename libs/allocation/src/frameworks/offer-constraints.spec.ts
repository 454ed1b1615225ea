import { describe, expect, it } from 'vitest';
import { type AgentRow } from '../cluster/agent-row.js';
import type { OfferConstraint } from '../engine.js';
import { ConstraintTest, OfferConstraintError, wholeTextPattern } from './offer-constraints.js';

const agent = {
  index: 3,
  hostname: 'node-7',
  domain: { region: 'eu', zone: 'eu-1' },
  attributes: [
    { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
    { name: 'rack', type: 'TEXT', text: { value: 'r2' } },
    { name: 'gen', type: 'SCALAR' },
  ],
} as unknown as AgentRow;

const holds = (constraint: OfferConstraint): boolean => new ConstraintTest([[constraint]]).accepts(agent);
const of = (attribute: string, predicate: OfferConstraint['predicate'], operand?: string): boolean =>
  holds({ selector: { attribute }, predicate, operand });

describe('offer constraints (A54)', () => {
  it('look at the first attribute of a name', () => {
    expect([of('rack', 'equals', 'r1'), of('rack', 'equals', 'r2')]).toEqual([true, false]);
  });

  it('fail for a missing attribute where they ask for it, and hold where they deny it', () => {
    expect([of('x', 'exists'), of('x', 'equals', ''), of('x', 'matches', '.*')]).toEqual([false, false, false]);
    expect([of('x', 'notExists'), of('x', 'notEquals', ''), of('x', 'notMatches', '.*')]).toEqual([true, true, true]);
  });

  it('are all satisfied by an attribute that is no text', () => {
    const texts = ['equals', 'notEquals', 'matches', 'notMatches'] as const;
    expect(texts.map((predicate) => of('gen', predicate, 'x'))).toEqual([true, true, true, true]);
    expect([of('gen', 'exists'), of('gen', 'notExists')]).toEqual([true, false]);
  });

  it('match whole texts', () => {
    expect([of('rack', 'matches', 'r'), of('rack', 'matches', 'r.|x'), of('rack', 'notMatches', 'r')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('know host names, regions and zones', () => {
    const pseudo = (name: 'hostname' | 'region' | 'zone', operand: string): boolean =>
      holds({ selector: { pseudo: name }, predicate: 'equals', operand });
    expect([pseudo('hostname', 'node-7'), pseudo('region', 'eu'), pseudo('zone', 'eu-1')]).toEqual([true, true, true]);
    const homeless = { ...agent, domain: undefined };
    const region = new ConstraintTest([[{ selector: { pseudo: 'region' }, predicate: 'exists' }]]);
    expect(region.accepts(homeless)).toBe(false);
  });

  it('need all of one group, and any group', () => {
    const rack: OfferConstraint = { selector: { attribute: 'rack' }, predicate: 'equals', operand: 'r1' };
    const never: OfferConstraint = { selector: { attribute: 'rack' }, predicate: 'notExists' };
    expect(new ConstraintTest([[rack, never], [rack]]).accepts(agent)).toBe(true);
    expect(new ConstraintTest([[rack, never]]).accepts(agent)).toBe(false);
  });

  it('are asked again when an agent has changed', () => {
    const test = new ConstraintTest([[{ selector: { attribute: 'new' }, predicate: 'exists' }]]);
    expect(test.accepts(agent)).toBe(false);
    const changed = { ...agent, attributes: [{ name: 'new', type: 'TEXT' }] };
    expect(test.accepts(changed)).toBe(false);
    test.forget(agent.index);
    expect(test.accepts(changed)).toBe(true);
  });
});

describe('patterns of offer constraints', () => {
  it('take leading flags and escaped punctuation, as RE2 does', () => {
    expect(wholeTextPattern('(?i)RACK-[0-9]+').test('rack-12')).toBe(true);
    expect(wholeTextPattern('r\\-1\\_a').test('r-1_a')).toBe(true);
  });

  it('are refused when they are none', () => {
    expect(() => wholeTextPattern('(')).toThrow(OfferConstraintError);
    expect(() => wholeTextPattern('a)|(b')).toThrow(OfferConstraintError);
  });
});
