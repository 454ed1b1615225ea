/**
 * The texts of the elements of an array that is a member of a JSON document, as they stand: numbers keep their form, repeated keys stay.
 *
 * @param text of an object, well-formed
 * @param member of the outermost object
 * @returns empty when there is no such member, or it is no array
 */
export function elementsOf(text: string, member: string): string[] {
  const start = `${JSON.stringify(member)}:[`;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      if (depth === 1 && text.startsWith(start, at)) return splitArray(text, at + start.length);
      at = endOfString(text, at);
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
  }
  return [];
}

/** @param from behind the opening bracket */
function splitArray(text: string, from: number): string[] {
  const elements: string[] = [];
  let depth = 0;
  let begin = from;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || (char === ']' && depth > 0)) depth--;
    else if (depth === 0 && (char === ',' || char === ']')) {
      if (at > begin) elements.push(text.slice(begin, at));
      if (char === ']') return elements;
      begin = at + 1;
    }
  }
  return elements;
}

/** @param from its opening quote @returns its closing one */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
