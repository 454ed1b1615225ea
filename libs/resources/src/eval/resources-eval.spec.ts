import { describe, expect, it } from 'vitest';
import { answerLine, resourcesEval } from './resources-eval.js';

/** The answer to a request. */
function ask(op: unknown, a?: unknown, b?: unknown): Record<string, unknown> {
  return JSON.parse(answerLine(JSON.stringify({ op, a, b })));
}
const errorOf = (...request: Parameters<typeof ask>): unknown => {
  const answer = ask(...request);
  expect(answer).toEqual({ ok: false, error: expect.any(String) });
  return answer['error'];
};

const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };
const volume = { name: 'disk', type: 'SCALAR', scalar: { value: 5 }, disk: { persistence: { id: 'v' } } };
const VOLUME = 'disk(r)[v]<SHARED>:5';

describe('the protocol', () => {
  it('answers each example as documented', () => {
    const examples: [string, string][] = [
      [
        '{"id":1,"op":"add","a":"cpus:1.5;ports:[1-2]","b":"cpus(r):1;ports:[3-4]"}',
        '{"id":1,"ok":true,"text":"cpus:1.5; cpus(r):1; ports:[1-4]","json":[{"name":"cpus","type":"SCALAR","scalar":{"value":1.5}},{"name":"cpus","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"STATIC","role":"r"}]},{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":4}]}}]}',
      ],
      ['{"id":2,"op":"parse","a":"cpus:x"}', '{"id":2,"ok":false,"error":"cpus: not a number, ranges or a set: x"}'],
      ['{"id":3,"op":"contains","a":"disk[MOUNT:/m]:10","b":"disk[MOUNT:/m]:5"}', '{"id":3,"ok":true,"value":false}'],
      ['{"id":4,"op":"limitsSubtract","a":"cpus:3","b":"cpus:4;mem:1"}', '{"id":4,"ok":true,"text":"cpus:0"}'],
    ];
    for (const [request, answer] of examples) expect(answerLine(request)).toBe(answer);
  });

  it('answers one line a request in order, skips blank lines, and goes on after a bad one', async () => {
    const input = ['{"id":1,"op":"role","a":"a/b"}\n\n  \nnonsense\n', '{"id":2,"op":"role",', '"a":"a"}'];
    const ids: unknown[] = [];
    for await (const answer of resourcesEval(input)) ids.push(JSON.parse(answer).id);
    expect(ids).toEqual([1, undefined, 2]);
  });

  it.each([null, 'x', 0, [1, { a: 2 }], { b: [] }])('repeats the id %j', (id) => {
    const good = JSON.parse(answerLine(JSON.stringify({ id, op: 'role', a: 'a' })));
    const bad = JSON.parse(answerLine(JSON.stringify({ id, op: 'none' })));
    expect([good.id, bad.id]).toEqual([id, id]);
  });

  it('gives no id when none was given', () => {
    expect(answerLine('{"op":"role","a":"a"}')).toBe('{"ok":true,"ancestors":[]}');
  });

  it.each([
    'nonsense',
    '{"op":',
    '5',
    '"x"',
    'null',
    '[]',
    '{}',
    '{"op":5}',
    '{"op":"nope"}',
    '{"op":"toString"}',
    '{"op":"__proto__"}',
  ])('refuses the line %s', (line) => {
    expect(JSON.parse(answerLine(line))).toEqual({ ok: false, error: expect.any(String) });
  });

  it.each([
    'parse',
    'parseFlag',
    'add',
    'subtract',
    'contains',
    'equals',
    'quantities',
    'containsQuantities',
    'shrink',
    'limit',
    'allocatableTo',
    'reserved',
    'unreserved',
    'quantitiesAdd',
    'quantitiesSubtract',
    'quantitiesContain',
    'limitsSubtract',
    'limitsContain',
    'role',
    'subrole',
  ])('refuses %s without its first operand', (op) => {
    expect(errorOf(op)).toBe('operand a is missing');
    expect(errorOf(op, null)).toBe('operand a is missing');
  });

  it.each([
    'add',
    'subtract',
    'contains',
    'equals',
    'containsQuantities',
    'shrink',
    'limit',
    'allocatableTo',
    'quantitiesAdd',
    'quantitiesSubtract',
    'quantitiesContain',
    'limitsSubtract',
    'limitsContain',
    'subrole',
  ])('refuses %s without its second operand', (op) => {
    expect(errorOf(op, '')).toMatch(/operand b is missing|Role names/);
  });

  it('survives what is nested without end', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(JSON.parse(answerLine(`{"op":"parse","a":${deep}}`)).ok).toBe(false);
    expect(JSON.parse(answerLine(`{"id":${deep},"op":"role","a":"a"}`)).ok).toBe(false);
  });
});

describe('operands', () => {
  it('are texts with all suffixes, in canonical order in the answer', () => {
    expect(ask('parse', 'disk(r)[PATH:/p,v1]<SHARED>:5;cpus{REV}:4;disk[MOUNT:/m]:100;zones:{b,a}')['text']).toBe(
      'cpus{REV}:4; disk(r)[PATH:/p,v1]<SHARED>:5; disk[MOUNT:/m]:100; zones:{a, b}',
    );
  });

  it('are lists of texts and documents, or JSON in a text', () => {
    expect(ask('parse', ['cpus:1', cpus, { ...cpus, role: 'r' }])['text']).toBe('cpus:2; cpus(r):1');
    expect(ask('parse', ` ${JSON.stringify([cpus])}`)['text']).toBe('cpus:1');
    expect(errorOf('parse', `${JSON.stringify([cpus])} x`)).toContain('not formatted properly');
  });

  it.each([5, true, cpus, [5], [[]]])('refuse %j as resources', (a) => {
    errorOf('parse', a);
  });

  it.each([
    ['quantitiesAdd', 5],
    ['quantitiesAdd', ['cpus:1']],
    ['limitsContain', {}],
    ['role', 5],
    ['parseFlag', [cpus]],
  ])('of %s refuse %j, where only a text will do', (op, a) => {
    expect(errorOf(op, a, 'cpus:1')).toBe('operand a: expected a text');
  });

  it('refuse a name with two kinds, also across the operands of a sum (A1)', () => {
    expect(errorOf('parse', 'cpus:1;cpus:{a}')).toBe('cpus: used with two kinds of value');
    expect(errorOf('add', 'cpus:1', 'cpus:{a}')).toBe('cpus: used with two kinds of value');
  });
});

describe('documents in answers', () => {
  it('have the members of the documentation, only where they apply', () => {
    const document = {
      ...volume,
      reservations: [
        { type: 'STATIC', role: 'a' },
        { type: 'DYNAMIC', role: 'a/b', principal: 'p', labels: { labels: [{ key: 'k', value: 'v' }] } },
      ],
      disk: { persistence: { id: 'v' }, source: { type: 'PATH', path: { root: '/p' } } },
      revocable: {},
      shared: {},
      provider_id: { value: 'rp' },
    };
    expect(ask('parse', [{ ...document, allocation_info: { role: 'a/b' } }])).toEqual({
      ok: true,
      text: 'disk(a/b)[PATH:/p,v]{REV}<SHARED>:5',
      json: [document],
    });
  });

  it('have ranges joined and sorted, and set items in byte order', () => {
    expect(ask('parse', 'ports:[7-8,1-2,3-3];zones:{b,a,B}')['json']).toEqual([
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 3 },
            { begin: 7, end: 8 },
          ],
        },
      },
      { name: 'zones', type: 'SET', set: { item: ['B', 'a', 'b'] } },
    ]);
  });

  it('show the older form as reservations', () => {
    const answer = ask('parse', [{ ...cpus, role: 'r', reservation: { principal: 'p' } }]);
    expect(answer['json']).toEqual([{ ...cpus, reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }] }]);
  });

  it('are none for nothing', () => {
    expect(ask('parse', 'cpus:0')).toEqual({ ok: true, text: '', json: [] });
  });

  it('show several copies as one document, and their number in the text', () => {
    const answer = ask('add', VOLUME, VOLUME);
    expect(answer['text']).toBe('disk(r)[v]<SHARED*2>:5');
    expect(answer['json']).toHaveLength(1);
  });
});

describe('documents that are refused', () => {
  it.each<[string, object]>([
    ['an empty name', { ...cpus, name: '' }],
    ['no type', { name: 'cpus', scalar: { value: 1 } }],
    ['TEXT', { ...cpus, type: 'TEXT' }],
    ['two value members', { ...cpus, set: { item: [] } }],
    ['the wrong value member', { ...cpus, type: 'SET' }],
    ['a negative scalar (A2)', { ...cpus, scalar: { value: -1 } }],
    ['a scalar that rounds to zero (A2)', { ...cpus, scalar: { value: 0.0004 } }],
    ['an inverted range', { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 2, end: 1 }] } }],
    [
      'overlapping ranges',
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 2 },
            { begin: 2, end: 3 },
          ],
        },
      },
    ],
    ['repeated items', { name: 'zones', type: 'SET', set: { item: ['a', 'a'] } }],
    ['a reservation without type (A10)', { ...cpus, reservations: [{ role: 'r' }] }],
    ['a reservation without role (A10)', { ...cpus, reservations: [{ type: 'STATIC' }] }],
    ['a reservation for * (A10)', { ...cpus, reservations: [{ type: 'STATIC', role: '*' }] }],
    ['an invalid role (A11)', { ...cpus, reservations: [{ type: 'STATIC', role: 'a//b' }] }],
    [
      'a static refinement (A10)',
      {
        ...cpus,
        reservations: [
          { type: 'STATIC', role: 'a' },
          { type: 'STATIC', role: 'a/b' },
        ],
      },
    ],
    [
      'a refinement beside its role (A10)',
      {
        ...cpus,
        reservations: [
          { type: 'STATIC', role: 'a' },
          { type: 'DYNAMIC', role: 'ab' },
        ],
      },
    ],
    ['* with a reservation', { ...cpus, role: '*', reservation: {} }],
    ['disk info on another name', { ...cpus, disk: { persistence: { id: 'v' } } }],
    ['shared without a volume', { ...volume, disk: undefined, shared: {} }],
  ])('have %s', (_name, document) => {
    errorOf('parse', [document]);
  });
});

describe('parseFlag', () => {
  it('reads what an agent is given', () => {
    expect(ask('parseFlag', 'cpus:1;mem(r):2')['text']).toBe('cpus:1; mem(r):2');
    expect(ask('parseFlag', JSON.stringify([{ ...cpus, role: 'r' }]))).toEqual({
      ok: true,
      text: 'cpus(r):1',
      json: [{ ...cpus, reservations: [{ type: 'STATIC', role: 'r' }] }],
    });
  });

  it.each([
    'disk[v]:1',
    'disk[MOUNT:/m]:1',
    'cpus{REV}:1',
    'disk(r)[v]<SHARED>:1',
    'cpus:x',
    'cpus:1;cpus:{a}',
    JSON.stringify([{ ...volume, role: 'r' }]),
    JSON.stringify([{ ...cpus, revocable: {} }]),
    JSON.stringify([{ ...cpus, role: 'r', reservation: {} }]),
  ])('refuses %s', (a) => {
    errorOf('parseFlag', a);
  });
});

describe('operations', () => {
  it.each<[string, unknown, unknown, string]>([
    ['add', 'cpus:0.1', 'cpus:0.2', 'cpus:0.3'],
    ['add', 'disk[MOUNT:/m]:1', 'disk[MOUNT:/m]:1', 'disk[MOUNT:/m]:1; disk[MOUNT:/m]:1'],
    ['subtract', 'cpus:3;mem:1', 'cpus:4;disk:1', 'mem:1'],
    ['subtract', 'ports:[1-5]', 'ports:[4-9]', 'ports:[1-3]'],
    ['subtract', 'disk(r)[v]<SHARED*2>:5', VOLUME, VOLUME],
    [
      'quantities',
      'cpus:1;cpus(r):2;ports:[1-3];zones:{a};disk(r)[v]<SHARED*3>:5',
      undefined,
      'cpus:3; disk:5; ports:3; zones:1',
    ],
    ['quantities', '', undefined, ''],
    ['shrink', 'cpus(r):3;cpus:3;mem:1', 'cpus:4', 'cpus:1; cpus(r):3'],
    ['shrink', 'cpus:1', '', ''],
    ['shrink', 'disk[MOUNT:/m]:10', 'disk:5', ''],
    ['limit', 'cpus:5;mem:1', 'cpus:2', 'cpus:2; mem:1'],
    ['limit', 'cpus:5;mem:1', 'cpus:0', 'mem:1'],
    ['limit', 'cpus:5', '', 'cpus:5'],
    ['allocatableTo', 'cpus:1;cpus(a):2;cpus(a/b):3;cpus(c):4', 'a', 'cpus:1; cpus(a):2'],
    ['allocatableTo', 'cpus:1;cpus(a):2;cpus(a/b):3;cpus(c):4', 'a/b/c', 'cpus:1; cpus(a):2; cpus(a/b):3'],
    ['allocatableTo', 'cpus:1;cpus(a):2', '*', 'cpus:1'],
    ['reserved', 'cpus:1;cpus(a):2;cpus(a/b):3', undefined, 'cpus(a):2; cpus(a/b):3'],
    ['reserved', 'cpus:1;cpus(a):2;cpus(a/b):3', 'a', 'cpus(a):2'],
    ['reserved', 'cpus:1', '*', ''],
    ['unreserved', 'cpus:1;cpus(a):2', undefined, 'cpus:1'],
    ['quantitiesAdd', 'cpus:1', 'mem:2;cpus:1', 'cpus:2; mem:2'],
    ['quantitiesSubtract', 'cpus:1;mem:1', 'cpus:2;mem:0.5', 'mem:0.5'],
    ['limitsSubtract', 'cpus:3;disk:1', 'cpus:4;mem:1', 'cpus:0; disk:1'],
  ])('%s %j %j gives %j', (op, a, b, text) => {
    expect(ask(op, a, b)['text']).toBe(text);
  });

  it.each<[string, unknown, unknown, boolean]>([
    ['contains', 'cpus:2', 'cpus:1', true],
    ['contains', VOLUME, 'disk(r)[v]<SHARED*2>:5', false],
    ['equals', 'cpus:1;mem:2', 'mem:2;cpus:1', true],
    ['equals', 'cpus:1', 'cpus:1;mem:1', false],
    ['containsQuantities', 'cpus:1;cpus(r):1;ports:[1-2]', 'cpus:2;ports:2', true],
    ['containsQuantities', 'ports:[1-2]', 'ports:3', false],
    ['quantitiesContain', 'cpus:1', '', true],
    ['quantitiesContain', 'cpus:1', 'mem:1', false],
    ['limitsContain', 'cpus:1', 'cpus:1;mem:9', true],
    ['limitsContain', 'cpus:0', 'cpus:0.001', false],
    ['subrole', 'a/b', 'a', true],
    ['subrole', 'a/bx', 'a/b', false],
    ['subrole', 'a', 'a', false],
  ])('%s %j %j is %s', (op, a, b, value) => {
    expect(ask(op, a, b)).toEqual({ ok: true, value });
  });

  it('role lists ancestors, nearest first (A11)', () => {
    expect(ask('role', 'a/b/c')).toEqual({ ok: true, ancestors: ['a/b', 'a'] });
    expect(ask('role', '*')).toEqual({ ok: true, ancestors: [] });
  });

  it.each<[string, unknown, unknown]>([
    ['role', 'a/', undefined],
    ['role', '', undefined],
    ['subrole', 'a', '-b'],
    ['allocatableTo', 'cpus:1', 'a b'],
    ['reserved', 'cpus:1', 'a//b'],
    ['quantitiesAdd', 'cpus:-1', 'cpus:1'],
    ['quantitiesAdd', 'ports:[1-2]', 'cpus:1'],
    ['limitsContain', 'cpus:1;cpus:1', 'cpus:1'],
    ['shrink', 'cpus:1', 'cpus:0.0001'],
    ['add', 'cpus:1', 'cpus:x'],
  ])('%s %j %j is refused', (op, a, b) => {
    errorOf(op, a, b);
  });
});
