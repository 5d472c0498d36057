{{/* The pod of both shapes: metadata and spec. */}}
{{- define "sluice.pod" -}}
metadata:
  labels:
    {{- include "sluice.labels" . | nindent 4 }}
  {{- if or .Values.podAnnotations .Values.restartOnConfigChange }}
  annotations:
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if .Values.restartOnConfigChange }}
    checksum/config: {{ printf "%s%s" (include "sluice.config" .) (include "sluice.admin" .) | sha256sum }}
    {{- end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "sluice.serviceAccount" . }}
  automountServiceAccountToken: {{ .Values.leases.enabled }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add .Values.drain.delaySeconds (mul 2 .Values.drain.seconds) 12 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "sluice.selector" $ | nindent 10 }}
      {{- if eq $.Values.shape "memory" }}
      matchLabelKeys:
        - pod-template-hash
      {{- end }}
    {{- end }}
  containers:
    - name: sluice
      image: {{ include "sluice.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      # Where the image's start-up cache was made for: the class path in it is relative.
      workingDir: /opt/sluice
      command:
        - /opt/sluice/jre/bin/java
        - "@jvm.options"
        - -XX:MaxDirectMemorySize={{ div (include "sluice.mebibytes" .Values.resources.memory | int) 4 }}m
        - -XX:ActiveProcessorCount={{ include "sluice.processors" (toString .Values.resources.cpu) }}
        {{- range .Values.jvmOptions }}
        - {{ . | quote }}
        {{- end }}
        - -jar
        - sluice.jar
      args:
        - run
        - --config=/etc/sluice/conf
        - --data=/var/lib/sluice/data
        - --drain-delay={{ .Values.drain.delaySeconds }}s
        - --drain={{ .Values.drain.seconds }}s
        - --log-format=json
        - --log-level={{ .Values.log.level }}
      {{- with .Values.env }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- range .Values.ports }}
        - name: {{ .name }}
          containerPort: {{ .port }}
          protocol: {{ default "TCP" .protocol }}
        {{- end }}
        - name: admin
          containerPort: {{ .Values.admin.port }}
          protocol: TCP
      startupProbe:
        httpGet:
          path: /health/started
          port: admin
          {{- if .Values.admin.tls }}
          scheme: HTTPS
          {{- end }}
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: {{ div (add 1 .Values.startupSeconds) 2 }}
      livenessProbe:
        httpGet:
          path: /health/live
          port: admin
          {{- if .Values.admin.tls }}
          scheme: HTTPS
          {{- end }}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        httpGet:
          path: /health/ready
          port: admin
          {{- if .Values.admin.tls }}
          scheme: HTTPS
          {{- end }}
        periodSeconds: 3
        timeoutSeconds: 2
        failureThreshold: 2
      resources:
        requests:
          cpu: {{ .Values.resources.cpu | toString | quote }}
          memory: {{ .Values.resources.memory }}
        limits:
          memory: {{ .Values.resources.memory }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop:
            - ALL
      terminationMessagePolicy: FallbackToLogsOnError
      volumeMounts:
        # A directory, never a subPath: only a directory follows changes of the ConfigMap.
        - name: config
          mountPath: /etc/sluice/conf
          readOnly: true
        - name: sluice-data
          mountPath: /var/lib/sluice
        - name: tmp
          mountPath: /tmp
        {{- range .Values.secrets }}
        - name: secret-{{ . }}
          mountPath: /etc/sluice/secrets/{{ . }}
          readOnly: true
        {{- end }}
        {{- with .Values.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "sluice.configMap" . }}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- if eq .Values.shape "memory" }}
    - name: sluice-data
      emptyDir:
        sizeLimit: {{ .Values.scratch.size }}
    {{- end }}
    {{- range .Values.secrets }}
    - name: secret-{{ . }}
      secret:
        secretName: {{ . }}
        defaultMode: 0440
    {{- end }}
    {{- with .Values.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
