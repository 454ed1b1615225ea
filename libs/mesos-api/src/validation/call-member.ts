/**
 * The member that a call lacks: its type, or the one that is named as the type is. Not needed by calls that say all with their type.
 *
 * @param withoutMember types of those calls
 * @returns `type`, the member's name, or undefined when all is there
 * @source operator API §1, row 8
 */
export function missingMember<Type extends string>(
  call: { readonly type?: Type },
  withoutMember: ReadonlySet<Type>,
): string | undefined {
  const { type } = call;
  if (type === undefined) return 'type';
  if (withoutMember.has(type)) return undefined;
  const member = type.toLowerCase();
  return (call as Readonly<Record<string, unknown>>)[member] === undefined ? member : undefined;
}
