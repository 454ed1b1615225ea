import type { CommandInfo, EnvironmentVariable, Secret } from '@tranche/mesos-api';
import type { LaunchRule } from './launch-rule.js';

/** Rule 9. */
export const commandIsValid: LaunchRule = ({ info }) => {
  const error = info.command === undefined ? undefined : environmentError(info.command);
  return error === undefined ? undefined : `Task's \`CommandInfo\` is invalid: ${error}`;
};

/** What is wrong with the environment of a command: the one part of it that Mesos checks. */
export function environmentError(command: CommandInfo): string | undefined {
  for (const variable of command.environment?.variables ?? []) {
    const error = variableError(variable);
    if (error !== undefined) return error;
  }
  return undefined;
}

function variableError({ name, type = 'VALUE', value, secret }: EnvironmentVariable): string | undefined {
  const subject = `Environment variable '${name}'`;
  switch (type) {
    case 'SECRET':
      if (secret === undefined) return `${subject} of type 'SECRET' must have a secret set`;
      if (value !== undefined) return `${subject} of type 'SECRET' must not have a value set`;
      return secretError(subject, secret);
    case 'VALUE':
      if (value === undefined) return `${subject} of type 'VALUE' must have a value set`;
      return secret === undefined ? undefined : `${subject} of type 'VALUE' must not have a secret set`;
    case 'UNKNOWN':
      return "Environment variable of type 'UNKNOWN' is not allowed";
  }
}

function secretError(subject: string, { type, reference, value }: Secret): string | undefined {
  const invalid = (error: string): string => `${subject} specifies an invalid secret: ${error}`;
  if (type === 'REFERENCE') {
    if (reference === undefined) return invalid("Secret of type REFERENCE must have the 'reference' field set");
    if (value !== undefined) {
      return invalid(`Secret '${reference.name}' of type REFERENCE must not have the 'value' field set`);
    }
  }
  if (type === 'VALUE') {
    if (value === undefined) return invalid("Secret of type VALUE must have the 'value' field set");
    if (reference !== undefined) return invalid("Secret of type VALUE must not have the 'reference' field set");
  }
  const hasNull = value !== undefined && Buffer.from(value.data, 'base64').includes(0);
  return hasNull
    ? `${subject} specifies a secret containing null bytes, which is not allowed in the environment`
    : undefined;
}
