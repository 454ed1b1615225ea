/**
 * Role names. `*` alone is the default role; `eng/dev` is below `eng`.
 */

/** Horizontal tab to carriage return, space, delete. */
// oxlint-disable-next-line no-control-regex -- control characters are what the rule forbids
const WHITESPACE = /[\u0009-\u000d\u0020\u007f]/;

/**
 * Why a text is not the name of a role.
 *
 * @returns Mesos' error text, or undefined when the name is valid
 * @source formats: roles
 */
export function roleError(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role === '') return 'Role names cannot be the empty string';
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  for (const component of role.split('/')) {
    const error = componentError(role, component);
    if (error !== undefined) return error;
  }
  return undefined;
}

function componentError(role: string, component: string): string | undefined {
  if (component === '') return `Role '${role}' cannot contain two adjacent slashes`;
  if (component === '.' || component === '..' || component === '*') {
    return `Role '${role}' cannot include '${component}' as a component`;
  }
  if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;
  if (WHITESPACE.test(component)) {
    return `Role component '${component}' is invalid because it contains backspace or whitespace`;
  }
  return undefined;
}

/** True when `role` is below `ancestor` in the tree of roles: `eng/dev` is below `eng`, `eng` is not below itself. */
export function isBelowRole(role: string, ancestor: string): boolean {
  return role.startsWith(`${ancestor}/`);
}

/** The roles above a role, nearest first: `a/b/c` → `a/b`, `a`. */
export function ancestorRoles(role: string): string[] {
  const ancestors: string[] = [];
  for (let end = role.lastIndexOf('/'); end > 0; end = role.lastIndexOf('/', end - 1)) {
    ancestors.push(role.slice(0, end));
  }
  return ancestors;
}
