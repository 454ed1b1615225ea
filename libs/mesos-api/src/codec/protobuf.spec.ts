import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { messageTypes } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf, MissingFieldsError } from './protobuf-encode.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const failure = (name: string): object => ({ ok: false, error: `Failed to parse body into ${name} protobuf` });

describe('decodeProtobuf', () => {
  it('reads a call', () => {
    const body = bytes('0a 03 0a01 46  10 05'); // framework_id { value: "F" }, type: REVIVE
    expect(decodeProtobuf(messageTypes.SchedulerCall, body)).toEqual({
      ok: true,
      value: { framework_id: { value: 'F' }, type: 'REVIVE' },
    });
  });

  it('skips unknown fields of every wire type', () => {
    const unknown = 'f801 01  f901 0102030405060708  fa01 02 0102  fd01 01020304  fb01 0801 fc01';
    expect(decodeProtobuf(messageTypes.TaskID, bytes(`${unknown} 0a01 61`))).toEqual({
      ok: true,
      value: { value: 'a' },
    });
  });

  it('takes a known field of another wire type as unknown', () => {
    expect(decodeProtobuf(messageTypes.TaskID, bytes('0801 0a01 61'))).toEqual({ ok: true, value: { value: 'a' } });
  });

  it('drops enum numbers that are not known', () => {
    expect(decodeProtobuf(messageTypes.SchedulerCall, bytes('107f'))).toEqual({ ok: true, value: {} });
  });

  it('merges a message that comes twice', () => {
    // ContainerID { value: "a" } and, later, its parent twice: { value: "b" } and { parent { value: "c" } }.
    expect(decodeProtobuf(messageTypes.ContainerID, bytes('0a01 61  12 03 0a01 62  12 05 12 03 0a01 63'))).toEqual({
      ok: true,
      value: { value: 'a', parent: { value: 'b', parent: { value: 'c' } } },
    });
  });

  it('reads packed lists', () => {
    // CapabilityInfo { capabilities: [CHOWN = 1000, DAC_OVERRIDE = 1001] } as one delimited field.
    expect(decodeProtobuf(messageTypes.CapabilityInfo, bytes('0a 04 e807 e907'))).toEqual({
      ok: true,
      value: { capabilities: ['CHOWN', 'DAC_OVERRIDE'] },
    });
  });

  it.each([
    ['a JSON body', Buffer.from('{"type":"REVIVE"}')],
    ['a truncated field', bytes('0a 05 0a01')],
    ['a message that ends inside a field', bytes('0a 02 0a03 46 10 0a')],
    ['a length beyond the end', bytes('0a ffffffff0f 00')],
    ['missing required fields', bytes('0a 00')],
  ])('refuses %s', (_what, body) => {
    expect(decodeProtobuf(messageTypes.SchedulerCall, body)).toEqual(failure('Call'));
  });

  it('refuses messages nested too deeply', () => {
    const writer = protobuf.Writer.create();
    for (let depth = 0; depth < 150; depth += 1) writer.uint32(18).fork();
    for (let depth = 0; depth < 150; depth += 1) writer.uint32(10).string('a').ldelim();
    writer.uint32(10).string('a');
    expect(decodeProtobuf(messageTypes.ContainerID, writer.finish())).toEqual(failure('ContainerID'));
  });
});

describe('encodeProtobuf', () => {
  it('writes fields by number', () => {
    const call = { type: 'REVIVE', framework_id: { value: 'F' } } as const;
    expect(encodeProtobuf(messageTypes.SchedulerCall, call).toString('hex')).toBe('0a030a01461005');
  });

  it('refuses a document without its required fields', () => {
    const document = { status: { task_id: {} } } as never;
    expect(() => encodeProtobuf(messageTypes.SchedulerEventUpdate, document)).toThrow(
      new MissingFieldsError('SchedulerEventUpdate', ['status.state', 'status.task_id.value']),
    );
  });

  it.each(['18446744073709551615', '9223372036854775808', 9007199254740991, 0])(
    'keeps the unsigned integer %s',
    (end) => {
      const range = { begin: 0, end };
      expect(decodeProtobuf(messageTypes.ValueRange, encodeProtobuf(messageTypes.ValueRange, range))).toEqual({
        ok: true,
        value: range,
      });
    },
  );

  it.each(['Infinity', '-Infinity', 'NaN', 0.1] as const)('keeps the double %s', (value) => {
    const encoded = encodeProtobuf(messageTypes.ValueScalar, { value });
    expect(decodeProtobuf(messageTypes.ValueScalar, encoded)).toEqual({ ok: true, value: { value } });
  });
});
