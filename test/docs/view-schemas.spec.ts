import { expect, it } from 'vitest';
import { viewSchemas } from '../../scripts/generate-view-schemas.mjs';

it('the schemas of the REST views are those of their types', { timeout: 60_000 }, async () => {
  await expect(viewSchemas()).toMatchFileSnapshot('../../libs/contracts/src/generated/view-schemas.ts');
});
