import type { ImageView } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import type { ImageList } from './image-list.js';
import { ImagesApiController } from './images-api.controller.js';

describe('ImagesApiController', () => {
  it('lists more images than a call takes arguments', async () => {
    const views = Array.from({ length: 200_000 }, (_, index) => ({
      ...{ agentId: 'a', name: `x:${index}`, lastUsedAt: '2026-01-01T00:00:00.000Z' },
    }));
    const list: Pick<ImageList, 'views'> = { views: async () => views as ImageView[] };
    const page = await new ImagesApiController(list as ImageList).list({ limit: '2' });
    expect(page.items.map(({ name }) => name)).toEqual(['x:0', 'x:1']);
  });
});
