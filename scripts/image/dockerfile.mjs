/**
 * @typedef {{ instruction: string, words: string, line: number }} Step
 * @typedef {{ name: string | undefined, base: string, steps: Step[] }} Stage
 */

const KNOWN = new Set(['RUN', 'COPY', 'WORKDIR', 'ENV', 'USER', 'EXPOSE', 'ENTRYPOINT', 'CMD', 'LABEL']);

/**
 * Reads the part of the Dockerfile language that ours uses.
 *
 * @param {string} text
 * @param {Record<string, string>} given values for its ARGs
 * @returns {{ stages: Stage[] }}
 * @throws Error naming the line that it does not understand
 */
export function readDockerfile(text, given = {}) {
  const args = {};
  const stages = [];
  for (const { content, line } of logicalLines(text)) {
    const [, instruction = '', words = ''] = /^(\S+)\s+([\s\S]*)$/.exec(content) ?? [];
    const expanded = instruction === 'FROM' ? words.replaceAll(/\$\{(\w+)\}/g, (_, name) => args[name] ?? '') : words;
    if (instruction === 'ARG' && stages.length === 0) {
      const [name = '', fallback = ''] = words.split('=');
      args[name] = given[name] ?? fallback;
    } else if (instruction === 'ARG') {
      // Within a stage its commands have it in their environment.
      const [name = '', fallback = ''] = words.split('=');
      stages.at(-1).steps.push({ instruction: 'ENV', words: `${name}=${given[name] ?? fallback}`, line });
    } else if (instruction === 'FROM') {
      const [base = '', as, name] = expanded.split(/\s+/);
      stages.push({ base, name: as === 'AS' ? name : undefined, steps: [] });
    } else if (KNOWN.has(instruction) && stages.length > 0) {
      stages.at(-1).steps.push({ instruction, words: expanded, line });
    } else throw new Error(`Dockerfile:${line}: ${instruction || content} is not understood`);
  }
  return { stages };
}

/** Comments dropped, continued lines joined. */
function logicalLines(text) {
  const lines = [];
  let open;
  text.split('\n').forEach((raw, index) => {
    if (/^\s*(#|$)/.test(raw)) return;
    open ??= { content: '', line: index + 1 };
    open.content += raw.replace(/\\$/, '').trim() + (raw.endsWith('\\') ? ' ' : '');
    if (raw.endsWith('\\')) return;
    lines.push(open);
    open = undefined;
  });
  return lines;
}

/** Patterns of `.dockerignore` as a test of paths relative to the context. */
export function ignored(text) {
  const tests = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const source = line
        .trim()
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('**/', '(?:.*/)?')
        .replaceAll(/(?<![.)])\*/g, '[^/]*');
      return new RegExp(`^${source}(/|$)`);
    });
  return (path) => tests.some((test) => test.test(path));
}
