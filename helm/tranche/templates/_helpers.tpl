{{- define "tranche.name" -}}{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end }}

{{- define "tranche.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "tranche.name" .) .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name (include "tranche.name" .) | trunc 50 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{/* Labels of an object. Argument: dict "root" $ "component" NAME */}}
{{- define "tranche.labels" -}}
{{ include "tranche.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: tranche
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "tranche.selector" -}}
app.kubernetes.io/name: {{ include "tranche.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* metadata of an object. Arguments: root, component, name, and optionally annotations */}}
{{- define "tranche.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "tranche.labels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "tranche.registryPrefix" -}}
{{- with .Values.global.imageRegistry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- end }}

{{- define "tranche.image" -}}
{{- $image := .Values.image -}}
{{ include "tranche.registryPrefix" . }}{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end }}

{{- define "tranche.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "tranche.fullname" .) }}
{{- else }}{{ .Values.serviceAccount.name | default "default" }}{{ end -}}
{{- end }}

{{/* Where clients reach the cluster. */}}
{{- define "tranche.publicUrl" -}}
{{- $scheme := ternary "https" "http" (or (ne .Values.tls.existingSecret "") (ne (len .Values.tls.certManager) 0)) -}}
{{- if .Values.publicUrl }}{{ .Values.publicUrl }}
{{- else if and .Values.ingress.enabled .Values.ingress.host }}{{ $scheme }}://{{ .Values.ingress.host }}
{{- else if and .Values.gateway.enabled .Values.gateway.hostnames }}{{ $scheme }}://{{ first .Values.gateway.hostnames }}
{{- else }}{{ include "tranche.scheme" . }}://{{ include "tranche.insideName" . }}{{ end -}}
{{- end }}

{{/* How services, router and agents are spoken to inside the cluster, and at which port of their Services. */}}
{{- define "tranche.scheme" -}}{{ ternary "https" "http" .Values.tls.inside.enabled }}{{- end }}
{{- define "tranche.servicePort" -}}{{ ternary 443 80 .Values.tls.inside.enabled }}{{- end }}
{{- define "tranche.insideName" -}}{{ include "tranche.fullname" . }}.{{ .Release.Namespace }}.svc{{- end }}
{{- define "tranche.insideSecret" -}}{{ required "tls.inside.existingSecret is needed when tls.inside.enabled is true" .Values.tls.inside.existingSecret }}{{- end }}
{{/* The port of a Service of ours, for its ports. */}}
{{- define "tranche.port" -}}
{name: http, port: {{ include "tranche.servicePort" . }}, targetPort: http{{ if .Values.tls.inside.enabled }}, appProtocol: https{{ end }}}
{{- end }}

{{/* The certificate that every process of ours shows, and whom it trusts. */}}
{{- define "tranche.tlsEnv" -}}
{{- if .Values.tls.inside.enabled -}}
- {name: TLS_CERT_FILE, value: /etc/tranche/tls/tls.crt}
- {name: TLS_KEY_FILE, value: /etc/tranche/tls/tls.key}
- {name: TLS_CA_FILE, value: /etc/tranche/tls/ca.crt}
{{- end }}
{{- end }}

{{/* Their Secret as files. Arguments: root, part (volumes or mounts) */}}
{{- define "tranche.tlsFiles" -}}
{{- if and .root.Values.tls.inside.enabled (eq .part "volumes") -}}
- name: tls
  secret: {secretName: {{ include "tranche.insideSecret" .root }}}
{{- else if .root.Values.tls.inside.enabled -}}
- {name: tls, mountPath: /etc/tranche/tls, readOnly: true}
{{- end }}
{{- end }}

{{/* How Prometheus asks: pods by their addresses, so the name that their certificate has is told. */}}
{{- define "tranche.scraped" -}}
{port: http, path: /metrics, interval: {{ .Values.metrics.serviceMonitor.interval }}
{{- if .Values.tls.inside.enabled }}, scheme: https, tlsConfig: {ca: {secret: {name: {{ include "tranche.insideSecret" . }}, key: ca.crt}}, serverName: {{ include "tranche.insideName" . }}}{{ end }}}
{{- end }}

{{- define "tranche.brokerSecret" -}}{{ .Values.broker.existingSecret | default (printf "%s-broker" (include "tranche.fullname" .)) }}{{- end }}
{{- define "tranche.databaseSecret" -}}{{ .Values.database.existingSecret | default (printf "%s-database" (include "tranche.fullname" .)) }}{{- end }}
{{- define "tranche.databaseHost" -}}
{{- if .Values.database.bundled }}{{ include "tranche.fullname" . }}-database{{ else }}{{ required "database.host is needed when database.bundled is false" .Values.database.host }}{{ end -}}
{{- end }}

{{/* A random secret that stays what it is in an upgrade. Arguments: root, secret, key */}}
{{- define "tranche.keptPassword" -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .secret -}}
{{- if and $found (hasKey $found.data .key) }}{{ index $found.data .key | b64dec }}{{ else }}{{ randAlphaNum 32 }}{{ end -}}
{{- end }}

{{- define "tranche.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* What every process of ours is told. Arguments: root, component, config (options by name), database (bool) */}}
{{- define "tranche.env" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
- name: BROKER_URL
  {{- if and (not $values.broker.bundled) (not $values.broker.existingSecret) }}
  value: {{ required "broker.existingSecret, or broker.url, is needed when broker.bundled is false" $values.broker.url | quote }}
  {{- else }}
  valueFrom: {secretKeyRef: {name: {{ include "tranche.brokerSecret" $root }}, key: {{ $values.broker.existingSecretKey }}}}
  {{- end }}
{{- if gt (int $values.broker.offersPartitions) 1 }}
- name: BROKER_OFFERS_PARTITIONS
  value: {{ $values.broker.offersPartitions | quote }}
{{- end }}
{{- if .database }}
- name: DATABASE_URL
  value: mysql://{{ include "tranche.databaseHost" $root }}:{{ $values.database.port }}/{{ $values.database.name }}{{ if .schema }}_{{ .schema }}{{ end }}{{ if $values.database.tls.caSecret }}?ssl={"rejectUnauthorized":true}{{ end }}
- name: DATABASE_USER
  valueFrom: {secretKeyRef: {name: {{ include "tranche.databaseSecret" $root }}, key: {{ $values.database.userKey }}}}
- name: DATABASE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "tranche.databaseSecret" $root }}, key: {{ $values.database.passwordKey }}}}
{{- end }}
{{- $ca := include "tranche.caSecret" (dict "root" $root "database" .database) }}
{{- if $ca }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/tranche/ca/ca.crt
{{- end }}
{{- if $values.auth.enabled }}
- name: AUTH_CREDENTIALS
  valueFrom: {secretKeyRef: {name: {{ required "auth.existingSecret is needed when auth.enabled is true" $values.auth.existingSecret }}, key: credentials}}
{{- end }}
{{- if $values.auth.acls }}
- name: AUTH_ACLS
  value: {{ toJson $values.auth.acls | quote }}
{{- end }}
- name: LOG_LEVEL
  value: {{ $values.logs.level }}
- name: LOG_FORMAT
  value: {{ $values.logs.format }}
{{- if $values.tracing.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ $values.tracing.endpoint | quote }}
- name: OTEL_TRACES_SAMPLER
  value: parentbased_traceidratio
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ $values.tracing.sampler | quote }}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: k8s.namespace.name={{ $root.Release.Namespace }},service.namespace={{ $root.Release.Name }}
{{- if $values.tracing.existingSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: {secretKeyRef: {name: {{ $values.tracing.existingSecret }}, key: headers}}
{{- end }}
{{- end }}
{{- range $option, $value := .config }}
- name: {{ $option }}
  value: {{ ternary ($value | int64 | toString) ($value | toString) (kindIs "float64" $value) | quote }}
{{- end }}
{{- end }}

{{/* Secret with the CA of broker and database; the runtime reads one file. Arguments: root, database */}}
{{- define "tranche.caSecret" -}}
{{- $broker := .root.Values.broker.tls.caSecret -}}
{{- $database := ternary .root.Values.database.tls.caSecret "" .database -}}
{{- if and $broker $database (ne $broker $database) }}{{ fail "broker.tls.caSecret and database.tls.caSecret must be the same Secret: put both certificates into its ca.crt" }}{{ end -}}
{{- $broker | default $database -}}
{{- end }}

{{/* Secrets as files. Arguments: root, part (volumes or mounts), database */}}
{{- define "tranche.secretFiles" -}}
{{- $ca := include "tranche.caSecret" (dict "root" .root "database" .database) -}}
{{- if and $ca (eq .part "volumes") }}
- name: ca
  secret: {secretName: {{ $ca }}}
{{- else if $ca }}
- name: ca
  mountPath: /etc/tranche/ca
  readOnly: true
{{- end }}
{{- end }}

{{/* The three probes of a container. Arguments: root, probes */}}
{{- define "tranche.probes" -}}
{{- $scheme := ternary ", scheme: HTTPS" "" .root.Values.tls.inside.enabled -}}
startupProbe:
  httpGet: {path: /healthz, port: http{{ $scheme }}}
  {{- toYaml .probes.startup | nindent 2 }}
readinessProbe:
  httpGet: {path: /readyz, port: http{{ $scheme }}}
  {{- toYaml .probes.readiness | nindent 2 }}
livenessProbe:
  httpGet: {path: /healthz, port: http{{ $scheme }}}
  {{- toYaml .probes.liveness | nindent 2 }}
{{- end }}

{{/* [{path, service}]: each Mesos path also under /master. */}}
{{- define "tranche.routes" -}}
{{- $routes := list -}}
{{- range $service, $paths := .Files.Get "files/routes.yaml" | fromYaml -}}
{{- range $paths -}}
{{- $routes = append $routes (dict "path" . "service" $service) -}}
{{- if not (or (hasPrefix "/v1/" .) (eq . "/")) }}{{ $routes = append $routes (dict "path" (printf "/master%s" .) "service" $service) }}{{ end -}}
{{- end -}}
{{- end -}}
{{ toYaml $routes }}
{{- end }}

{{- define "tranche.routesByService" -}}
{{- $by := dict -}}
{{- range include "tranche.routes" . | fromYamlArray -}}
{{- $by = set $by .service (append (get $by .service | default list) .path) -}}
{{- end -}}
{{ toYaml $by }}
{{- end }}

{{/* Credentials of the command line, where they are asked for, and whom it trusts where it asks the router */}}
{{- define "tranche.cliEnv" -}}
{{- if .Values.auth.enabled -}}
- name: TRANCHE_USER
  valueFrom: {secretKeyRef: {name: {{ .Values.auth.existingSecret }}, key: user}}
- name: TRANCHE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.auth.existingSecret }}, key: password}}
{{- end }}
{{- if and .Values.tls.inside.enabled (eq (include "tranche.publicUrl" .) (printf "https://%s" (include "tranche.insideName" .))) }}
- {name: TRANCHE_CA_FILE, value: /etc/tranche/tls/ca.crt}
{{- end }}
{{- end }}
