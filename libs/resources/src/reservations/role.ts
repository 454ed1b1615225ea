const COMPONENT_NAMES_REFUSED = ['.', '..', '*'];
// Tab, newline, vertical tab, form feed, carriage return, space, DEL.
const BLANKS = /[\t-\r \x7f]/;

/**
 * Why a text is no role name, in the words that Mesos sends to clients.
 *
 * @returns undefined when the name is valid
 * @source allocation rule A11
 */
export function roleError(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role === '') return 'Role names cannot be the empty string';
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  for (const component of role.split('/')) {
    if (COMPONENT_NAMES_REFUSED.includes(component))
      return `Role '${role}' cannot include '${component}' as a component`;
    if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;
    if (BLANKS.test(component)) {
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
    }
  }
  return undefined;
}

/** Ancestors of a role, nearest first: `a/b/c` → `a/b`, `a` (allocation rule A11). */
export function roleAncestors(role: string): string[] {
  const ancestors: string[] = [];
  for (let slash = role.lastIndexOf('/'); slash > 0; slash = role.lastIndexOf('/', slash - 1)) {
    ancestors.push(role.slice(0, slash));
  }
  return ancestors;
}

/** Whether `role` is strictly below `ancestor`, decided at slash boundaries: `a/bx` is not below `a/b` (A11). */
export function isStrictSubrole(role: string, ancestor: string): boolean {
  return role.length > ancestor.length && role[ancestor.length] === '/' && role.startsWith(ancestor);
}
