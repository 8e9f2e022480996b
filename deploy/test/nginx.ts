import { execFileSync, spawn, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { type IncomingHttpHeaders, request as plainRequest } from "node:http"
import { request } from "node:https"
import { createServer } from "node:net"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { read } from "../../scripts/repository.ts"

/** deploy/nginx/denglu.conf in an nginx of this machine: other ports, other addresses, a certificate of its own; all else as it is. */
export interface Nginx {
  send(method: string, path: string, options?: Sent): Promise<Answered>
  /** The same over http, without TLS. */
  sendPlain(path: string): Promise<Answered>
  stop(): Promise<void>
}

interface Sent {
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export async function startNginx(upstreams: readonly number[]): Promise<Nginx> {
  const [port, plainPort] = [await freePort(), await freePort()]
  const place = placeFor({ port, plainPort, upstreams })
  const child = spawn("nginx", place.args, { stdio: ["ignore", "ignore", "pipe"] })
  let said = ""
  child.stderr.setEncoding("utf8").on("data", text => {
    said += text
  })
  const ended = new Promise<void>(resolve => child.on("close", () => resolve()))
  const agentless = { host: "127.0.0.1", agent: false as const, rejectUnauthorized: false }
  const send: Nginx["send"] = (method, path, { body, headers } = {}) =>
    new Promise((resolve, reject) => {
      const sending = request({
        ...agentless,
        port,
        method,
        path,
        headers: { host: "login.example.com", ...headers },
      })
      sending.on("response", answer => collect(answer, resolve)).on("error", reject)
      sending.end(body)
    })
  const sendPlain: Nginx["sendPlain"] = path =>
    new Promise((resolve, reject) => {
      plainRequest({ ...agentless, port: plainPort, path, headers: { host: "login.example.com" } })
        .on("response", answer => collect(answer, resolve))
        .on("error", reject)
        .end()
    })
  for (let tries = 0; ; tries += 1) {
    const up = await sendPlain("/").then(
      () => true,
      () => false,
    )
    if (up) break
    if (child.exitCode !== null || tries > 200) throw new Error(`nginx does not start: ${said}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  return {
    send,
    sendPlain,
    async stop() {
      child.kill("SIGTERM")
      await ended
      place.remove()
    },
  }
}

/** What `nginx -t` says about the configuration with this file of instances, `undefined` if it is good. */
export function complaintOfNginx(upstreamFile: string): string | undefined {
  const place = placeFor({ port: 44_301, plainPort: 44_300, upstreamFile })
  const { status, stderr } = spawnSync("nginx", [...place.args, "-t"], { encoding: "utf8" })
  place.remove()
  return status === 0 && !/\[(warn|error|emerg)\]/.test(stderr) ? undefined : stderr
}

interface Placed {
  readonly port: number
  readonly plainPort: number
  readonly upstreams?: readonly number[]
  readonly upstreamFile?: string
}

function placeFor({
  port,
  plainPort,
  upstreams,
  upstreamFile = "deploy/nginx/denglu-upstream.conf",
}: Placed) {
  const folder = mkdtempSync(join(tmpdir(), "denglu-nginx-"))
  mkdirSync(join(folder, "conf.d"))
  const dir = (name: string) => join(folder, name)
  const subject = ["-subj", "/CN=login.example.com", "-days", "1"]
  const files = ["-keyout", dir("privkey.pem"), "-out", dir("fullchain.pem")]
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...subject, ...files],
    {
      stdio: "pipe",
    },
  )
  const site = read("deploy/nginx/denglu.conf")
    .replaceAll(/^\s*listen \[::\].*\n/gm, "")
    .replace("listen 80;", `listen 127.0.0.1:${plainPort};`)
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
    .replaceAll("/etc/nginx/tls", folder)
  const upstream = read(upstreamFile).replace(
    /^ *server 127\.0\.0\.1:3000(.*)$/m,
    (line, parameters) => upstreams?.map(at => `    server 127.0.0.1:${at}${parameters}`).join("\n") ?? line,
  )
  writeFileSync(dir("conf.d/denglu.conf"), site)
  writeFileSync(dir("conf.d/denglu-upstream.conf"), upstream)
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
  const main = `daemon off; worker_processes 1; pid ${dir("pid")};
${process.getuid?.() === 0 ? `user ${userInfo().username};` : ""}
events {}
http {
  access_log off;
  ${temporary.map(name => `${name}_temp_path ${dir(name)};`).join("\n  ")}
  include ${dir("conf.d")}/*.conf;
}
`
  writeFileSync(dir("nginx.conf"), main)
  return {
    args: ["-p", folder, "-c", dir("nginx.conf"), "-e", "stderr"],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function collect(answer: import("node:http").IncomingMessage, done: (answered: Answered) => void): void {
  let text = ""
  answer.setEncoding("utf8").on("data", chunk => {
    text += chunk
  })
  answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
}
