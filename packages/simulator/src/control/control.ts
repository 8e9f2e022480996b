import type { Wire } from "../faults.ts"
import type { Simulator } from "../simulator.ts"
import type { ControlRoute } from "./control-route.ts"
import { controlRoutes } from "./control-routes.ts"

export interface ControlRequest {
  readonly method: string
  /** Begins with `/__simulator__`. */
  readonly path: string
  readonly body: string
  /** The `Origin` header: a page from elsewhere must not steer what runs on this machine. */
  readonly origin: string | null
}

/** Answers a control route. What can't be done is a 400 that says why, and what to send. */
export function answerControl(simulator: Simulator, request: ControlRequest): Wire {
  const { method, path, origin } = request
  if (origin !== null && !isLoopbackOrigin(origin))
    return reply(403, { error: "pages of other sites may not steer the simulator" })
  const name = path.replace(/^\/__simulator__\/?/, "")
  if (name === "") return reply(200, { routes: controlRoutes.map(describe) })
  const routes = controlRoutes.filter(route => route.name === name)
  if (routes.length === 0)
    return reply(404, {
      error: `there is no control route ${path}`,
      remedy: "GET /__simulator__/ lists them all",
    })
  const route = routes.find(candidate => candidate.method === method)
  if (route === undefined)
    return reply(405, { error: `${path} takes ${routes.map(candidate => candidate.method).join(", ")}` })
  try {
    return reply(200, route.run(simulator, readBody(request.body)))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return reply(400, { error: error.message, remedy: `for example: ${route.example}` })
  }
}

function describe({ method, name, does, example }: ControlRoute) {
  return { route: `${method} /__simulator__/${name}`, does, example }
}

/** JSON whatever the content type says, since people send it with `curl -d`. */
function readBody(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new TypeError("the body is not JSON")
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("the body must be a JSON object")
  return value as Record<string, unknown>
}

function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  return /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(new URL(origin).hostname)
}

function reply(status: number, value: object): Wire {
  return {
    kind: "reply",
    status,
    delayMs: 0,
    reply: {
      contentType: "application/json; charset=utf-8",
      body: `${JSON.stringify(value)}\n`,
      errcode: 0,
    },
  }
}
