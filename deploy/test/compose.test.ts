import { existsSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parseDocument } from "yaml"
import { drain } from "../../packages/denglu/src/cli/start.ts"
import { read, root } from "../../scripts/repository.ts"
import { environmentOf, ofImage, readDockerfile } from "./dockerfile.ts"
import { knownCommands, knownVariables } from "./known-settings.ts"

interface Service {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly stop_grace_period?: string
  readonly healthcheck?: { readonly disable?: boolean }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, unknown>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const folder = "deploy/compose"
const text = read(`${folder}/compose.yaml`)
const document = parseDocument(text, { strict: true, merge: true })
const compose = document.toJS() as Compose
const services = Object.entries(compose.services)
const instances = services.filter(([name]) => /^denglu-\d$/.test(name)).map(([, service]) => service)
const dockerfile = readDockerfile("deploy/docker/Dockerfile")

function addressOf({ networks }: Service): string | undefined {
  return Array.isArray(networks)
    ? undefined
    : (networks as { front?: { ipv4_address?: string } }).front?.ipv4_address
}

describe("compose.yaml", () => {
  test("is YAML in which every name that is used is defined", () => {
    expect(document.errors).toEqual([])
    for (const [name, service] of services) {
      const used = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks)
      for (const network of used) expect(Object.keys(compose.networks), name).toContain(network)
      for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets), name).toContain(secret)
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(Object.keys(compose.services)).toContain(other)
    }
    expect(instances).toHaveLength(3)
  })

  test("what is mounted is in the repository, or made by hand and kept out of it", () => {
    const ignored = read(`${folder}/.gitignore`).split("\n")
    const mounted = services
      .flatMap(([, { volumes }]) => volumes ?? [])
      .map(volume => volume.split(":")[0] ?? "")
    for (const source of [...mounted, ...Object.values(compose.secrets).map(({ file }) => file)]) {
      if (!source.startsWith(".")) expect(Object.keys(compose.volumes)).toContain(source)
      else if (!existsSync(join(root, folder, source)))
        expect(ignored, source).toContain(`${source.split("/")[1]}/`)
    }
    const { context, dockerfile: file } = instances[0]?.build ?? { context: "", dockerfile: "" }
    expect(join(folder, context, file)).toBe("deploy/docker/Dockerfile")
  })

  test("nginx speaks with every instance, and they believe nobody else's word on addresses", () => {
    const upstream = read(`${folder}/denglu-upstream.conf`)
    const { PORT } = environmentOf(dockerfile)
    const named = [...upstream.matchAll(/server ([\d.]+:\d+)/g)].map(match => match[1])
    expect(named).toEqual(instances.map(instance => `${addressOf(instance)}:${PORT}`))
    const nginx = compose.services.nginx as Service
    for (const { environment } of instances)
      expect(environment?.DENGLU_TRUSTED_PROXIES).toBe(addressOf(nginx))
  })

  test("an instance that is told to stop has the time to drain", () => {
    for (const { stop_grace_period = "" } of instances)
      expect(Number.parseInt(stop_grace_period, 10) * 1000).toBeGreaterThan(drain.atMost + 2_000)
  })

  test("who waits for another's health waits for one that has a health check", () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const target = compose.services[other] as Service
        const fromImage = target.build !== undefined && ofImage(dockerfile, "HEALTHCHECK").length === 1
        const isChecked = target.healthcheck === undefined ? fromImage : target.healthcheck.disable !== true
        if (condition === "service_healthy") expect(isChecked, `${name} → ${other}`).toBe(true)
      }
    expect(instances.map(({ depends_on }) => depends_on?.migrate?.condition)).toEqual(
      instances.map(() => "service_completed_successfully"),
    )
  })

  test("instances can't write to their file system, and have no capability", () => {
    for (const { read_only, cap_drop } of instances) expect([read_only, cap_drop]).toEqual([true, ["ALL"]])
  })

  test("variables and commands are ones that Denglu knows; none is a secret", () => {
    for (const { environment = {} } of instances) {
      expect(Object.keys(environment).filter(name => !knownVariables.includes(name))).toEqual([])
      expect(Object.keys(environment).filter(name => /SECRET|STORE/.test(name))).toEqual([])
    }
    expect(knownCommands).toContain(compose.services.migrate?.command?.[0])
  })

  test("the secrets of the instances are files that the image's configuration reads", () => {
    const config = read("deploy/denglu.config.mjs")
    for (const name of instances[0]?.secrets ?? []) expect(config).toContain(`read("${name}")`)
  })

  test(".env.example has every variable, and no value that could be a secret", () => {
    const example = read(`${folder}/.env.example`)
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(match => match[1]))
    const given = [...example.matchAll(/^(\w+)=/gm)].map(match => match[1])
    expect(given.sort()).toEqual([...used].sort())
    expect(example).not.toMatch(/=[^#\n]*[A-Za-z0-9+/]{20,}/)
  })

  test("PostgreSQL commits durably", () => {
    const command = compose.services.postgres?.command ?? []
    expect(command).toEqual(expect.arrayContaining(["synchronous_commit=on", "fsync=on"]))
  })
})
