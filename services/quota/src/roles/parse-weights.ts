import {
  convertJson,
  doubleToNumber,
  jsonSyntaxError,
  messageTypes,
  roleError,
  type WeightInfo,
} from '@tranche/mesos-api';

export interface WeightChange {
  readonly role: string;
  /** Above zero. */
  readonly weight: number;
}

export type ParsedWeights =
  | { readonly ok: true; readonly weights: readonly WeightChange[] }
  /** Mesos' text of the 400 answer. */
  | { readonly ok: false; readonly error: string };

/**
 * Reads and checks the body of PUT `/weights`: a JSON array of `{role, weight}`.
 *
 * @source Mesos 1.11 behaviour: `/weights`
 */
export function parseWeights(body: string): ParsedWeights {
  const failed = (step: string, error: string): ParsedWeights => ({ ok: false, error: `Failed to ${step}: ${error}` });
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return failed(`parse update weights request JSON '${body}'`, jsonSyntaxError(body));
  }
  if (!Array.isArray(json)) return failed(`parse update weights request JSON '${body}'`, 'Unexpected JSON type parsed');
  const infos: WeightInfo[] = [];
  for (const item of json as unknown[]) {
    const converted = convertJson(messageTypes.WeightInfo, item);
    if (!converted.ok) {
      return failed(`convert update weights request JSON array '${body}' into WeightInfo protobufs`, converted.error);
    }
    infos.push(converted.value);
  }
  return validWeights(infos);
}

/** What UPDATE_WEIGHTS checks too. */
export function validWeights(infos: readonly WeightInfo[]): ParsedWeights {
  const weights: WeightChange[] = [];
  for (const info of infos) {
    const role = (info.role ?? '').trim();
    const weight = doubleToNumber(info.weight);
    const invalid = roleError(role);
    if (invalid !== undefined) return invalidWeight('', `Invalid role '${role}': ${invalid}`);
    if (!(weight > 0 && Number.isFinite(weight)))
      return invalidWeight(` for role '${role}'`, `Invalid weight '${weight}': Weights must be positive`);
    weights.push({ role, weight });
  }
  return { ok: true, weights };
}

const invalidWeight = (whose: string, error: string): ParsedWeights => ({
  ok: false,
  error: `Failed to validate update weights request JSON${whose}: ${error}`,
});
