import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A Redis of a test's own, which it may stop and kill. */
export interface RedisServer {
  readonly url: string
  /** It no longer answers, but its connections stay. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** Starts it again, empty, at the same address. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "denglu-redis-"))
  const port = await freePort()
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    const started = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] })
    child = started
    await new Promise<void>((resolve, reject) => {
      started.stdout.on("data", (text: Buffer) => {
        if (text.includes("Ready to accept connections")) resolve()
      })
      started.on("exit", code => reject(new Error(`redis-server ended with ${code}`)))
    })
  }

  async function kill(): Promise<void> {
    const dying = child
    if (dying === undefined || dying.exitCode !== null) return
    child = undefined
    const gone = new Promise(resolve => dying.once("exit", resolve))
    dying.kill("SIGKILL")
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    kill,
    start,
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}
