import { RecordDecoder } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { ExecBody, inputRecords, launchCall, ResizeBody, resizeRecords, SignalBody } from './exec-request.js';

const ID = { value: 's1', parent: { value: 'c1' } };
const callsIn = (body: Buffer) =>
  new RecordDecoder()
    .push(body)
    .map((record) => (JSON.parse(record.toString()) as { attach_container_input: unknown }).attach_container_input);

describe('a command in a task', () => {
  it('is a text for the shell', () => {
    expect(launchCall(ID, { command: 'ls | wc' })).toEqual({
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: { container_id: ID, command: { shell: true, value: 'ls | wc' } },
    });
  });

  it('is a file with its arguments, with variables, a user and a terminal', () => {
    const tty = { rows: 24, columns: 80 };
    const asked = ExecBody.parse({ command: ['ls', '-l'], env: { TERM: 'xterm' }, user: 'nobody', tty });
    expect(launchCall(ID, asked).launch_nested_container_session).toEqual({
      container_id: ID,
      command: {
        ...{ shell: false, value: 'ls', arguments: ['ls', '-l'], user: 'nobody' },
        environment: { variables: [{ name: 'TERM', value: 'xterm' }] },
      },
      container: { type: 'MESOS', tty_info: { window_size: tty } },
    });
  });

  it.each([
    {},
    { command: '' },
    { command: [] },
    { command: [''] },
    { command: 'a', tty: true },
    { command: 'a', tty: { rows: 0, columns: 80 } },
    { command: 'a', cwd: '/' },
    { command: 'a', env: { A: 1 } },
  ])('is not asked for by %j', (body) => {
    expect(ExecBody.safeParse(body).success).toBe(false);
  });
});

describe('what a session is told', () => {
  const first = { type: 'CONTAINER_ID', container_id: ID };
  const input = (text: string) => ({
    type: 'PROCESS_IO',
    process_io: { type: 'DATA', data: { type: 'STDIN', data: Buffer.from(text).toString('base64') } },
  });

  it('is bytes, and an empty piece behind the last of them', () => {
    expect(callsIn(inputRecords(ID, Buffer.from('ab'), false))).toEqual([first, input('ab')]);
    expect(callsIn(inputRecords(ID, Buffer.from('ab'), true))).toEqual([first, input('ab'), input('')]);
    expect(callsIn(inputRecords(ID, Buffer.alloc(0), true))).toEqual([first, input('')]);
    expect(callsIn(inputRecords(ID, Buffer.alloc(0), false))).toEqual([first]);
  });

  it('is cut where a record would be too large', () => {
    const bytes = Buffer.alloc((2 << 20) + 5, 'x');
    const calls = callsIn(inputRecords(ID, bytes, false)) as { process_io?: { data: { data: string } } }[];
    const pieces = calls.slice(1).map(({ process_io }) => Buffer.from(process_io?.data.data ?? '', 'base64'));
    expect(pieces.map(({ length }) => length)).toEqual([1 << 20, 1 << 20, 5]);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('is the size of its terminal', () => {
    const size = ResizeBody.parse({ rows: 50, columns: 132 });
    const control = { type: 'TTY_INFO', tty_info: { window_size: size } };
    expect(callsIn(resizeRecords(ID, size))).toEqual([
      first,
      { type: 'PROCESS_IO', process_io: { type: 'CONTROL', control } },
    ]);
  });

  it.each([0, 65, 1.5, 'INT'])('is no signal %j', (signal) => {
    expect(SignalBody.safeParse({ signal }).success).toBe(false);
  });
});
