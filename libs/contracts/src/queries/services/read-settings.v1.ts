import { Type } from 'typebox';
import { query, type ResponseOf } from '../../contract.js';
import { SettingRecord } from '../../records/service-part.js';

/** What were you started with? Secrets are masked. Answered by every service, partition, replica and agent about itself. */
export const ReadSettingsV1 = query({
  name: 'read-settings',
  version: 1,
  owner: 'each',
  request: Type.Object({}),
  response: Type.Object({ settings: Type.Array(SettingRecord) }),
});
export type ReadSettingsAnswer = ResponseOf<typeof ReadSettingsV1>;
