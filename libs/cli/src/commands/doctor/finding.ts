/** What one check of `tranche doctor` found. */
export interface Finding {
  /** What was looked at: `address`, `service offers`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** With its values. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text });
export const warning = (check: string, text: string, remedy: string): Finding => ({
  check,
  state: 'warning',
  text,
  remedy,
});
export const failed = (check: string, text: string, remedy: string): Finding => ({
  check,
  state: 'failed',
  text,
  remedy,
});
