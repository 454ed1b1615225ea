import { expect } from 'vitest';
import { type Encoding, encodeCall, mediaTypeOf, Scheduler } from '../scheduler.js';
import { frameworkInfo, Stage } from '../stage.js';
import { type Rule, rule } from '../rule.js';

const CREDENTIALS = {
  credentials: [
    { principal: 'fw', secret: 's3cret' },
    { principal: 'op', token: 't0ken' },
  ],
};
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const FW = basic('fw:s3cret');
const OP = { Authorization: 'Bearer t0ken' };

async function asked(encoding: Encoding, check: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await Stage.start(encoding, { config: { authCredentials: JSON.stringify(CREDENTIALS) } });
  try {
    await check(stage);
  } finally {
    await stage.stop();
  }
}

const subscribeOf = (principal?: string) => ({
  type: 'SUBSCRIBE' as const,
  subscribe: { framework_info: frameworkInfo(principal === undefined ? {} : { principal }) },
});

/** Section 2, where credentials are asked for. Every principal of ours has a value, so that row 2 cannot be. */
export const credentialRules: readonly Rule[] = [
  rule('§2 rows 1, 2', 'without the right credentials nothing is looked at', ({ encoding }) =>
    asked(encoding, async (stage) => {
      const wrong = [
        {},
        basic('fw:wrong'),
        basic('fw'),
        basic('fw:s3cret:x'),
        basic('nobody:s3cret'),
        { Authorization: 'Bearer x' },
      ];
      const right = FW.Authorization;
      for (const headers of [
        ...wrong,
        { Authorization: right.replace('Basic', 'basic') },
        { Authorization: right.replace(' ', '  ') },
      ]) {
        const { status, headers: told, body } = await stage.post({ headers, body: '{' });
        expect([status, told['www-authenticate'], body]).toEqual([
          401,
          'Basic realm="mesos-master-scheduler"',
          '401 Unauthorized.',
        ]);
      }
      for (const headers of [FW, OP]) expect((await stage.post({ headers })).status).toBe(400);
    }),
  ),
  rule(
    '§2 row 16',
    'a framework is its principal’s: of SUBSCRIBE, where it is filled in, and of every call',
    ({ encoding }) =>
      asked(encoding, async (stage) => {
        const refused = "Authenticated principal 'op' does not match principal 'fw' set in `FrameworkInfo`";
        const headers = { 'Content-Type': mediaTypeOf(encoding), Accept: mediaTypeOf(encoding), ...OP };
        const answer = await stage.post({ headers, body: encodeCall(encoding, subscribeOf('fw')) });
        expect([answer.status, answer.body]).toEqual([400, `Failed to validate scheduler::Call: ${refused}`]);
        const scheduler = await Scheduler.open(stage.url, encoding, subscribeOf(), FW);
        scheduler.frameworkId = (await scheduler.next('SUBSCRIBED')).subscribed?.framework_id.value ?? '';
        const shown = await stage.post({ method: 'GET', path: '/frameworks', headers: FW });
        expect(JSON.parse(shown.body)).toMatchObject({ frameworks: [{ principal: 'fw' }] });
        const revived = await scheduler.call({ type: 'REVIVE' }, OP);
        expect([revived.status, revived.body]).toEqual([400, refused]);
        expect((await scheduler.call({ type: 'REVIVE' }, FW)).status).toBe(202);
        expect((await scheduler.call({ type: 'TEARDOWN' }, FW)).status).toBe(202);
        await scheduler.end();
      }),
  ),
];
