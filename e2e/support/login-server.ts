/**
 * A login server in a process of its own, so that tests can kill it: `node login-server.ts '{"store": …}'`.
 * Prints `listening PORT` when it takes requests.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createLogin, type LoginOptions } from "denglu"

const { port, ...options } = JSON.parse(process.argv[2] ?? "{}") as LoginOptions & { readonly port: number }
const login = await createLogin(options)
const server = createServer(login.node)
server.listen(port, "127.0.0.1", () => console.log(`listening ${(server.address() as AddressInfo).port}`))

process.on("SIGTERM", () => {
  server.close(() => login.close().then(() => process.exit(0)))
  server.closeIdleConnections()
})
