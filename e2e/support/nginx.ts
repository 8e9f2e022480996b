import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** An nginx in front of instances, set up as `deploy/nginx/` does it, without TLS. */
export interface Nginx {
  readonly url: string
  /** What it wrote about failures. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

export async function startNginx(ports: readonly number[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "denglu-nginx-"))
  const port = await freePort()
  const file = join(folder, "nginx.conf")
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; error_log stderr error; worker_processes 1; ${process.getuid?.() === 0 ? "user root;" : ""}
    events { worker_connections 1024; }
    http {
      access_log off;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
      uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      upstream denglu {
        ${ports.map(of => `server 127.0.0.1:${of} max_fails=1 fail_timeout=2s;`).join(" ")}
        keepalive 32;
      }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://denglu; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_set_header X-Forwarded-For $remote_addr;
          proxy_connect_timeout 1s; proxy_read_timeout 40s;
          proxy_next_upstream error timeout; proxy_next_upstream_tries 3;
        }
      }
    }`,
  )
  const errors: string[] = []
  const child: ChildProcess = spawn("nginx", ["-c", file, "-p", folder], {
    stdio: ["ignore", "ignore", "pipe"],
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => errors.push(text))
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    )
    if (up) break
    if (tries > 100) throw new Error(`nginx does not answer: ${errors.join("")}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return {
    url,
    errors,
    async close() {
      const gone = new Promise(resolve => child.once("exit", resolve))
      child.kill("SIGTERM")
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}
