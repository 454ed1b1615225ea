import { describe, expect, it } from 'vitest';
import { commandVariables } from './command-variables.js';

const data = (text: string) => Buffer.from(text).toString('base64');

describe('commandVariables', () => {
  it('gives plain values and the text of secrets, in order', () => {
    const variables = [
      { name: 'PLAIN', value: 'a' },
      { name: 'KEY', type: 'SECRET' as const, secret: { type: 'VALUE' as const, value: { data: data('öffne dich') } } },
      { name: 'NONE' },
    ];
    expect(commandVariables({ environment: { variables } })).toEqual([
      ['PLAIN', 'a'],
      ['KEY', 'öffne dich'],
      ['NONE', ''],
    ]);
  });

  it('gives none for a command without an environment', () => {
    expect(commandVariables({})).toEqual([]);
  });
});
