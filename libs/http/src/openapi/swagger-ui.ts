import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Relative, since an ingress may serve all of this below a path of its own. They count from `/`, the folder of `/docs`. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Tranche API</title>
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/** Without `validatorUrl: null` a service on the internet would be asked whether the document is valid. */
const START = `const dark = matchMedia('(prefers-color-scheme: dark)');
const shade = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', shade);
shade();
const ui = SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  filter: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  tagsSorter: 'alpha',
  onComplete: () => { document.title = ui.specSelectors.info().get('title') + ' API'; },
});
`;

/** The files of swagger-ui-dist that the page consists of. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Nothing comes from elsewhere, and requests go to this address only. Pictures of the style sheet are inside it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Time in which a browser does not ask for them again: an upgrade brings new ones under the same names. */
const KEPT_SECONDS = 3_600;

/** Serves Swagger UI at `/docs`, showing the `/openapi.json` beside it. Its files are read when they are first asked for. */
export function serveSwaggerUi(fastify: FastifyInstance): void {
  const files = new Map<string, Promise<PageFile>>();
  fastify.get('/docs', async ({ originalUrl }, reply) =>
    // Below `/docs/` the page would look for its files in the wrong folder.
    /^[^?#]*\/(?=[?#]|$)/.test(originalUrl)
      ? reply.redirect('../docs', 308)
      : safe(reply).type('text/html; charset=utf-8').send(PAGE),
  );
  fastify.get('/docs/start.js', async (_request, reply) =>
    kept(reply).type('text/javascript; charset=utf-8').send(START),
  );
  for (const [name, type] of Object.entries(FILES)) {
    fastify.get(`/docs/${name}`, async (request, reply) => {
      const file = files.get(name) ?? readPageFile(name);
      files.set(name, file);
      const { plain, gzipped } = await file.catch((error: unknown) => {
        files.delete(name);
        throw error;
      });
      kept(reply).type(type);
      const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(String(request.headers['accept-encoding']));
      return takesGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(plain);
    });
  }
}

interface PageFile {
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

async function readPageFile(name: string): Promise<PageFile> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const plain = await readFile(join(folder, name));
  return { plain, gzipped: await promisify<Buffer, Buffer>(gzip)(plain) };
}

const safe = (reply: FastifyReply): FastifyReply =>
  reply
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer');

const kept = (reply: FastifyReply): FastifyReply =>
  safe(reply).header('cache-control', `public, max-age=${KEPT_SECONDS}`).header('vary', 'accept-encoding');
