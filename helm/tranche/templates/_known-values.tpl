{{/*
Refuses keys that the chart does not have, all of them together, each with what was probably meant. The schema could only say that they are
not allowed, and helm asks it first: so it leaves them to this. files/known-values.json is made of the schema by `npm run docs:chart`.
*/}}
{{- define "tranche.refuseUnknownKeys" -}}
{{- $known := .Files.Get "files/known-values.json" | fromJson -}}
{{- $found := dict "faults" list "root" $known -}}
{{- include "tranche.unknownKeys" (dict "values" .Values "known" $known "path" "" "found" $found) -}}
{{- if $found.faults -}}
{{- $message := printf "values have keys that this chart does not know:\n%s" (join "\n" (sortAlpha $found.faults)) -}}
{{- fail $message -}}
{{- /* helm lint only notes what fails and goes on; a template that there is not stops it. */ -}}
{{- include $message . -}}
{{- end -}}
{{- end }}

{{/* Appends to found.faults. Arguments: values, known (true: anything may be below; "[]": of each item), path, found */}}
{{- define "tranche.unknownKeys" -}}
{{- $ := . -}}
{{- if and (kindIs "map" .known) (kindIs "slice" .values) -}}
  {{- $ofItem := index .known "[]" -}}
  {{- range $index, $item := .values -}}
    {{- include "tranche.unknownKeys" (dict "values" $item "known" $ofItem "path" (printf "%s[%d]" $.path $index) "found" $.found) -}}
  {{- end -}}
{{- else if and (kindIs "map" .known) (kindIs "map" .values) -}}
  {{- range $key, $value := .values -}}
    {{- $path := ternary $key (printf "%s.%s" $.path $key) (eq $.path "") -}}
    {{- if hasKey $.known $key -}}
      {{- include "tranche.unknownKeys" (dict "values" $value "known" (index $.known $key) "path" $path "found" $.found) -}}
    {{- else if not (hasKey $.known "*") -}}
      {{- $meant := include "tranche.meant" (dict "key" $key "known" $.known "path" $.path "root" $.found.root) -}}
      {{- $_ := set $.found "faults" (append $.found.faults (printf "  %s: %s" $path $meant)) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* What somebody meant who wrote a key. Arguments: key, known (of the same place), path (of the place), root (all that is known) */}}
{{- define "tranche.meant" -}}
{{- $ := . -}}
{{- $prefix := ternary "" (printf "%s." .path) (eq .path "") -}}
{{- $names := keys .known | sortAlpha -}}
{{- $here := include "tranche.nearest" (dict "key" .key "names" $names "likeness" "letters") -}}
{{- $elsewhere := list -}}
{{- /* The surer first: hardly another word here, the same word elsewhere, a word like it here, then elsewhere. */ -}}
{{- if not $here -}}{{ $elsewhere = include "tranche.pathsOf" (merge (dict "likeness" "same") .) | fromJsonArray }}{{ end -}}
{{- if not (or $here $elsewhere) -}}{{ $here = include "tranche.nearest" (dict "key" .key "names" $names "likeness" "words") }}{{ end -}}
{{- range $likeness := list "letters" "words" -}}
  {{- if not (or $here $elsewhere) -}}{{ $elsewhere = include "tranche.pathsOf" (merge (dict "likeness" $likeness) $) | fromJsonArray }}{{ end -}}
{{- end -}}
{{- if $here -}}
did you mean {{ $prefix }}{{ $here }}?
{{- else -}}
  {{- if gt (len $elsewhere) 1 -}}
did you mean {{ initial $elsewhere | join ", " }} or {{ last $elsewhere }}?
  {{- else if $elsewhere -}}
did you mean {{ first $elsewhere }}?
  {{- end -}}
  {{- if not (and $elsewhere (eq .path "")) -}}
    {{ ternary " " "" (gt (len $elsewhere) 0) }}{{ ternary "there are" (printf "%s has" .path) (eq .path "") }} {{ join ", " $names }}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* A JSON list of the paths below a place where a key is known. Arguments: key, root (of all below), likeness, and at (the place; empty: all) */}}
{{- define "tranche.pathsOf" -}}
{{- $ := . -}}
{{- $paths := list -}}
{{- if kindIs "map" .root -}}
  {{- $names := keys .root | sortAlpha -}}
  {{- $near := include "tranche.nearest" (dict "key" .key "names" $names "likeness" .likeness) -}}
  {{- range $name := without $names "[]" -}}
    {{- $path := ternary (printf "%s.%s" $.at $name) $name (hasKey $ "at") -}}
    {{- if eq $name $near }}{{ $paths = append $paths $path }}{{ end -}}
    {{- $paths = concat $paths (include "tranche.pathsOf" (dict "key" $.key "root" (index $.root $name) "at" $path "likeness" $.likeness) | fromJsonArray) -}}
  {{- end -}}
{{- end -}}
{{- toJson $paths -}}
{{- end }}

{{/*
The name that is nearest to the key; empty when none is near. Arguments: key, names, likeness: `same` but for capitals, `letters` of which few
have to change, or `words`: one of both begins with the other's first word.
*/}}
{{- define "tranche.nearest" -}}
{{- $ := . -}}
{{- $key := lower .key -}}
{{- $word := regexFind "^.[a-z]{3,}" .key | lower -}}
{{- $best := dict "name" "" "distance" (ternary 1000 (add 2 (div (len $key) 4)) (eq .likeness "words")) -}}
{{- range $name := .names -}}
  {{- $lower := lower $name -}}
  {{- if eq $.likeness "same" -}}
    {{- if eq $lower $key }}{{ $_ := set $best "name" $name }}{{ end -}}
  {{- else -}}
    {{- $first := regexFind "^.[a-z]{3,}" $name | lower -}}
    {{- $isLike := or (and $first (hasPrefix $first $key)) (and $word (hasPrefix $word $lower)) -}}
    {{- /* As many letters have to change as one is longer than the other. */ -}}
    {{- if eq $.likeness "letters" }}{{ $isLike = lt (max (sub (len $key) (len $lower)) (sub (len $lower) (len $key)) | int) (int $best.distance) }}{{ end -}}
    {{- if $isLike -}}
      {{- $distance := include "tranche.distance" (dict "from" $key "to" $lower) | int -}}
      {{- if lt $distance (int $best.distance) }}{{ $_ := set $best "name" $name }}{{ $_ := set $best "distance" $distance }}{{ end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $best.name -}}
{{- end }}

{{/* How many characters to add, to take away or to change. Arguments: from, to */}}
{{- define "tranche.distance" -}}
{{- $to := splitList "" .to -}}
{{- $row := until (int (add1 (len $to))) -}}
{{- range $i, $a := splitList "" .from -}}
  {{- $next := list (add1 $i) -}}
  {{- range $j, $b := $to -}}
    {{- $changed := add (index $row $j) (ternary 0 1 (eq $a $b)) -}}
    {{- $next = append $next (min $changed (add1 (index $row (int (add1 $j)))) (add1 (last $next))) -}}
  {{- end -}}
  {{- $row = $next -}}
{{- end -}}
{{- last $row -}}
{{- end }}
