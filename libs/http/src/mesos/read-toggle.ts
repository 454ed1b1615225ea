import { parseDuration } from './mesos-duration.js';

export interface Toggle {
  readonly level: number;
  readonly durationMs: number;
}

export type ReadToggle =
  /** Undefined: nothing shall be changed. */
  | { readonly ok: true; readonly toggle: Toggle | undefined }
  /** Mesos' text of the 400 answer. */
  | { readonly ok: false; readonly message: string };

/** `level` and `duration` of `/logging/toggle`: both or neither. @param lowest what it is now: it is not lowered */
export function readToggle(query: Readonly<Record<string, string | undefined>>, lowest: number): ReadToggle {
  const { level: levelText, duration: durationText } = query;
  if (levelText === undefined && durationText === undefined) return { ok: true, toggle: undefined };
  if (durationText === undefined) return no("Expecting 'duration=value' in query.\n");
  if (levelText === undefined) return no("Expecting 'level=value' in query.\n");
  if (!/^-?\d+$/.test(levelText)) return no(`Failed to convert '${levelText}' to number.\n`);
  const level = Number(levelText);
  if (level < 0) return no(`Invalid level '${level}'.\n`);
  if (level < lowest) return no(`'${level}' < original level.\n`);
  const duration = parseDuration(durationText);
  return duration.ok ? { ok: true, toggle: { level, durationMs: duration.ms } } : no(`${duration.error}.\n`);
}

const no = (message: string): ReadToggle => ({ ok: false, message });
