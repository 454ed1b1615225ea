import type { Document, FieldPlan, MessagePlan } from './message-plan.js';

/**
 * Paths of required fields that a document lacks, at any depth, in the order in which protobuf names them: a message's
 * own in declaration order, then those of the messages inside by field number.
 *
 * @returns paths such as `accept.operations[0].launch.task_infos[1].task_id`; empty when nothing is missing
 * @source protobuf's `InitializationErrorString`
 */
export function missingFields(plan: MessagePlan, document: Document): string[] {
  const paths: string[] = [];
  collect(plan, document, '', paths);
  return paths;
}

function collect(plan: MessagePlan, document: Document, prefix: string, paths: string[]): void {
  for (const field of plan.required) {
    if (document[field.name] === undefined || document[field.name] === null) paths.push(prefix + field.name);
  }
  for (const field of plan.nested) {
    const value = document[field.name];
    if (value !== undefined && value !== null) collectField(field, value, prefix, paths);
  }
}

function collectField(field: FieldPlan, value: unknown, prefix: string, paths: string[]): void {
  if (field.value.kind !== 'message') return;
  const inner = field.value.message;
  const path = prefix + field.name;
  if (field.rule === 'map') {
    Object.values(value as Document).forEach((v, i) => collect(inner, v as Document, `${path}[${i}].value.`, paths));
  } else if (field.rule === 'repeated') {
    (value as Document[]).forEach((v, i) => collect(inner, v, `${path}[${i}].`, paths));
  } else {
    collect(inner, value as Document, `${path}.`, paths);
  }
}
