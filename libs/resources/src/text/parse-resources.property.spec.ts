import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAgentResources, readResources } from '../operand.js';
import { Limits } from '../quantities/limits.js';
import { Quantities } from '../quantities/quantities.js';
import { ResourceError } from '../resource.errors.js';
import { parseAttributes } from '../attributes.js';

/** Texts that look like resources, so that the parsers get past their first line. */
const nearlyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'cpus',
        'disk',
        'ports',
        ':',
        ';',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '<SHARED>',
        '{REV}',
        '-',
        ',',
        '*',
        '/',
        ' ',
      ),
      fc.constantFrom('1', '0.5', '0.0001', '1-2', 'a', 'MOUNT:/m', 'RAW', 'null', '"'),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('parsers, whatever the text', () => {
  it.each<[string, (text: string) => unknown]>([
    ['resources', readResources],
    ['agent resources', readAgentResources],
    ['quantities', (text) => Quantities.parse(text)],
    ['limits', (text) => Limits.parse(text)],
    ['attributes', parseAttributes],
  ])('of %s return, or refuse with a ResourceError', (_name, parse) => {
    fc.assert(
      fc.property(nearlyText, (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ResourceError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of documents return, or refuse with a ResourceError', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          readResources(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ResourceError);
        }
      }),
    );
  });
});
