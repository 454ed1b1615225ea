import { partitionOf, type Page, type TaskView } from '@tranche/contracts';
import type { Route } from '@tranche/messaging';
import { describe, expect, it } from 'vitest';
import { CountedIds } from '../ids.port.js';
import { offersRouter } from './offers.router.js';

const head = (method: string, url: string, headers: Record<string, string> = {}): Route | undefined =>
  offersRouter.byHead({ method, url, headers });
const JSON_TYPE = { 'content-type': 'application/json' };
const call = (document: unknown, headers: Record<string, string> = JSON_TYPE): Route =>
  offersRouter.byBody({
    ...{ method: 'POST', url: '/api/v1/scheduler', headers },
    body: Buffer.from(JSON.stringify(document)),
  });

describe('offersRouter', () => {
  it.each([
    ['GET', '/v1/frameworks/C-0001', { to: 'key', key: 'C-0001' }],
    ['POST', '/v1/frameworks/a:b:teardown', { to: 'key', key: 'a:b' }],
    ['POST', '/v1/offers/C-O7:rescind', { to: 'key', key: 'C-O7' }],
    ['GET', '/v1/tasks/t%2F1?frameworkId=f', { to: 'key', key: 'f' }],
    ['POST', '/v1/tasks/t:kill', { to: 'who-knows' }],
    ['GET', '/v1/operations/6f1', { to: 'who-knows' }],
    ['GET', '/master/frameworks/?framework_id=f', { to: 'key', key: 'f' }],
    ['GET', '/tasks?framework_id=f', { to: 'key', key: 'f' }],
    ['GET', '/v1/settings', { to: 'any' }],
    ['HEAD', '/v1/tasks', { to: 'any' }],
    ['POST', '/master/teardown', undefined],
    ['POST', '/api/v1/scheduler', undefined],
  ])('%s %s goes to %j', (method, url, expected) => {
    expect(head(method, url)).toEqual(expected);
  });

  it('follows the stream of a call, whose id tells its owner', () => {
    for (let index = 0; index < 4; index++) {
      const ids = new CountedIds('C', { index, count: 4 });
      const route = head('POST', '/api/v1/scheduler', { 'mesos-stream-id': ids.newStreamId() });
      expect(route?.to === 'key' && partitionOf(route.key, 4)).toBe(index);
      expect(partitionOf(ids.nextFrameworkId(), 4)).toBe(index);
      expect(partitionOf(ids.nextOfferId(), 4)).toBe(index);
    }
  });

  it.each([
    ['a framework that comes back', { type: 'SUBSCRIBE', framework_id: { value: 'f' } }, { to: 'key', key: 'f' }],
    [
      'a framework that names itself',
      { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'u', name: 'n', id: { value: 'f' } } } },
      { to: 'key', key: 'f' },
    ],
    ['a new framework', { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'u', name: 'n' } } }, { to: 'any' }],
    ['what cannot be read', 'nonsense', { to: 'any' }],
  ])('brings %s to its owner by the body', (_what, document, expected) => {
    expect(call(document)).toEqual(expected);
  });

  it('takes the framework of a teardown from the form', () => {
    const asked = { method: 'POST', url: '/master/teardown', headers: {}, body: Buffer.from('frameworkId=f') };
    expect(offersRouter.byBody(asked)).toEqual({ to: 'key', key: 'f' });
  });

  it('puts lists of all partitions together, and their pages', () => {
    const task = (id: string, second: number): Partial<TaskView> => ({
      ...{ id, frameworkId: 'f' },
      launchedAt: new Date(second * 1000).toISOString(),
    });
    const page = (...items: Partial<TaskView>[]): string => JSON.stringify({ items, asOf: 2 });
    const route = head('GET', '/v1/tasks?limit=3');
    if (route?.to !== 'all') throw new Error('not of all');
    const merged = JSON.parse(
      route.merge([page(task('a', 9), task('b', 5)), page(task('c', 7), task('d', 1))]),
    ) as Page<TaskView>;
    expect([merged.items.map(({ id }) => id), merged.asOf]).toEqual([['a', 'c', 'b'], 4]);
    expect(JSON.parse(Buffer.from(merged.next ?? '', 'base64url').toString())).toEqual([-5_000, 'f/b']);
    expect(JSON.parse(route.merge([page(task('a', 9)), page()]))).not.toHaveProperty('next');
  });

  it('asks the parts of a list for all members, and picks those that are wanted when it has sorted them', () => {
    const task = (id: string, name: string, second: number): Partial<TaskView> => ({
      ...{ id, name, frameworkId: 'f', launchedAt: new Date(second * 1000).toISOString() },
    });
    const page = (...items: Partial<TaskView>[]): string => JSON.stringify({ items, total: items.length, asOf: 2 });
    const route = head('GET', '/v1/tasks?sort=-name&fields=id&count=true&limit=2');
    if (route?.to !== 'all') throw new Error('not of all');
    expect(route.url).toBe('/v1/tasks?sort=-name&count=true&limit=2');
    const merged = JSON.parse(
      route.merge([page(task('a', 'x', 1), task('b', 'z', 2)), page(task('c', 'y', 3))]),
    ) as Page<TaskView>;
    expect(merged).toEqual({ items: [{ id: 'b' }, { id: 'c' }], next: expect.any(String), total: 3, asOf: 4 });
  });

  it('puts the classic documents together as they stand', () => {
    const frameworks = head('GET', '/frameworks?jsonp=f');
    if (frameworks?.to !== 'all') throw new Error('not of all');
    const of = (live: string, completed: string): string =>
      `{"frameworks":[${live}],"completed_frameworks":[${completed}],"unregistered_frameworks":[]}`;
    expect(frameworks).toMatchObject({ url: '/frameworks', contentType: 'text/javascript' });
    expect(frameworks.merge([of('{"x":1.0}', ''), of('', '{"y":2.0}')])).toBe(`f(${of('{"x":1.0}', '{"y":2.0}')});`);
    const tasks = head('GET', '/master/tasks?limit=2&offset=1');
    if (tasks?.to !== 'all') throw new Error('not of all');
    const task = (id: string, at: number): string => `{"id":"${id}","statuses":[{"timestamp":${at}.0}]}`;
    expect(tasks.url).toBe('/master/tasks?limit=3&offset=0');
    expect(tasks.merge([`{"tasks":[${task('a', 9)},${task('b', 5)}]}`, `{"tasks":[${task('c', 7)}]}`])).toBe(
      `{"tasks":[${task('c', 7)},${task('b', 5)}]}`,
    );
  });
});
