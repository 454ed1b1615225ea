import { describe, expect, it } from 'vitest';
import { parseFlags } from './flags.js';

const parse = (...args: string[]) => parseFlags(args, '0.1.0');

describe('parseFlags', () => {
  it('has defaults for everything', () => {
    expect(parse()).toEqual({
      ok: true,
      flags: {
        agents: 3,
        resources: undefined,
        port: 5050,
        data: '.tranche',
        reset: false,
        broker: 'inproc:',
        processes: false,
        replicas: 1,
        database: undefined,
        containers: 'auto',
        quiet: false,
      },
    });
  });

  it.each([
    [['--agents', '0'], '0 is no whole number from 1 to 100'],
    [['--port', 'http'], 'http is no whole number from 1 to 65000'],
    [['--prot', '1'], "unknown option '--prot'\n(Did you mean --port?)"],
    [['start'], 'too many arguments'],
    [['--database', 'postgres://x'], 'postgres://x is neither sqlite:PATH nor mysql://'],
    [['--broker', 'kafka://x'], 'kafka://x is neither inproc: nor amqp://'],
    [['--processes'], 'separate processes need a broker that all of them reach: --processes --broker'],
    [['--replicas', '2'], 'separate processes need a broker that all of them reach: --replicas 2 --broker'],
    [['--replicas', '2', '--broker', 'amqp://h'], 'SQLite has one writer: --replicas 2 --database mysql://'],
    [['--replicas', '9'], '9 is no whole number from 1 to 5'],
  ])('refuses %j with exit code 2 and says why', (args, text) => {
    const parsed = parse(...args);
    expect(parsed).toMatchObject({ ok: false, exitCode: 2 });
    expect(parsed.ok ? '' : parsed.text).toContain(text);
  });

  it('takes a broker for a wish for separate processes', () => {
    expect(parse('--broker', 'amqp://h')).toMatchObject({ ok: true, flags: { broker: 'amqp://h', processes: true } });
  });

  it('shows its help with exit code 0', () => {
    const parsed = parse('--help');
    expect(parsed).toMatchObject({ ok: false, exitCode: 0 });
    expect(parsed.ok ? '' : parsed.text).toContain('--resources');
  });
});
