import { convertJson, jsonSyntaxError, messageTypes, type QuotaRequest } from '@tranche/mesos-api';

export type ParsedQuotaBody =
  | { readonly ok: true; readonly request: QuotaRequest }
  /** Mesos' text of the 400 answer. */
  | { readonly ok: false; readonly error: string };

/** Reads the body of POST `/quota`: `{role, guarantee[], force?}`. @source classic endpoints: `/quota` */
export function parseQuotaBody(body: string): ParsedQuotaBody {
  const failed = (error: string): ParsedQuotaBody => ({
    ok: false,
    error: `Failed to parse set quota request JSON '${body}': ${error}`,
  });
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return failed(jsonSyntaxError(body));
  }
  const converted = convertJson(messageTypes.QuotaRequest, json);
  return converted.ok ? { ok: true, request: converted.value } : failed(converted.error);
}
