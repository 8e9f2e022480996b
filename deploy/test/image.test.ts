import { spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { drain } from "../../packages/denglu/src/cli/start.ts"
import { need } from "../../scripts/need.ts"
import { read, root } from "../../scripts/repository.ts"
import { environmentOf, execForm, ofImage, readDockerfile } from "./dockerfile.ts"
import {
  containerEnvironment,
  type ImageFolder,
  isBuilt,
  makeImageFolder,
  run,
  startCommand,
} from "./image-folder.ts"

const dockerfile = readDockerfile("deploy/docker/Dockerfile")
const drivers = ["pg", "mysql2", "ioredis"]
const app = { WECHAT_APPID: "wx0123456789abcdef" }
const secrets = {
  wechat_secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  denglu_secret: randomBytes(32).toString("base64"),
}

function canContain(): boolean {
  const script = "mount -o remount,bind,ro / && exec setpriv --reuid=10001 --regid=10001 --clear-groups true"
  return spawnSync("unshare", ["--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", script]).status === 0
}

describe("the Dockerfile", () => {
  test("copies only what is there", () => {
    const sources = dockerfile
      .filter(({ name, text }) => name === "COPY" && !text.startsWith("--from"))
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1))
    expect(sources.length).toBeGreaterThan(1)
    for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true)
  })

  test("builds and runs on the Node that everything was tested with", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: { node: string } }
    const [base] = dockerfile.filter(({ name }) => name === "FROM")
    expect(base?.text).toMatch(new RegExp(`^node:${devDependencies.node}-\\w+-slim AS build$`))
  })

  test("runs as a numeric user who is not root", () => {
    const [user] = ofImage(dockerfile, "USER")
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  test("puts neither a shell nor an init between the signals and Node", () => {
    expect(execForm(ofImage(dockerfile, "ENTRYPOINT")[0])[0]).toBe("node")
    expect(execForm(ofImage(dockerfile, "CMD")[0])).toEqual(["start"])
    expect(ofImage(dockerfile, "STOPSIGNAL")).toEqual(["SIGTERM"])
  })

  test("is for production, and listens where the container's network can reach it", () => {
    expect(environmentOf(dockerfile)).toEqual({ NODE_ENV: "production", HOST: "0.0.0.0", PORT: "3000" })
    expect(ofImage(dockerfile, "EXPOSE")).toEqual(["3000"])
  })

  test("keeps no secret and no database", () => {
    for (const { name, text } of dockerfile)
      if (name === "ENV" || name === "ARG") expect(text).not.toMatch(/SECRET|PASSWORD|TOKEN|DENGLU_STORE/)
  })
})

describe("what the Dockerfile installs, installed here", { timeout: 240_000 }, () => {
  let made: ImageFolder | undefined
  afterAll(() => made?.remove())
  const image = () => {
    made ??= makeImageFolder(dockerfile)
    return made
  }

  function settings(): Record<string, string> {
    const folder = join(image().path, "..", "secrets")
    mkdirSync(folder, { recursive: true })
    for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, name), `${value}\n`)
    return { ...app, CREDENTIALS_DIRECTORY: folder, PORT: "0", HOST: "127.0.0.1", DENGLU_STORE: "memory:" }
  }

  function checkHealth(port: string) {
    const [text = ""] = ofImage(dockerfile, "HEALTHCHECK")
    const command = execForm(/ CMD (.*)$/.exec(text)?.[1]).map(image().here)
    const env = containerEnvironment(dockerfile, { PORT: port })
    return run(command, { cwd: image().path, env }).ended
  }

  test("is Denglu, the drivers and what they need, in the lockfile's versions, and nothing else", context => {
    need(context, isBuilt(), "a build (npm run build)")
    const { packages: locked } = JSON.parse(read("package-lock.json")) as Lock
    const { packages: installed } = JSON.parse(
      readFileSync(join(image().path, "node_modules/.package-lock.json"), "utf8"),
    ) as Lock
    for (const [path, { version, integrity }] of Object.entries(installed)) {
      if (path === "node_modules/denglu") continue
      expect({ path, version, integrity }).toEqual({
        path,
        version: locked[path]?.version,
        integrity: locked[path]?.integrity,
      })
    }
    const names = readdirSync(join(image().path, "node_modules")).filter(name => !name.startsWith("."))
    expect(names).toEqual(expect.arrayContaining(["denglu", "pino", "undici", ...drivers]))
    for (const unwanted of ["@denglu", "vitest", "typescript", "express", "node"])
      expect(names).not.toContain(unwanted)
  })

  test("starts as CMD does with secrets from files, is healthy, and ends with 0 on SIGTERM", async context => {
    need(context, isBuilt(), "a build (npm run build)")
    const env = containerEnvironment(dockerfile, settings())
    const server = run(startCommand(dockerfile, image()), { cwd: image().path, env })
    const [, port = ""] = await server.printed(/listening on http:\/\/127\.0\.0\.1:(\d+)/)
    expect(await checkHealth(port)).toBe(0)
    const before = performance.now()
    process.kill(server.pid, "SIGTERM")
    await server.printed(/stopping/)
    // It drains, so that nobody should send anything more; the health check says so.
    expect(await checkHealth(port)).toBe(1)
    expect(await server.ended).toBe(0)
    expect(performance.now() - before).toBeLessThan(drain.atMost)
    expect(server.output()).not.toMatch(/Warning/)
    for (const secret of Object.values(secrets)) expect(server.output()).not.toContain(secret)
    expect(await checkHealth(port)).toBe(1)
  })

  /** As near to a container as a machine without an engine comes. */
  function startContained(env: Record<string, string>) {
    const [user, group] = ofImage(dockerfile, "USER")[0]?.split(":") ?? []
    const script = `mount -o remount,bind,ro / && exec setpriv --reuid=${user} --regid=${group} --clear-groups --no-new-privs -- "$@"`
    const contained = ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script, "sh"]
    // The user may not be able to read the folder of this machine's Node.
    const node = join(image().path, "..", "node")
    if (!existsSync(node)) cpSync(process.execPath, node)
    const words = ["unshare", ...contained, node, ...startCommand(dockerfile, image()).slice(1)]
    return run(words, { cwd: image().path, env: containerEnvironment(dockerfile, env) })
  }

  test("runs as process 1, as another user, on a file system it can't write, and hears SIGTERM", async context => {
    need(context, isBuilt(), "a build (npm run build)")
    need(context, canContain(), "unshare and setpriv, and the right to use them (root)")
    const server = startContained(settings())
    const [, port = ""] = await server.printed(/listening on http:\/\/127\.0\.0\.1:(\d+)/)
    expect(server.output()).toContain('"pid":1,')
    expect(await checkHealth(port)).toBe(0)
    const [inside = ""] = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").split(" ")
    process.kill(Number(inside), "SIGTERM")
    expect(await server.ended).toBe(0)
    expect(server.output()).toContain('"finished":true')
  })

  test("without a database or a volume it refuses to start, instead of keeping people in the container", async context => {
    need(context, isBuilt(), "a build (npm run build)")
    need(context, canContain(), "unshare and setpriv, and the right to use them (root)")
    const { DENGLU_STORE: _, ...withoutStore } = settings()
    const server = startContained(withoutStore)
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain("The store can't be opened")
  })
})

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>
}
