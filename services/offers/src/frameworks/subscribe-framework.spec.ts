import { describe, expect, it } from 'vitest';
import { FakeStream, frameworkInfo, offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { disconnectFramework } from './disconnect-framework.js';
import { removeFramework } from './remove-framework.js';
import { subscribeFramework } from './subscribe-framework.js';

const terms = (more = {}, rest = {}) => ({ info: frameworkInfo(more), suppressedRoles: [], ...rest });

describe('subscribeFramework', () => {
  it('gives a new framework an id and greets it with SUBSCRIBED and HEARTBEAT', () => {
    const context = scene();
    const stream = new FakeStream();
    const result = subscribeFramework(context, terms(), stream);
    expect(result).toMatchObject({ ok: true, framework: { frameworkId: 'C-0000' } });
    expect(stream.events[0]?.subscribed?.framework_id).toEqual({ value: 'C-0000' });
    expect(stream.types()).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(stream.heartbeatIntervalMs).toBe(15_000);
    expect(context.changes.frameworkStates).toEqual(['connected']);
  });

  it('gives no id that a live or completed framework has', () => {
    const context = scene();
    subscribeFramework(context, terms({ id: { value: 'C-0000' } }), new FakeStream());
    const gone = subscribeFramework(context, terms({ id: { value: 'C-0001' } }), new FakeStream());
    if (gone.ok) removeFramework(context, gone.framework, 'torn down by the scheduler');
    expect(subscribeFramework(context, terms(), new FakeStream())).toMatchObject({
      framework: { frameworkId: 'C-0002' },
    });
  });

  it('accepts an id that nobody here knows', () => {
    const context = scene();
    const result = subscribeFramework(context, terms({ id: { value: 'X' } }), new FakeStream());
    expect(result).toMatchObject({ ok: true, framework: { frameworkId: 'X' } });
  });

  it.each([
    [
      'a role that is none',
      { roles: ['a/../b'] },
      {},
      "'FrameworkInfo.roles' contains invalid role: Role 'a/../b' cannot include '..' as a component",
    ],
    [
      'suppression of a role it is not in',
      {},
      { suppressedRoles: ['zzz'] },
      'Suppressed roles { zzz } are not contained in the set of roles',
    ],
    [
      'constraints for a role it is not in',
      {},
      { offerConstraints: { role_constraints: { zzz: {} } } },
      "Offer constraints specify `role_constraints` for a role 'zzz'not contained in the set of roles",
    ],
    [
      'constraints without groups',
      {},
      { offerConstraints: { role_constraints: { web: {} } } },
      "Offer constraints are not valid: constraints for role 'web': 'groups' must not be empty",
    ],
  ])('refuses %s with an ERROR event and ends the stream', (_what, info, rest, message) => {
    const stream = new FakeStream();
    expect(subscribeFramework(scene(), terms(info, rest), stream)).toEqual({ ok: false, message });
    expect(stream.take()).toEqual([{ type: 'ERROR', error: { message } }]);
    expect(stream.isEnded).toBe(true);
  });

  it('refuses a removed framework', () => {
    const context = scene();
    const { framework } = subscribe(context);
    removeFramework(context, framework, 'torn down');
    const result = subscribeFramework(context, terms({ id: { value: 'C-0000' } }), new FakeStream());
    expect(result).toEqual({ ok: false, message: 'Framework has been removed' });
  });

  it('refuses another principal without telling the first', () => {
    const context = scene();
    subscribe(context, { principal: 'a' });
    const result = subscribeFramework(context, terms({ id: { value: 'C-0000' }, principal: 'b' }), new FakeStream());
    expect(result).toEqual({ ok: false, message: "Changing framework's principal is not allowed." });
  });

  it('fails over from a live stream: the old one is told, offers are withdrawn without RESCIND', () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    const offerId = offer(context, framework);
    stream.take();
    const second = new FakeStream('second');
    subscribeFramework(context, terms({ id: { value: 'C-0000' } }), second);
    expect(stream.take()).toEqual([{ type: 'ERROR', error: { message: 'Framework failed over' } }]);
    expect(stream.isEnded).toBe(true);
    expect(second.types()).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(context.changes.ended).toEqual([[offerId, 'withdrawn']]);
    expect(context.allocator.recovered).toMatchObject([{ frameworkId: 'C-0000', role: 'web' }]);
    expect(framework.stream?.streamId).toBe('second');
  });

  it('rescinds offers of roles that a failover gives up, on the old stream', () => {
    const context = scene();
    const { framework, stream } = subscribe(context, { roles: ['web', 'batch'] });
    offer(context, framework, { role: 'batch' });
    stream.take();
    subscribeFramework(context, terms({ id: { value: 'C-0000' } }), new FakeStream('second'));
    expect(stream.types()).toEqual(['RESCIND', 'ERROR']);
  });

  it('tells agents with its tasks when it comes back', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    const accept = {
      offer_ids: [{ value: offer(context, framework) }],
      operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
    };
    await acceptOffers(context, framework, accept, 'trace');
    disconnectFramework(context, framework, stream, 'closed');
    subscribeFramework(context, terms({ id: { value: 'C-0000' } }), new FakeStream('second'));
    expect(context.agents.updatedFrameworks).toMatchObject([{ frameworkId: 'C-0000' }]);
    context.clock.advance(3_600_000);
    expect(framework.record.state).toBe('connected');
  });
});
