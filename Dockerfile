# One image for all services, the agent, the CLI and the migrations. What a container runs is its command:
#   docker run tranche services/offers          a service (registry, allocator, offers, quota, agent)
#   docker run tranche libs/local/dist/migrate/main.js --service offers
#   docker run tranche libs/cli/bin/tranche.mjs status
# Options come from the environment: docs/configuration.md. Where no registry of images can be reached, scripts/image/base-image.sh makes
# BASE from Debian's packages. `npm run check:image` rehearses every step below without a Docker engine.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
# Debian's Node only bootstraps: the dependencies bring the current one.
# Compiler and make: where no ready-made build of better-sqlite3 can be had it is compiled.
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates g++ make nodejs npm python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN node scripts/setup.mjs
# What `tranche_build_info` calls the commit: docker build --build-arg COMMIT=$(git rev-parse HEAD) . The context has no .git to ask.
ARG COMMIT=unknown
RUN node_modules/.bin/node scripts/image/assemble.mjs /image

FROM ${BASE}
# What an agent needs to run containers; small enough to be in everyone's image.
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates conmon crun tini util-linux && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 tranche && useradd --uid 10001 --gid 10001 --home-dir /opt/tranche --no-create-home --shell /usr/sbin/nologin tranche
COPY --from=build /image /opt/tranche
WORKDIR /opt/tranche
ENV NODE_ENV=production PATH=/opt/tranche/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HTTP_HOST=0.0.0.0
# Numbers, so that Kubernetes can tell that it is not root. An agent that runs containers is given root by whoever starts it.
USER 10001:10001
EXPOSE 5050 5051 5052 5053 5054
ENTRYPOINT ["/usr/bin/tini-static", "--", "node", "--enable-source-maps"]
CMD ["services/registry"]
