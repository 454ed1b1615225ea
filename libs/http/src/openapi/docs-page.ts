/**
 * The API of a service for people: one page without anything from elsewhere, which renders `/openapi.json`.
 */
export const DOCS_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Tranche API</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
details { border-bottom: 1px solid #8884; padding: .3rem 0 } summary { cursor: pointer }
code, pre { font: 13px/1.5 ui-monospace, monospace } pre { overflow: auto; background: #8881; padding: .6rem }
b.method { display: inline-block; min-width: 4.5rem } td { padding: .1rem 1rem .1rem 0; vertical-align: top }
input { font: inherit; padding: .3rem .6rem; width: 100%; box-sizing: border-box }
</style></head><body>
<h1>Tranche API</h1><p><a href="openapi.json">openapi.json</a></p>
<input id="filter" placeholder="filter by path or words" aria-label="filter"><main id="out">loading …</main>
<script>
const text = (tag, content, attributes) => Object.assign(document.createElement(tag), { textContent: content }, attributes);
const resolve = (doc, schema, seen = []) => {
  if (!schema || typeof schema !== 'object') return schema;
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    return seen.includes(name) ? name : resolve(doc, doc.components.schemas[name], [...seen, name]);
  }
  if (schema.type === 'array') return [resolve(doc, schema.items, seen)];
  if (schema.properties) {
    const required = schema.required ?? [];
    return Object.fromEntries(Object.entries(schema.properties).map(([name, of]) =>
      [name + (required.includes(name) ? '' : '?'), resolve(doc, of, seen)]));
  }
  if (schema.additionalProperties) return { '…': resolve(doc, schema.additionalProperties, seen) };
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.anyOf) return schema.anyOf.map((one) => JSON.stringify(resolve(doc, one, seen))).join(' | ');
  return schema.const ?? schema.type ?? 'any';
};
const shape = (doc, content) => {
  const [type, { schema } = {}] = Object.entries(content ?? {})[0] ?? [];
  return type && text('pre', type + '\\n' + JSON.stringify(resolve(doc, schema), undefined, 2));
};
const show = (doc) => {
  document.title = doc.info.title;
  document.querySelector('h1').textContent = doc.info.title + ' ' + doc.info.version;
  const out = document.getElementById('out');
  out.replaceChildren(...Object.entries(doc.paths).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const details = document.createElement('details');
      details.dataset.words = (method + ' ' + path + ' ' + operation.summary).toLowerCase();
      const summary = document.createElement('summary');
      summary.append(text('b', method.toUpperCase(), { className: 'method' }), text('code', path), ' ' + operation.summary);
      const table = document.createElement('table');
      for (const { name, in: where, description = '' } of operation.parameters ?? []) {
        const row = document.createElement('tr');
        row.append(...[name, where, description].map((cell) => text('td', cell)));
        table.append(row);
      }
      details.append(summary, table);
      const body = shape(doc, operation.requestBody?.content);
      if (body) details.append(text('h4', 'body'), body);
      for (const [status, answer] of Object.entries(operation.responses)) {
        const content = shape(doc, answer.content);
        if (content) details.append(text('h4', status), content);
      }
      return details;
    })));
};
document.getElementById('filter').addEventListener('input', ({ target }) => {
  for (const one of document.querySelectorAll('details')) one.hidden = !one.dataset.words.includes(target.value.toLowerCase());
});
fetch('openapi.json').then((answer) => answer.json()).then(show, (error) => {
  document.getElementById('out').textContent = 'cannot be loaded: ' + error.message;
});
</script></body></html>
`;
