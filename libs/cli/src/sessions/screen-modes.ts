/** What a program may switch on and has to switch off again: alternate screens, reports of the mouse and focus, bracketed paste. */
const SWITCHED_ON = new Set([47, 1000, 1002, 1003, 1004, 1006, 1015, 1047, 1049, 2004]);
/** The same the other way about: the cursor is shown. */
const SWITCHED_OFF = new Set([25]);

const ESCAPE = '\u001b';
/** No mode is longer than this; what is cut off at the end of a piece is looked at with the next. */
const MAX_SEQUENCE_CHARS = 32;

/**
 * Follows which modes of the terminal a program has changed, so that they can be put back when it had no chance to.
 *
 * @source xterm control sequences: DECSET, DECRST
 */
export class ScreenModes {
  readonly #changed = new Set<number>();
  #rest = '';

  /** Looks at output on its way to the terminal. */
  see(data: Buffer): void {
    const [, ...sequences] = (this.#rest + data.toString('latin1')).split(ESCAPE);
    for (const sequence of sequences) {
      const [, modes = '', verb] = /^\[\?([\d;]+)([hl])/.exec(sequence) ?? [];
      for (const mode of modes.split(';').map(Number)) this.#note(mode, verb === 'h');
    }
    const last = sequences.at(-1)?.slice(0, MAX_SEQUENCE_CHARS);
    this.#rest = last !== undefined && /^(\[(\?[\d;]*)?)?$/.test(last) ? ESCAPE + last : '';
  }

  /** Puts back what is still changed; nothing if nothing is. */
  restoration(): string {
    const modes = [...this.#changed].toSorted((a, b) => a - b);
    if (modes.length === 0) return '';
    return `${modes.map((mode) => `${ESCAPE}[?${mode}${SWITCHED_OFF.has(mode) ? 'h' : 'l'}`).join('')}${ESCAPE}[0m`;
  }

  #note(mode: number, isOn: boolean): void {
    if (!SWITCHED_ON.has(mode) && !SWITCHED_OFF.has(mode)) return;
    if (isOn === SWITCHED_ON.has(mode)) this.#changed.add(mode);
    else this.#changed.delete(mode);
  }
}
