// Writes the attributes of this node's agent: those of the chart's values, and labels of the node. Runs once, before the agent.
import { readFileSync, writeFileSync } from 'node:fs';

const { NODE_NAME, ATTRIBUTES = '', ATTRIBUTES_FROM_LABELS = '{}', ATTRIBUTES_FILE, KUBERNETES_API } = process.env;
const account = process.env.SERVICE_ACCOUNT_FOLDER ?? '/var/run/secrets/kubernetes.io/serviceaccount';
const api = KUBERNETES_API ?? `https://${process.env.KUBERNETES_SERVICE_HOST}:${process.env.KUBERNETES_SERVICE_PORT}`;
const answer = await fetch(`${api}/api/v1/nodes/${encodeURIComponent(NODE_NAME)}`, {
  headers: { authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8').trim()}` },
});
if (!answer.ok) {
  console.error(`node ${NODE_NAME} cannot be read: ${answer.status} ${await answer.text()}`);
  process.exit(1);
}
const { labels = {} } = (await answer.json()).metadata;
const wanted = Object.entries(JSON.parse(ATTRIBUTES_FROM_LABELS));
for (const [name, label] of wanted)
  if (labels[label] === undefined) console.log(`node has no label ${label}: no attribute ${name}`);
const found = wanted.flatMap(([name, label]) => (labels[label] === undefined ? [] : [`${name}:${labels[label]}`]));
const text = [ATTRIBUTES, ...found].filter((part) => part !== '').join(';');
writeFileSync(ATTRIBUTES_FILE, text);
console.log(`attributes: ${text}`);
