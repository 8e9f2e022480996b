/**
 * One of several instances, served and ended as `denglu start` does it: `node instance.ts '{"store": …, "port": …}'`.
 * Not the command itself, because that takes no simulated WeChat. Prints `listening PORT` when it takes requests.
 */
import { createLogin, type LoginOptions } from "denglu"
import { serve } from "../../packages/denglu/src/cli/serve.ts"
import { drain } from "../../packages/denglu/src/cli/start.ts"

const { port, slowStore, ...options } = JSON.parse(process.argv[2] ?? "{}") as LoginOptions & {
  readonly port: number
  /** Milliseconds at most by which each refresh is held back at random before the store is asked. */
  readonly slowStore?: number
}
const login = await createLogin(options)
const handler: typeof login.node = (req, res) => {
  if (slowStore === undefined) return login.node(req, res)
  setTimeout(() => login.node(req, res), Math.random() * slowStore)
}
const serving = await serve({ login, handler, port, host: "127.0.0.1", portHint: "" })
console.log(`listening ${new URL(serving.url).port}`)

process.on("SIGTERM", () => {
  void serving.drain(drain).then(finished => process.exit(finished ? 0 : 1))
})
