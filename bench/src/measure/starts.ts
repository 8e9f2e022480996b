import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, statSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { endWithUs } from "./children.ts"
import { residentBytes } from "./cpu.ts"
import { temporaryFolder } from "./folders.ts"
import { freePort } from "./free-port.ts"
import { median } from "./rounds.ts"
import { lastChange } from "./sources.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const bin = join(root, "packages/denglu/bin/denglu.js")
const bundle = join(root, "packages/denglu/dist/bundle/main.js")
const empty = fileURLToPath(new URL("../servers/empty.js", import.meta.url))
const starts = 15

/** Milliseconds from spawn to the first accepted connection. */
export interface Starts {
  /** An empty `node:http` server. */
  readonly bareMs: readonly number[]
  /** `denglu start`, built. */
  readonly oursMs: readonly number[]
  /** The very first one: it makes the database's tables, and fills Node's compile cache. */
  readonly oursFirstMs: number
  /** Resident memory of `denglu start` when idle. */
  readonly residentBytes: number
  /** Of the medians. */
  readonly ratio: number
}

/** Starts an empty server and `denglu start` in turn. */
export async function measureStarts(
  say: (line: string) => void,
  storeIn: (folder: string) => string,
): Promise<Starts> {
  buildIfMissing(say)
  const folder = temporaryFolder()
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    // Where Node keeps its compile cache: an empty one, so that the first start really is one.
    TMPDIR: folder,
    WECHAT_APPID: "wx0123456789abcdef",
    WECHAT_SECRET: "0123456789abcdef0123456789abcdef",
    DENGLU_SECRET: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-bench",
    DENGLU_STORE: storeIn(folder),
  }
  const oursMs: number[] = []
  const bareMs: number[] = []
  let resident = 0
  let first = 0
  for (let round = 0; round <= starts; round += 1) {
    const one = await startOnce([empty], env)
    await one.stop()
    const other = await startOnce([bin, "start"], env)
    if (round === starts) {
      await new Promise(resolve => setTimeout(resolve, 2_000))
      resident = residentBytes(other.pid)
    }
    await other.stop()
    if (round === 0) {
      first = other.ms
      continue
    }
    bareMs.push(one.ms)
    oursMs.push(other.ms)
  }
  say(
    `medians of ${starts}: empty node:http ${median(bareMs).toFixed(0)} ms, denglu start ${median(oursMs).toFixed(0)} ms ` +
      `(${first.toFixed(0)} ms the first time); idle ${(resident / 1e6).toFixed(0)} MB`,
  )
  return {
    bareMs,
    oursMs,
    oursFirstMs: first,
    residentBytes: resident,
    ratio: median(oursMs) / median(bareMs),
  }
}

function buildIfMissing(say: (line: string) => void): void {
  if (!existsSync(bundle)) {
    say("denglu is not built: building …")
    const { status } = spawnSync("npm", ["run", "build"], { cwd: root, stdio: "inherit" })
    if (status !== 0) throw new Error("npm run build failed")
    return
  }
  if (lastChange() > statSync(bundle).mtimeMs)
    say("note: denglu was built before its sources were last changed; npm run build brings it up to date")
}

async function startOnce(args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  })
  endWithUs(child)
  let complaint = ""
  child.stderr.on("data", chunk => {
    complaint += chunk
  })
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${args.join(" ")} ended: ${complaint}`)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  return { ms: performance.now() - startedAt, pid: child.pid as number, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit")
  child.kill("SIGTERM")
  await ended
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}
