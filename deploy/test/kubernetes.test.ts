import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Deployment } from "kubernetes-types/apps/v1.js"
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.js"
import type { Job } from "kubernetes-types/batch/v1.js"
import type { ConfigMap, PodSpec, Service } from "kubernetes-types/core/v1.js"
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1.js"
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js"
import { describe, expect, test } from "vitest"
import { parseAllDocuments } from "yaml"
import { drain } from "../../packages/denglu/src/cli/start.ts"
import { startHarness } from "../../packages/denglu/test/support/harness.ts"
import { read, root } from "../../scripts/repository.ts"
import { environmentOf, ofImage, readDockerfile } from "./dockerfile.ts"
import { knownCommands, knownVariables } from "./known-settings.ts"

interface Manifest {
  readonly file: string
  readonly apiVersion: string
  readonly kind: string
  readonly value: unknown
}

const folder = "deploy/kubernetes"
const files = readdirSync(join(root, folder)).map(name => `${folder}/${name}`)
const manifests = files.flatMap(readManifests)
const ours = manifests.filter(({ kind }) => kind !== "Kustomization")

function readManifests(file: string): readonly Manifest[] {
  return parseAllDocuments(read(file), { strict: true, merge: true }).map(document => {
    if (document.errors.length > 0) throw document.errors[0]
    const value = document.toJS() as { readonly apiVersion: string; readonly kind: string }
    return { file, apiVersion: value.apiVersion, kind: value.kind, value }
  })
}

function only<Kind>(kind: string): Kind {
  const found = manifests.filter(manifest => manifest.kind === kind)
  expect(found, kind).toHaveLength(1)
  return found[0]?.value as Kind
}

const deployment = only<Deployment>("Deployment")
const job = only<Job>("Job")
const pods = [deployment.spec?.template.spec, job.spec?.template.spec] as readonly PodSpec[]
const [login] = pods[0]?.containers ?? []

/** Where Kubernetes' types for an apiVersion are in the package. */
function typesOf(apiVersion: string): string {
  const [version = "", group = "core"] = apiVersion.split("/").reverse()
  return `kubernetes-types/${group.split(".")[0]}/${version}.js`
}

describe("the Kubernetes manifests", () => {
  test("are what Kubernetes takes, by its own types: no unknown field, no wrong type", {
    timeout: 60_000,
  }, () => {
    mkdirSync(join(root, ".tmp"), { recursive: true })
    const place = mkdtempSync(join(root, ".tmp", "kubernetes-"))
    for (const [index, { file, apiVersion, kind, value }] of ours.entries()) {
      const code = [
        `import type { ${kind} } from "${typesOf(apiVersion)}"`,
        `// ${file}`,
        `export const manifest: ${kind} = ${JSON.stringify(value, undefined, 2)}`,
      ]
      writeFileSync(join(place, `${index}-${kind}.ts`), `${code.join("\n")}\n`)
    }
    const config = {
      extends: "../../tsconfig.base.json",
      compilerOptions: { noEmit: true, skipLibCheck: true },
    }
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ ...config, include: ["*.ts"] }))
    const { stdout } = spawnSync("tsc", ["-p", place, "--pretty", "false"], { cwd: root, encoding: "utf8" })
    rmSync(place, { recursive: true, force: true })
    expect(stdout).toBe("")
    expect(ours.length).toBeGreaterThan(8)
  })

  test("the kustomization names every file but the Job, which is run by hand for each release", () => {
    const { resources } = only<{ readonly resources: readonly string[] }>("Kustomization")
    const others = files.map(file => file.slice(folder.length + 1))
    expect([...resources, "kustomization.yaml", "migrate-job.yaml"].sort()).toEqual(others.sort())
  })

  test("probes ask routes that there are, on the image's port", async () => {
    const harness = await startHarness()
    const asked = [login?.startupProbe, login?.readinessProbe, login?.livenessProbe].map(
      probe => probe?.httpGet,
    )
    for (const get of asked) expect(harness.login.answers("GET", get?.path ?? "")).toBe(true)
    await harness.close()
    expect(asked.map(get => get?.path)).toEqual(["/healthz", "/readyz", "/healthz"])
    const [port] = login?.ports ?? []
    expect(asked.map(get => get?.port)).toEqual([port?.name, port?.name, port?.name])
    expect(String(port?.containerPort)).toBe(environmentOf(readDockerfile("deploy/docker/Dockerfile")).PORT)
  })

  test("a pod has the time to tell the proxies, drain and end", () => {
    const [, before] = login?.lifecycle?.preStop?.exec?.command ?? []
    expect(Number(before)).toBeGreaterThanOrEqual(3)
    expect(pods[0]?.terminationGracePeriodSeconds).toBeGreaterThan(Number(before) + drain.atMost / 1000)
  })

  test("a new pod is ready before an old one goes, and one goes at a time", () => {
    const { maxUnavailable, maxSurge } = deployment.spec?.strategy?.rollingUpdate ?? {}
    expect([maxUnavailable, maxSurge]).toEqual([0, 1])
    expect(only<PodDisruptionBudget>("PodDisruptionBudget").spec?.maxUnavailable).toBe(1)
  })

  test("whoever selects the pods selects them: Service, budget, policy, autoscaler, Ingress", () => {
    const labels = deployment.spec?.template.metadata?.labels
    const selectors = [
      deployment.spec?.selector.matchLabels,
      only<Service>("Service").spec?.selector,
      only<PodDisruptionBudget>("PodDisruptionBudget").spec?.selector?.matchLabels,
      only<NetworkPolicy>("NetworkPolicy").spec?.podSelector.matchLabels,
      ...(pods[0]?.topologySpreadConstraints ?? []).map(({ labelSelector }) => labelSelector?.matchLabels),
    ]
    for (const selector of selectors) expect(labels).toMatchObject(selector ?? { none: "given" })
    const { scaleTargetRef } = only<HorizontalPodAutoscaler>("HorizontalPodAutoscaler").spec ?? {}
    expect(scaleTargetRef).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: deployment.metadata?.name,
    })
    const [rule] = only<Ingress>("Ingress").spec?.rules ?? []
    const { name, port } = rule?.http?.paths[0]?.backend.service ?? {}
    expect(name).toBe(only<Service>("Service").metadata?.name)
    expect(only<Service>("Service").spec?.ports?.map(of => of.name)).toContain(port?.name)
    // The Job writes to the same database: the policy must let it.
    expect(job.spec?.template.metadata?.labels).toMatchObject(selectors[3] ?? { none: "given" })
    expect(job.spec?.template.metadata?.labels).not.toMatchObject(selectors[1] ?? {})
  })

  test("the most instances there can be leave connections of a default PostgreSQL (100) free", () => {
    const { minReplicas = 0, maxReplicas = 0 } =
      only<HorizontalPodAutoscaler>("HorizontalPodAutoscaler").spec ?? {}
    expect(minReplicas).toBeGreaterThanOrEqual(2)
    // One more comes with a roll-out, and each has 10 connections and one that listens; the migration's job has one, superusers three.
    expect((maxReplicas + 1) * 11 + 4).toBeLessThan(100)
  })

  test('every pod keeps the rules of the namespace: the pod security standard "restricted"', () => {
    const [user] = ofImage(readDockerfile("deploy/docker/Dockerfile"), "USER")
    for (const pod of pods) {
      expect(pod.automountServiceAccountToken).toBe(false)
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      })
      expect(`${pod.securityContext?.runAsUser}:${pod.securityContext?.runAsGroup}`).toBe(user)
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        })
        expect(resources?.limits?.memory).toBeDefined()
      }
    }
  })

  test("secrets are referred to and never written down; every variable is one that is read", () => {
    expect(manifests.map(({ kind }) => kind)).not.toContain("Secret")
    const names = Object.keys(only<ConfigMap>("ConfigMap").data ?? {})
    expect(names.filter(name => !knownVariables.includes(name))).toEqual([])
    expect(names.filter(name => /SECRET|STORE|REDIS/.test(name))).toEqual([])
    for (const pod of pods) {
      expect(pod.volumes).toEqual([{ name: "secrets", secret: { secretName: "denglu", defaultMode: 0o440 } }])
      expect(pod.containers[0]?.volumeMounts?.[0]).toMatchObject({
        mountPath: "/run/secrets",
        readOnly: true,
      })
      expect(pod.containers[0]?.env).toBeUndefined()
    }
  })

  test("the Job runs a command that there is, with the image of the release", () => {
    const { images } = only<{ images: readonly { newName: string; newTag: string }[] }>("Kustomization")
    const [container] = job.spec?.template.spec?.containers ?? []
    expect(container?.image).toBe(`${images[0]?.newName}:${images[0]?.newTag}`)
    expect(knownCommands).toContain(container?.args?.[0])
  })
})
