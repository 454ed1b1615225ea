import { describe, expect, it } from 'vitest';
import { ConfigError } from './config.errors.js';
import { describeConfig } from './describe-config.js';
import { configWith, loadConfig } from './load-config.js';
import { booleanOption, choiceOption, integerOption, optionalTextOption, textOption } from './option.js';

const definition = {
  timeoutMs: integerOption({ name: 'X_TIMEOUT_MS', description: 'Time', default: 5, min: 1, unit: 'ms' }),
  level: choiceOption({ name: 'X_LEVEL', description: 'Level', default: 'info', choices: ['info', 'warn'] }),
  fast: booleanOption({ name: 'X_FAST', description: 'Fast', default: false }),
  password: textOption({ name: 'X_PASSWORD', description: 'Password', default: '', secret: true }),
  label: optionalTextOption({ name: 'X_LABEL', description: 'Label' }),
};

describe('loadConfig', () => {
  it('takes the environment before the file before the default', () => {
    const loaded = loadConfig(definition, { env: { X_TIMEOUT_MS: '7' }, file: { X_TIMEOUT_MS: 8, X_FAST: true } });
    expect(loaded.values).toEqual({ timeoutMs: 7, level: 'info', fast: true, password: '', label: undefined });
    expect(loaded.origins).toEqual({
      timeoutMs: 'environment',
      level: 'default',
      fast: 'file',
      password: 'default',
      label: 'default',
    });
  });

  it('reports every mistake at once, with values and the nearest name', () => {
    const load = () =>
      loadConfig(definition, { env: { X_TIMEOUT_MS: '0', X_LEVEL: 'loud', X_TIMEOUT: '3' }, prefix: 'X_' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(
      'X_TIMEOUT: is no option; did you mean X_TIMEOUT_MS?\nX_TIMEOUT_MS: "0" must be an integer ≥ 1\nX_LEVEL: "loud" must be one of info, warn',
    );
  });

  it('takes what Kubernetes sets for a service of the same name for no mistake', () => {
    const env = { X_PORT: 'tcp://10.0.0.1:80', X_PORT_80_TCP_ADDR: '10.0.0.1', X_SERVICE_HOST: '10.0.0.1' };
    expect(loadConfig(definition, { env, prefix: 'X_' }).values.timeoutMs).toBe(5);
  });

  it('reads a secret from a file that the configuration file names, and says which cannot be read', () => {
    const file = { X_PASSWORD_FILE: '/s' };
    expect(loadConfig(definition, { env: {}, file, readFile: () => 'hunter2\n' }).values.password).toBe('hunter2');
    const readFile = (): string => {
      throw new Error('no such file');
    };
    expect(() => loadConfig(definition, { env: {}, file, readFile })).toThrow(
      'X_PASSWORD_FILE: cannot read /s: no such file',
    );
  });

  it('reads a secret from the file that <NAME>_FILE names and never shows it', () => {
    const loaded = loadConfig(definition, { env: { X_PASSWORD_FILE: '/s' }, readFile: () => 'hunter2\n' });
    expect(loaded.values.password).toBe('hunter2');
    expect(describeConfig(definition, loaded).join('\n')).not.toContain('hunter2');
  });

  it('lets a program give values itself', () => {
    expect(configWith(definition, { timeoutMs: 9 })).toMatchObject({ timeoutMs: 9, level: 'info' });
  });
});
