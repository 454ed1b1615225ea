import type { ContainerID } from '../generated/mesos.js';
import { idError } from '../ids.js';

/** Longer ones leave no room in the names of folders. @source operator API §5 */
const MAX_CHARS = 242;

/**
 * Why the id of a container is not valid, with those around it.
 *
 * @returns undefined for a valid one
 * @source operator API §5; Mesos 1.11: common ID rules, and those of container ids
 */
export function containerIdError({ value, parent }: ContainerID): string | undefined {
  const error = idError(value);
  if (error !== undefined) return error;
  // Periods part the ids in a text; a space would have to be quoted in a path.
  if (/[. ]/u.test(value)) return `'ContainerID.value' '${value}' contains invalid characters`;
  if (value.length > MAX_CHARS) return `'ContainerID.value' '${value}' exceeds ${MAX_CHARS} characters`;
  const outer = parent && containerIdError(parent);
  return outer === undefined ? undefined : `'ContainerID.parent' is invalid: ${outer}`;
}
