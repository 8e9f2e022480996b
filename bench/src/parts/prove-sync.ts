import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import type { Verdict } from "../bench.ts"
import { startServer } from "../measure/server-process.ts"

const logins = 200
const clients = 16

/**
 * Watches the server's system calls during some logins: an answer with tokens may be written only when the log has been flushed to disk
 * after the last time it was written to. Counts the answers for which that is not so.
 */
export async function proveSync(
  file: string,
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<Verdict> {
  const server = await startServer({ file: "src/servers/login.ts", args: [file, "256"], cpu: 0, env })
  const trace = `${file}.strace`
  const calls = "trace=pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync"
  const strace = spawn(
    "strace",
    ["-f", "-y", "-s", "20", "-e", calls, "-o", trace, "-p", String(server.pid)],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  )
  try {
    await once(strace.stderr, "data")
    let next = 0
    const client = async () => {
      while (next < logins) {
        next += 1
        const code = `${String(next).padStart(10, "0")}${"1".repeat(22)}`
        const response = await fetch(`http://127.0.0.1:${server.port}/login`, {
          method: "POST",
          body: JSON.stringify({ code }),
        })
        if (!response.ok) throw new Error(`login answered ${response.status}`)
        await response.arrayBuffer()
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
  } finally {
    const ended = once(strace, "exit")
    strace.kill("SIGINT")
    await ended
    await server.stop()
  }
  const { answers, early, flushes } = judge(readFileSync(trace, "utf8"))
  say(`${answers} answers, ${flushes} flushes of the log, ${early} answers while something was not flushed`)
  if (answers < logins) throw new Error(`strace saw ${answers} of ${logins} answers`)
  return {
    what: "login: answers before their commit was flushed to disk",
    value: early,
    unit: `of ${answers}`,
    target: "= 0",
    met: early === 0 && flushes > 0,
  }
}

function judge(trace: string) {
  let unflushed = false
  let answers = 0
  let early = 0
  let flushes = 0
  for (const line of trace.split("\n")) {
    if (/pwrite64\(\d+<[^>]*-wal>/.test(line)) unflushed = true
    else if (/f(data)?sync\(\d+<[^>]*-wal>/.test(line)) {
      unflushed = false
      flushes += 1
    } else if (/(write|writev|sendto|sendmsg)\(\d+<(socket|TCP)[^>]*>.*HTTP\/1\.1 200/.test(line)) {
      answers += 1
      if (unflushed) early += 1
    }
  }
  return { answers, early, flushes }
}
