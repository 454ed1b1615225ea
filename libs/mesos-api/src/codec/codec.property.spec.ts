import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { MessageMap } from '../generated/message-map.js';
import { MESSAGE_DESCRIPTORS } from '../generated/descriptor.js';
import { documents, NAMES } from './documents.fakes.js';
import { decodeJson } from './json-decode.js';
import { encodeJson, encodeStreamJson } from './json-encode.js';
import type { Document } from './message-plan.js';
import { messageTypes } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf } from './protobuf-encode.js';

/** Members that JSON output adds to what was set. */
function withDefaults(name: keyof MessageMap, document: Document): unknown {
  const decoded = decodeJson<unknown>(messageTypes[name], encodeJson<unknown>(messageTypes[name], document), {
    bareInfinity: true,
  });
  return decoded.ok ? decoded.value : decoded.error;
}

const root = protobuf.Root.fromJSON(
  JSON.parse(readFileSync(new URL('../../descriptor/fields.json', import.meta.url), 'utf8')) as protobuf.INamespace,
);
// The one field that Mesos has in its unversioned message only.
root.lookupType('mesos.v1.AgentInfo').add(new protobuf.Field('checkpoint', 7, 'bool'));

describe('codecs', () => {
  it('protobuf gives a document back as it was', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const bytes = encodeProtobuf<unknown>(messageTypes[name], document);
        expect(decodeProtobuf<unknown>(messageTypes[name], bytes)).toEqual({ ok: true, value: document });
      }),
    );
  });

  it('JSON gives a document back with its defaults, and then again the same', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const first = withDefaults(name, document);
        expect(first).toMatchObject(document);
        expect(withDefaults(name, first as Document)).toEqual(first);
      }),
    );
  });

  it('JSON of a stream says the same in ASCII', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const ascii = encodeStreamJson<unknown>(messageTypes[name], document);
        expect(ascii).toMatch(/^[ -\u007f]*$/);
        const decoded = decodeJson<unknown>(messageTypes[name], ascii, { bareInfinity: true });
        expect(decoded).toEqual({ ok: true, value: withDefaults(name, document) });
      }),
    );
  });

  it('documents survive JSON.stringify and JSON.parse', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const copy: unknown = JSON.parse(JSON.stringify(document));
        expect(encodeProtobuf<unknown>(messageTypes[name], copy)).toEqual(
          encodeProtobuf<unknown>(messageTypes[name], document),
        );
      }),
    );
  });

  it('protobuf.js writes the same bytes', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const type = root.lookupType(MESSAGE_DESCRIPTORS[name].fullName);
        const bytes = encodeProtobuf<unknown>(messageTypes[name], document);
        expect(Buffer.from(type.encode(type.decode(bytes)).finish()).toString('hex')).toBe(bytes.toString('hex'));
      }),
    );
  });

  it('never throw on arbitrary input', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.uint8Array(), fc.json(), (name, bytes, json) => {
        decodeProtobuf<unknown>(messageTypes[name], bytes);
        decodeJson<unknown>(messageTypes[name], json);
        decodeJson<unknown>(messageTypes[name], Buffer.from(bytes));
      }),
    );
  });
});
