import { describe, expect, it } from 'vitest';
import type { MessageMap } from '../generated/message-map.js';
import { convertJson, decodeJson } from './json-decode.js';
import { messageTypes } from './message-type.js';

const decode = (name: keyof MessageMap, json: unknown): unknown => {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const decoded = decodeJson<unknown>(messageTypes[name], text);
  return decoded.ok ? decoded.value : decoded.error;
};
const mismatch = (detail: string, name = 'Call'): string => `Failed to convert JSON into ${name} protobuf: ${detail}`;

const kill = (taskId: unknown): unknown => ({ type: 'KILL', kill: { task_id: taskId } });

describe('decodeJson', () => {
  it('reads a body of bytes as UTF-8', () => {
    const body = Buffer.from('{"value":"Zürich"}');
    expect(decodeJson(messageTypes.TaskID, body)).toEqual({ ok: true, value: { value: 'Zürich' } });
  });

  it('says in Mesos words that a body is not JSON', () => {
    expect(decode('SchedulerCall', '{"type":"SUBSCRIBE",')).toBe(
      'Failed to parse body into JSON: syntax error at line 1 near: ',
    );
  });

  it('wants an object', () => {
    expect(decode('SchedulerCall', '[1,2]')).toBe(mismatch('Expecting a JSON object'));
  });

  it('ignores keys that are no fields', () => {
    expect(decode('TaskID', { value: 'a', valeu: 1, toString: 2, ['__proto__']: { value: 'b' } })).toEqual({
      value: 'a',
    });
  });

  it('takes null and an empty list as unset', () => {
    expect(decode('SchedulerCallAccept', { offer_ids: [], operations: null, filters: null })).toEqual({});
  });

  it('lets null stand for an absent required field', () => {
    expect(decode('TaskID', { value: null })).toBe(mismatch('Missing required fields: value', 'TaskID'));
  });

  it('takes one value as a list of one', () => {
    expect(decode('SchedulerCallRevive', { roles: 'a' })).toEqual({ roles: ['a'] });
  });

  it('skips nulls in a list', () => {
    expect(decode('SchedulerCallRevive', { roles: ['a', null, 'b'] })).toEqual({ roles: ['a', 'b'] });
  });

  it.each([
    ['string', kill('x'), 'task_id'],
    ['number', kill(1), 'task_id'],
    ['boolean', kill(true), 'task_id'],
    ['array', kill([]), 'task_id'],
    ['object', kill({ value: {} }), 'value'],
    ['number', kill({ value: 1 }), 'value'],
    ['number', { type: 3 }, 'type'],
    ['boolean', { kill: { task_id: { value: false } } }, 'value'],
  ])('refuses a JSON %s in %j', (kind, json, field) => {
    expect(decode('SchedulerCall', json)).toBe(mismatch(`Not expecting a JSON ${kind} for field '${field}'`));
  });

  it('names the mismatch under the smallest key when there are several', () => {
    expect(decode('SchedulerCall', { type: 1, framework_id: 'x', accept: 2 })).toBe(
      mismatch("Not expecting a JSON number for field 'accept'"),
    );
  });

  it('names missing required fields at any depth', () => {
    const json = {
      subscribe: { framework_info: { name: 'x' } },
      accept: { offer_ids: [{ value: 'a' }, {}], operations: [{ launch: { task_infos: [{ name: 'n' }] } }] },
    };
    expect(decode('SchedulerCall', json)).toBe(
      mismatch(
        'Missing required fields: subscribe.framework_info.user, accept.offer_ids[1].value, ' +
          'accept.operations[0].launch.task_infos[0].task_id, accept.operations[0].launch.task_infos[0].agent_id',
      ),
    );
  });
});

describe('enums', () => {
  it('drops a name that is not known', () => {
    expect(decode('SchedulerCall', { type: 'NOSUCH' })).toEqual({});
  });

  it('drops names that are not known from a list', () => {
    expect(decode('CapabilityInfo', { capabilities: ['NOSUCH', 'KILL'] })).toEqual({ capabilities: ['KILL'] });
  });

  it('refuses a name that is not known where the field is required', () => {
    expect(decode('TaskStatus', { task_id: { value: 't' }, state: 'TASK_NOSUCH' })).toBe(
      mismatch("Failed to find enum for 'TASK_NOSUCH'", 'TaskStatus'),
    );
  });
});

describe('numbers', () => {
  it('reads them from strings', () => {
    expect(decode('Filters', { refuse_seconds: '1.5' })).toEqual({ refuse_seconds: 1.5 });
    expect(decode('DurationInfo', { nanoseconds: '5' })).toEqual({ nanoseconds: 5 });
  });

  it('names a string that is no number', () => {
    expect(decode('Filters', { refuse_seconds: 'soon' })).toBe(
      mismatch(
        "Failed to parse 'soon' as a JSON number for field 'refuse_seconds': syntax error at line 1 near: soon",
        'Filters',
      ),
    );
  });

  it('keeps every digit of integers beyond 2^53', () => {
    expect(decode('DurationInfo', '{"nanoseconds":9223372036854775807}')).toEqual({
      nanoseconds: '9223372036854775807',
    });
    expect(decode('DurationInfo', '{"nanoseconds":"-9223372036854775808"}')).toEqual({
      nanoseconds: '-9223372036854775808',
    });
  });

  it('keeps safe integers as numbers', () => {
    expect(decode('DurationInfo', '{"nanoseconds":9007199254740991}')).toEqual({ nanoseconds: 9007199254740991 });
  });

  it('truncates fractions of integers', () => {
    expect(decode('DurationInfo', { nanoseconds: -1.9 })).toEqual({ nanoseconds: -1 });
    expect(decode('AgentInfo', { hostname: 'h', port: 5051.9 })).toEqual({ hostname: 'h', port: 5051 });
  });

  it('wraps integers as C++ does', () => {
    expect(decode('ValueRange', { begin: -1, end: 0 })).toEqual({ begin: '18446744073709551615', end: 0 });
    expect(decode('AgentInfo', { hostname: 'h', port: 4294967296 })).toEqual({ hostname: 'h', port: 0 });
  });

  it('reads infinite doubles from strings only', () => {
    expect(decode('ValueScalar', { value: '-Infinity' })).toEqual({ value: '-Infinity' });
    expect(decode('ValueScalar', '{"value":Infinity}')).toBe(
      'Failed to parse body into JSON: syntax error at line 1 near: Infinity}',
    );
  });

  it('reads bare infinite doubles for readers of what servers print', () => {
    const text = '{"name":"\\"Infinity","metric":[],"value":Infinity}';
    expect(decodeJson(messageTypes.Metric, text, { bareInfinity: true })).toEqual({
      ok: true,
      value: { name: '"Infinity', value: 'Infinity' },
    });
  });

  it('reads a number beyond the range of doubles as infinite', () => {
    expect(decode('ValueScalar', '{"value":1e400}')).toEqual({ value: 'Infinity' });
  });
});

describe('other scalars', () => {
  it('reads booleans from strings', () => {
    expect(decode('CommandInfo', { shell: 'false' })).toEqual({ shell: false });
    expect(decode('CommandInfo', { shell: '1' })).toBe(
      mismatch("Failed to parse '1' as a JSON boolean for field 'shell': Unexpected JSON type parsed", 'CommandInfo'),
    );
  });

  it('refuses bytes that are not base64', () => {
    expect(decode('UUID', { value: '***' })).toBe(
      mismatch("Failed to base64 decode bytes field 'value': Invalid character '*'", 'UUID'),
    );
  });

  it('completes the padding of base64', () => {
    expect(decode('UUID', { value: 'AAECAw' })).toEqual({ value: 'AAECAw==' });
  });
});

describe('maps', () => {
  const task = { name: 'n', task_id: { value: 't' }, agent_id: { value: 'a' } };

  it('are objects of the type of their values', () => {
    const json = { ...task, limits: { cpus: { value: 2 }, mem: { value: 'Infinity' } } };
    expect(decode('TaskInfo', json)).toEqual(json);
  });

  it.each([2, 'Infinity'])('refuse %j for a message', (value) => {
    expect(decode('TaskInfo', { ...task, limits: { mem: value } })).toBe(
      mismatch(`Not expecting a JSON ${typeof value} for field 'value'`, 'TaskInfo'),
    );
  });

  it('hold any key', () => {
    const text = '{"name":"n","task_id":{"value":"t"},"agent_id":{"value":"a"},"limits":{"__proto__":{"value":1}}}';
    const decoded = decode('TaskInfo', text) as { limits: object };
    expect(Object.keys(decoded.limits)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(decoded.limits)).toBe(Object.prototype);
  });
});

describe('nesting', () => {
  it('is bounded', () => {
    const deep = `${'{"value":"a","parent":'.repeat(5000)}{"value":"a"}${'}'.repeat(5000)}`;
    expect(decode('ContainerID', deep)).toBe(mismatch('Messages nested deeper than 200', 'ContainerID'));
  });
});

describe('oneofs', () => {
  it('keep the member that comes last', () => {
    const json = { selector: { pseudoattribute_type: 'HOSTNAME', attribute_name: 'rack' } };
    expect(convertJson(messageTypes.SchedulerAttributeConstraint, { ...json, predicate: {} })).toEqual({
      ok: true,
      value: { selector: { attribute_name: 'rack' }, predicate: {} },
    });
  });
});
