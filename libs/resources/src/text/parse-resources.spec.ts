import { describe, expect, it } from 'vitest';
import { Resources } from '../resources.js';
import { ResourceError } from '../resource.errors.js';
import { parseResourceText } from './parse-resources.js';

const text = (input: string) => Resources.parse(input).toText();

describe('text of resources', () => {
  it('gives numbers, ranges and sets by the form of the value', () => {
    expect(parseResourceText('cpus:1.5;ports:[1-2,7-8];zones:{b,a}').map(({ value }) => value)).toEqual([
      { kind: 'scalar', milli: 1500 },
      {
        kind: 'ranges',
        ranges: [
          { begin: 1, end: 2 },
          { begin: 7, end: 8 },
        ],
      },
      { kind: 'set', items: ['b', 'a'] },
    ]);
  });

  it('reserves statically for the role in parentheses; (*) is unreserved', () => {
    expect(parseResourceText('cpus(a/b):1;cpus(*):1').map(({ reservations }) => reservations)).toEqual([
      [{ type: 'STATIC', role: 'a/b' }],
      [],
    ]);
  });

  it('takes the default role where none is named', () => {
    expect(Resources.parse('cpus:1;cpus(*):2;mem(x):3', { defaultRole: 'r' }).toText()).toBe(
      'cpus:2; cpus(r):1; mem(x):3',
    );
  });

  it.each([
    ['disk[MOUNT:/m]:100', { source: { type: 'MOUNT', root: '/m' } }],
    ['disk[PATH:/p]:100', { source: { type: 'PATH', root: '/p' } }],
    ['disk[RAW]:100', { source: { type: 'RAW' } }],
    ['disk[BLOCK]:100', { source: { type: 'BLOCK' } }],
    ['disk(r)[v1]:5', { persistence: { id: 'v1' } }],
    ['disk(r)[PATH:/p,v1]:5', { source: { type: 'PATH', root: '/p' }, persistence: { id: 'v1' } }],
    ['disk(r)[ MOUNT:/m , v1 ]:5', { source: { type: 'MOUNT', root: '/m' }, persistence: { id: 'v1' } }],
  ])('reads the disk info of %s', (input, disk) => {
    expect(parseResourceText(input)[0]?.disk).toEqual(disk);
  });

  it('reads {REV} and <SHARED>, also with copies', () => {
    const [cpus, disk, copied] = parseResourceText('cpus{REV}:4;disk(r)[v1]<SHARED>:5;disk(r)[v2]<SHARED*3>:5');
    expect(cpus?.revocable).toBe(true);
    expect([disk?.shared, disk?.copies, copied?.copies]).toEqual([true, 1, 3]);
  });

  it('skips empty entries and drops blanks around name and role and inside values', () => {
    expect(text(' ; cpus ( r ) : 1 . 5 ;; ports : [ 1 - 2 , 3-4 ] ; zones:{ a , b };')).toBe(
      'cpus(r):1.5; ports:[1-4]; zones:{a, b}',
    );
  });

  it('joins overlapping and touching ranges', () => {
    expect(text('ports:[7-10,1-3,3-4,5-5]')).toBe('ports:[1-5, 7-10]');
  });

  it('lets zero values vanish', () => {
    expect(Resources.parse('cpus:0;ports:[];zones:{};mem:0.0').isEmpty).toBe(true);
  });

  it('adds entries of equal identity up', () => {
    expect(text('cpus:1;cpus:0.5;cpus(r):1;zones:{a};zones:{b}')).toBe('cpus:1.5; cpus(r):1; zones:{a, b}');
  });

  it.each([
    ['cpus', "cpus: missing ':' between name and value"],
    ['cpus:1:2', "cpus:1:2: more than one ':'"],
    ['cpus(a:b):1', "more than one ':'"],
    [':1', ':1: empty resource name'],
    ['(r):1', '(r):1: empty resource name'],
    ['cpus:x', 'cpus: not a number, ranges or a set: x'],
    ['cpus:', 'cpus: not a number, ranges or a set: '],
    ['cpus:-1', 'cpus: not a number, ranges or a set: -1'],
    ['cpus:+1', 'not a number'],
    ['cpus:1e3', 'not a number'],
    ['cpus:0x1', 'not a number'],
    ['cpus:NaN', 'not a number'],
    ['cpus:Infinity', 'not a number'],
    ['cpus:inf', 'not a number'],
    ['cpus:1.2.3', 'not a number'],
    ['cpus:0.0004', 'cpus: rounds to zero: 0.0004'],
    ['cpus:0.00001', 'rounds to zero'],
    ['cpus:99999999999999', 'too large'],
    ['ports:[1-2', 'ports: unbalanced brackets'],
    ['ports:1-2]', 'not a number'],
    ['ports:[[1-2]]', 'unbalanced brackets'],
    ['ports:[1-2]x', 'unbalanced brackets'],
    ['ports:[', 'unbalanced brackets'],
    ['zones:{a', 'unbalanced brackets'],
    ['zones:{a}}', 'unbalanced brackets'],
    ['ports:[1]', 'ports: odd number of range ends'],
    ['ports:[1-2-3]', 'odd number of range ends'],
    ['ports:[1,2]', 'ports: not ranges of whole numbers'],
    ['ports:[a-b]', 'not ranges of whole numbers'],
    ['ports:[1-2,]', 'odd number of range ends'],
    ['ports:[1.5-2]', 'not ranges of whole numbers'],
    ['ports:[-1-2]', 'odd number of range ends'],
    ['ports:[2-1]', 'ports: inverted range: 2-1'],
    ['ports:[0-9007199254740992]', 'range end too large'],
    ['zones:{a,a}', 'zones: repeated set item'],
    ['zones:{a,}', 'empty set item'],
    ['cpus():1', 'Role names cannot be the empty string'],
    ['cpus(a//b):1', "cpus: Role 'a//b' cannot contain two adjacent slashes"],
    ['cpus(r:1', 'expected name(role)[disk]{REV}<SHARED>:value'],
    ['cpus)r(:1', 'expected name(role)'],
    ['cpus(r)x:1', 'expected name(role)'],
    ['disk{REV}[v1]:1', 'expected name(role)'],
    ['cpus{rev}:1', 'expected name(role)'],
    ['cpus[v1]:1', 'cpus: only disk has disk info'],
    ['disk[]:1', 'disk: bad disk info: []'],
    ['disk[MOUNT:]:1', 'disk: bad disk source: MOUNT:'],
    ['disk[RAW:/r]:1', 'bad disk source: RAW:/r'],
    ['disk[MOUNT:/m,]:1', 'bad disk info'],
    ['disk[v1,MOUNT:/m]:1', 'bad disk info'],
    ['disk[MOUNT:/m,v1,v2]:1', 'bad disk info'],
    ['disk[TAPE:/t]:1', 'bad disk info'],
    ['disk[..]:1', 'bad disk info'],
    ['disk<SHARED>:1', 'disk: only persistent volumes can be shared'],
    ['disk[MOUNT:/m]<SHARED>:1', 'only persistent volumes can be shared'],
    ['disk[v1]<SHARED*0>:1', 'expected name(role)'],
  ])('refuses %s', (input, message) => {
    expect(() => parseResourceText(input)).toThrow(message);
    expect(() => parseResourceText(input)).toThrow(ResourceError);
  });
});
