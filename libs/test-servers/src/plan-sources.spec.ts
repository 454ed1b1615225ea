import { describe, expect, it } from 'vitest';
import { planSources, type Source, type SourceFacts, startFromFirst } from './plan-sources.js';

const facts = (some: Partial<SourceFacts> = {}): SourceFacts => ({
  server: 'RabbitMQ',
  given: { variable: 'TRANCHE_TEST_AMQP_URL', url: undefined },
  asked: undefined,
  dockerMissing: undefined,
  programsMissing: [],
  ...some,
});
const kinds = (some: Partial<SourceFacts>): string[] => planSources(facts(some)).sources.map(({ kind }) => kind);

describe('planSources', () => {
  it('takes the server whose url is given, whatever else there is', () => {
    const given = { variable: 'TRANCHE_TEST_AMQP_URL', url: 'amqp://h' };
    expect(planSources(facts({ given, asked: 'docker' }))).toEqual({
      sources: [{ kind: 'given', url: 'amqp://h' }],
      isAsked: true,
      out: [],
    });
  });

  it('tries containers before programs of the system', () => {
    expect(kinds({})).toEqual(['docker', 'system']);
    expect(kinds({ dockerMissing: 'no socket' })).toEqual(['system']);
    expect(kinds({ programsMissing: ['epmd'] })).toEqual(['docker']);
  });

  it('says why each source is out when there is none', () => {
    expect(planSources(facts({ dockerMissing: 'no socket', programsMissing: ['erl', 'epmd'] }))).toEqual({
      sources: [],
      isAsked: false,
      out: ['docker: no socket', 'system: not installed: erl, epmd'],
    });
  });

  it('does not fall through to another source than the one that is asked for', () => {
    expect(planSources(facts({ asked: 'system' })).sources).toEqual([{ kind: 'system' }]);
    expect(planSources(facts({ asked: 'docker', dockerMissing: 'no socket' }))).toEqual({
      sources: [],
      isAsked: true,
      out: ['TRANCHE_TEST_SERVERS asks for docker: no socket'],
    });
    expect(kinds({ asked: 'none' })).toEqual([]);
  });
});

describe('startFromFirst', () => {
  const failing = (...kinds: string[]) => {
    const tried: string[] = [];
    const start = (source: Source) => {
      tried.push(source.kind);
      return kinds.includes(source.kind)
        ? Promise.reject(new Error('cannot pull'))
        : Promise.resolve({ server: source.kind, told: `from ${source.kind}` });
    };
    return { tried, start };
  };

  it('goes on to the next source when one fails, and says both', async () => {
    const { tried, start } = failing('docker');
    const lines: string[] = [];
    expect(await startFromFirst('RabbitMQ', planSources(facts()), start, (line) => lines.push(line))).toBe('system');
    expect(tried).toEqual(['docker', 'system']);
    expect(lines).toEqual(['RabbitMQ: docker: cannot pull; trying what is next', 'RabbitMQ: from system']);
  });

  it('fails with the one that was asked for', async () => {
    const { tried, start } = failing('docker');
    const started = startFromFirst('RabbitMQ', planSources(facts({ asked: 'docker' })), start, () => undefined);
    await expect(started).rejects.toThrow('no RabbitMQ for the tests: docker: cannot pull');
    expect(tried).toEqual(['docker']);
  });

  it('names every obstacle when nothing is left', async () => {
    const { start } = failing('docker', 'system');
    await expect(startFromFirst('MariaDB', planSources(facts()), start, () => undefined)).rejects.toThrow(
      'no MariaDB for the tests: docker: cannot pull; system: cannot pull',
    );
  });
});
