import type { CommandInfo } from '@tranche/mesos-api';

/** Variables of an environment, in order. */
export type Variables = readonly (readonly [name: string, value: string])[];

/**
 * The variables of a command as its process gets them: a secret that bears its value is its text (UTF-8).
 *
 * Whoever launches has asked `unsupportedFeatures` before: a secret by reference would be empty here.
 *
 * @source Mesos 1.11: isolator `environment_secret` with the default resolver
 */
export const commandVariables = (command: CommandInfo): Variables =>
  (command.environment?.variables ?? []).map(({ name, value = '', secret }) => [
    name,
    secret?.value === undefined ? value : Buffer.from(secret.value.data, 'base64').toString(),
  ]);
