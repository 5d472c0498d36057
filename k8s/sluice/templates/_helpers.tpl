{{- define "sluice.name" -}}
{{- if contains "sluice" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-sluice" .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "sluice.selector" -}}
app.kubernetes.io/name: sluice
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sluice.labels" -}}
{{ include "sluice.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: gateway
{{- end -}}

{{- define "sluice.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "sluice.serviceAccount" -}}
{{- default (include "sluice.name" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "sluice.configMap" -}}
{{- default (include "sluice.name" .) .Values.existingConfigMap -}}
{{- end -}}

{{/* The configuration, as JSON. */}}
{{- define "sluice.config" -}}
{{- if .Values.config -}}
{{- .Values.config | toPrettyJson -}}
{{- else -}}
{{- .Files.Get (printf "files/%s.json" .Values.shape) | trim -}}
{{- end -}}
{{- end -}}

{{- define "sluice.admin" -}}
{{- $host := .Values.admin.host -}}
{{- if contains ":" $host -}}{{- $host = printf "[%s]" $host -}}{{- end -}}
{{- $admin := dict "listen" (printf "%s:%d" $host (int .Values.admin.port)) "auth" .Values.admin.auth -}}
{{- with .Values.admin.tls -}}{{- $_ := set $admin "tls" . -}}{{- end -}}
{{- $all := dict "admin" $admin -}}
{{- if .Values.leases.enabled -}}
{{- $_ := set $all "replicas" (dict "group" (include "sluice.name" .) "kubernetes" dict) -}}
{{- end -}}
{{- $all | toPrettyJson -}}
{{- end -}}

{{/* A quantity of memory in mebibytes. */}}
{{- define "sluice.mebibytes" -}}
{{- if hasSuffix "Gi" . -}}
{{- mul 1024 (trimSuffix "Gi" . | int) -}}
{{- else -}}
{{- trimSuffix "Mi" . | int -}}
{{- end -}}
{{- end -}}

{{/* A quantity of CPU, rounded up to whole ones. */}}
{{- define "sluice.processors" -}}
{{- if hasSuffix "m" . -}}
{{- div (add 999 (trimSuffix "m" . | int)) 1000 -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{/* Mistakes that Kubernetes would accept, and the pods would suffer from. */}}
{{- define "sluice.check" -}}
{{- $ports := list -}}
{{- range .Values.ports -}}
{{- $ports = append $ports (toString (int .port)) -}}
{{- end -}}
{{- if has (toString (int .Values.admin.port)) $ports -}}
{{- fail (printf "ports: %d is the admin listener's" (int .Values.admin.port)) -}}
{{- end -}}
{{- $config := include "sluice.config" . | fromJson -}}
{{- if .Values.leases.enabled -}}
{{- if and .Values.networkPolicy.enabled (not .Values.leases.apiServer.cidrs) -}}
{{- fail "leases.apiServer.cidrs: the NetworkPolicy has to let the pods ask the API server, say where it is" -}}
{{- end -}}
{{- else if hasKey (default dict $config.replicas) "kubernetes" -}}
{{- fail "config.replicas.kubernetes: needs leases.enabled, which gives the pods a token and rights" -}}
{{- end -}}
{{- range $name, $source := $config.sources -}}
{{- $listen := toString (default "" $source.listen) -}}
{{- if regexMatch ":[0-9]+$" $listen -}}
{{- if not (has (regexFind "[0-9]+$" $listen) $ports) -}}
{{- fail (printf "config.sources.%s listens on %s, and ports has no such port" $name $listen) -}}
{{- end -}}
{{- end -}}
{{- if eq $.Values.shape "memory" -}}
{{- $stream := get (default dict $config.streams) (toString $source.to) -}}
{{- if ne (toString (default "disk" (get (default dict $stream) "buffer"))) "memory" -}}
{{- fail (printf "config.streams.%s: with shape memory it needs \"buffer\": \"memory\", there is no volume for a journal" $source.to) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
