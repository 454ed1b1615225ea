/**
 * How long a server holds the connections of its clients, for `createServer` and Fastify alike.
 *
 * Who ends an idle connection may do so while a request is on its way over it: the client then sees a reset, and knows of no call whether it was taken. So, as with Mesos, which has no such limit,
 * it is the client that ends it, or the load balancer, which keeps it for a minute or ten. The hour is for clients that have gone without a word.
 *
 * A request, too, may take as long as it likes: a container's input may be the body of one. Its head may not: that is Node's own limit, which goes with that of the request if it is
 * not stated. Fastify has it anyway.
 */
export const CLIENT_CONNECTIONS = { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 3_600_000 } as const;
