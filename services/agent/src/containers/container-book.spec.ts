import { describe, expect, it } from 'vitest';
import type { ContainerLaunch } from './agent-container.js';
import { ContainerBook, isContainerRecord } from './container-book.js';

const launch = (containerId: string, more: Partial<ContainerLaunch> = {}): ContainerLaunch => ({
  ...{ containerId, id: { value: `name-${containerId}` }, command: { value: 'true' }, user: 'root' },
  ...{ sandbox: `/sandbox/${containerId}`, launchedAtMs: 1 },
  ...more,
});
const within = (containerId: string, parent: ContainerLaunch): ContainerLaunch =>
  launch(containerId, { parentId: parent.containerId, id: { value: containerId, parent: parent.id } });

describe('ContainerBook', () => {
  it('knows a container by its own id and by the name that its client gave it', () => {
    const book = new ContainerBook();
    const outer = launch('a');
    book.apply({ kind: 'api-container', launch: outer });
    book.apply({ kind: 'api-container', launch: within('b', outer) });
    book.apply({ kind: 'api-container-started', containerId: 'b' });
    book.apply({ kind: 'api-container-ended', containerId: 'b', end: { waitStatus: 256 } });
    expect(book.named('name-a.b')).toBe(book.get('b'));
    expect(book.get('b')).toMatchObject({ isStarted: true, end: { waitStatus: 256 } });
    expect(book.within('a').map(({ containerId }) => containerId)).toEqual(['b']);
  });

  it('forgets those within one that is removed', () => {
    const book = new ContainerBook();
    const [outer, middle] = [launch('a'), within('b', launch('a'))];
    for (const each of [outer, middle, within('c', middle), launch('d')])
      book.apply({ kind: 'api-container', launch: each });
    book.apply({ kind: 'api-container-removed', containerId: 'a' });
    expect([...book.all].map(({ containerId }) => containerId)).toEqual(['d']);
    expect(book.named('name-a.b.c')).toBeUndefined();
  });

  it('changes nothing by records of what is not there, and takes no name twice', () => {
    const book = new ContainerBook();
    book.apply({ kind: 'api-container', launch: launch('a') });
    book.apply({ kind: 'api-container', launch: launch('b', { id: { value: 'name-a' } }) });
    book.apply({ kind: 'api-container-ended', containerId: 'b', end: {} });
    book.apply({ kind: 'api-container-removed', containerId: 'b' });
    expect([...book.all]).toEqual([launch('a')]);
  });

  it('is rebuilt by its snapshot', () => {
    const [book, copy] = [new ContainerBook(), new ContainerBook()];
    book.apply({ kind: 'api-container', launch: launch('a') });
    book.apply({ kind: 'api-container', launch: within('b', launch('a')) });
    book.apply({ kind: 'api-container-ended', containerId: 'b', end: { waitStatus: 9 } });
    const records = [...book.snapshot()];
    expect(records.every(isContainerRecord)).toBe(true);
    for (const record of records) copy.apply(record);
    expect([...copy.all]).toEqual([...book.all]);
  });
});
