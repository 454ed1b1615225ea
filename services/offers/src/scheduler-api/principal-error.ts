/**
 * Whether a framework is somebody else's.
 *
 * @param authenticated whose credentials were shown; undefined: none were asked for
 * @param own the framework's principal, if it has one
 * @source scheduler API §2, row 16
 */
export function principalError(authenticated: string | undefined, own: string | undefined): string | undefined {
  if (authenticated === undefined || own === undefined || own === authenticated) return undefined;
  return `Authenticated principal '${authenticated}' does not match principal '${own}' set in \`FrameworkInfo\``;
}
