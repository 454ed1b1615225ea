// Makes libs/contracts/src/generated/view-schemas.ts: JSON Schemas of the REST views, from their TypeScript types, so that the two cannot
// differ. `npm run docs` writes it, a test compares.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'libs/contracts/src/rest');

/** @returns the text of the generated file */
export function viewSchemas() {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => join(folder, name));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    customConditions: ['source'],
    types: [],
  });
  const checker = program.getTypeChecker();
  const schemas = new Map();
  for (const file of files) {
    const source = program.getSourceFile(file);
    source?.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node) && /View$/.test(node.name.text) && !node.typeParameters) {
        reference(checker, checker.getTypeAtLocation(node), schemas);
      }
    });
  }
  const sorted = Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return [
    '// Generated from libs/contracts/src/rest by scripts/generate-view-schemas.mjs (npm run docs); do not edit.',
    '',
    '/** JSON Schemas of what REST answers consist of, by name. */',
    `export const viewSchemas: Readonly<Record<string, object>> = ${JSON.stringify(sorted, undefined, 2)};`,
    '',
  ].join('\n');
}

/** A named object type is described once and referred to. */
function reference(checker, type, schemas) {
  const name = type.aliasSymbol?.name ?? type.symbol?.name;
  if (!schemas.has(name)) {
    schemas.set(name, {});
    schemas.set(name, objectSchema(checker, type, schemas));
  }
  return { $ref: `#/components/schemas/${name}` };
}

function objectSchema(checker, type, schemas) {
  const properties = {};
  const required = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const description = ts.displayPartsToString(property.getDocumentationComment(checker));
    const declared = checker.getTypeOfSymbol(property);
    const schema = schemaOf(checker, isOptional ? checker.getNonNullableType(declared) : declared, schemas);
    properties[property.name] = description === '' ? schema : { ...schema, description };
    if (!isOptional) required.push(property.name);
  }
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  const description = ts.displayPartsToString(type.symbol?.getDocumentationComment(checker) ?? []);
  return {
    type: 'object',
    ...(description === '' ? {} : { description }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
    ...(index === undefined ? {} : { additionalProperties: schemaOf(checker, index.type, schemas) }),
  };
}

function schemaOf(checker, type, schemas) {
  if (type.flags & ts.TypeFlags.StringLiteral) return { const: type.value };
  if (type.flags & ts.TypeFlags.NumberLiteral) return { const: type.value };
  if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
  if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
  if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
  if (type.isUnion()) return unionSchema(checker, type, schemas);
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return { type: 'array', items: schemaOf(checker, checker.getTypeArguments(type)[0], schemas) };
  }
  if (type.flags & ts.TypeFlags.Intersection) return objectSchema(checker, type, schemas);
  if (type.flags & ts.TypeFlags.Object) {
    const name = type.aliasSymbol?.name ?? type.symbol?.name;
    const isNamed =
      name !== undefined && !name.startsWith('__') && !['Record', 'Readonly', 'Partial', 'Pick', 'Omit'].includes(name);
    return isNamed ? reference(checker, type, schemas) : objectSchema(checker, type, schemas);
  }
  return {};
}

function unionSchema(checker, type, schemas) {
  const parts = type.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined));
  if (parts.every((part) => part.isStringLiteral())) return { type: 'string', enum: parts.map((part) => part.value) };
  if (parts.every((part) => part.flags & ts.TypeFlags.BooleanLiteral) && parts.length === 2) return { type: 'boolean' };
  if (parts.length === 1) return schemaOf(checker, parts[0], schemas);
  return { anyOf: parts.map((part) => schemaOf(checker, part, schemas)) };
}
