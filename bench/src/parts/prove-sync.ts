import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import type { Verdict } from "../bench.ts"
import { endWithUs } from "../measure/children.ts"
import { type Judgement, judgeAnswers } from "../measure/judge-answers.ts"
import { startServer } from "../measure/server-process.ts"

const logins = 200

/**
 * Watches the server's system calls during some logins: one at a time, where each must have had a flush of its own, and sixteen at a
 * time, where one flush may serve many.
 */
export async function proveSync(
  file: string,
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<readonly Verdict[]> {
  const server = await startServer({ file: "src/servers/login.ts", args: [file, "256"], cpu: 0, env })
  const verdicts: Verdict[] = []
  try {
    for (const [clients, how, zh] of [
      [1, "one at a time", "逐个登录"],
      [16, "16 at a time", "16 个并发登录"],
    ] as const) {
      const { answers, flushes, early } = await watch(server, `${file}.${clients}.strace`, clients)
      say(`${how}: ${answers} answers, ${flushes} flushes of the log, ${early} answers before theirs`)
      if (answers !== logins) throw new Error(`strace saw ${answers} of ${logins} answers`)
      verdicts.push({
        what: {
          en: `SQLite, ${how}: answers before their commit was flushed to disk`,
          zh: `SQLite，${zh}：提交落盘之前发出的应答`,
        },
        value: early,
        unit: `/ ${answers}`,
        target: "= 0",
        met: early === 0 && (clients > 1 || flushes >= answers),
      })
    }
  } finally {
    await server.stop()
  }
  return verdicts
}

async function watch(
  server: { readonly pid: number; readonly port: number },
  trace: string,
  clients: number,
): Promise<Judgement> {
  const calls = "trace=read,recvfrom,pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync"
  const strace = spawn(
    "strace",
    ["-f", "-y", "-s", "20", "-e", calls, "-o", trace, "-p", String(server.pid)],
    { stdio: ["ignore", "ignore", "pipe"] },
  )
  endWithUs(strace)
  try {
    await once(strace.stderr, "data")
    await logInManyTimes(`http://127.0.0.1:${server.port}/login`, clients)
  } finally {
    const ended = once(strace, "exit")
    if (strace.kill("SIGINT")) await ended
  }
  return judgeAnswers(readFileSync(trace, "utf8"))
}

async function logInManyTimes(url: string, clients: number): Promise<void> {
  let next = 0
  const client = async () => {
    while (next < logins) {
      next += 1
      const code = `${String(next).padStart(10, "0")}${"1".repeat(22)}`
      const response = await fetch(url, { method: "POST", body: JSON.stringify({ code }) })
      if (!response.ok) throw new Error(`login answered ${response.status}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
}
