import { describe, expect, it } from 'vitest';
import type { MessageMap } from '../generated/message-map.js';
import { encodeJson, encodeStreamJson, jsonString } from './json-encode.js';
import { messageTypes } from './message-type.js';

describe('encodeJson', () => {
  it('prints fields in declaration order, whatever the order in the document', () => {
    const document = { scalar: { value: 4 }, type: 'SCALAR', name: 'cpus' } as const;
    expect(encodeJson(messageTypes.Resource, document)).toBe('{"name":"cpus","type":"SCALAR","scalar":{"value":4.0}}');
  });

  it('leaves out members that the message does not have', () => {
    const document = { value: 'a', note: 'internal' };
    expect(encodeJson(messageTypes.TaskID, document)).toBe('{"value":"a"}');
  });

  it('leaves out empty lists and maps', () => {
    const document = { quantities: {} };
    expect(encodeJson(messageTypes.OfferFiltersResourceQuantities, document)).toBe('{}');
    expect(encodeJson(messageTypes.SchedulerCallRevive, { roles: [] })).toBe('{}');
  });

  it('prints an empty message', () => {
    expect(encodeJson(messageTypes.Resource, { name: 'a', type: 'SET', revocable: {} })).toBe(
      '{"name":"a","type":"SET","revocable":{}}',
    );
  });

  it('prints infinite doubles as bare words', () => {
    expect(encodeJson(messageTypes.ValueScalar, { value: 'Infinity' })).toBe('{"value":Infinity}');
  });

  it('prints integers of any size bare', () => {
    expect(encodeJson(messageTypes.ValueRange, { begin: 1, end: '18446744073709551615' })).toBe(
      '{"begin":1,"end":18446744073709551615}',
    );
  });

  it('prints maps as objects', () => {
    const document = { role: 'a', limits: { 'x"y': { value: 1 } } };
    expect(encodeJson(messageTypes.QuotaConfig, document)).toBe('{"role":"a","limits":{"x\\"y":{"value":1.0}}}');
  });

  it('prints UTF-8', () => {
    expect(encodeJson(messageTypes.TaskID, { value: 'Zürich 🚀' })).toBe('{"value":"Zürich 🚀"}');
  });

  it('prints lists of responses that Mesos builds by hand even when they are empty', () => {
    expect(encodeJson(messageTypes.MasterResponseGetAgents, {})).toBe('{"agents":[],"recovered_agents":[]}');
    expect(encodeJson(messageTypes.MasterResponseGetOperations, {})).toBe('{}');
  });
});

describe('defaults of unset fields', () => {
  it.each<[keyof MessageMap, string]>([
    ['FrameworkInfo', '{"failover_timeout":0.0,"checkpoint":false}'],
    ['CommandInfo', '{"shell":true}'],
    ['CommandInfoURI', '{"extract":true}'],
    ['EnvironmentVariable', '{"type":"VALUE"}'],
    [
      'HealthCheck',
      '{"delay_seconds":15.0,"interval_seconds":10.0,"timeout_seconds":20.0,"consecutive_failures":3,"grace_period_seconds":10.0}',
    ],
    ['CheckInfo', '{"delay_seconds":15.0,"interval_seconds":10.0,"timeout_seconds":20.0}'],
    ['HealthCheckHTTPCheckInfo', '{"protocol":"IPv4"}'],
    ['HealthCheckTCPCheckInfo', '{"protocol":"IPv4"}'],
    ['MasterInfo', '{"port":5050}'],
    ['AgentInfo', '{"port":5051}'],
    ['Filters', '{"refuse_seconds":5.0}'],
    ['Image', '{"cached":true}'],
    ['NetworkInfoIPAddress', '{"protocol":"IPv4"}'],
    ['LinuxInfo', '{"share_cgroups":true}'],
    ['ContainerInfoDockerInfo', '{"network":"HOST","privileged":false}'],
    ['DrainConfig', '{"mark_gone":false}'],
    ['MasterCallDrainAgent', '{"mark_gone":false}'],
    ['CSIPluginInfo', '{"name":"default"}'],
    ['Resource', '{}'],
  ])('%s prints %s', (name, text) => {
    expect(encodeJson<unknown>(messageTypes[name], {})).toBe(text);
  });
});

describe('encodeStreamJson', () => {
  it('escapes everything outside ASCII', () => {
    expect(encodeStreamJson(messageTypes.TaskID, { value: 'Zürich 🚀\u007f' })).toBe(
      '{"value":"Z\\u00FCrich \\uD83D\\uDE80\u007f"}',
    );
  });
});

describe('jsonString', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b\\c/d', '"a\\"b\\\\c/d"'],
    ['\b\f\n\r\t', '"\\b\\f\\n\\r\\t"'],
    ['\u0000\u001f\u007f', '"\\u0000\\u001F\u007f"'],
    ['\ud800', '"\\ud800"'],
  ])('prints %j as %s', (text, json) => {
    expect(jsonString(text)).toBe(json);
  });
});
