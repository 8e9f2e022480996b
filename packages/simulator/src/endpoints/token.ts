import { failure, type Reply, success } from "../reply.ts"
import type { HandedOut } from "../token-desk.ts"
import { type Call, type Endpoint, jsonBody } from "./endpoint.ts"

/** `GET /cgi-bin/token` */
export const token: Endpoint = {
  name: "token",
  path: "/cgi-bin/token",
  methods: ["GET"],
  family: "cgi-bin",
  answer(call) {
    const { query, tokens } = call
    const parameters = Object.fromEntries(query)
    return judge(call, parameters) ?? handOut(call, tokens.classic(parameters.appid as string))
  },
}

/** `POST /cgi-bin/stable_token`, JSON only. */
export const stableToken: Endpoint = {
  name: "stable_token",
  path: "/cgi-bin/stable_token",
  methods: ["POST"],
  family: "cgi-bin",
  answer(call) {
    const parameters = jsonBody(call)
    const refused = judge(call, parameters)
    if (refused !== undefined) return refused
    return handOut(call, call.tokens.stable(parameters.appid as string, parameters.force_refresh === true))
  },
}

/** Judges appid before everything else, as the real one was seen to. */
function judge({ world, clock }: Call, parameters: Readonly<Record<string, unknown>>): Reply | undefined {
  const fail = (errcode: number) => failure("cgi-bin", errcode, clock.now())
  const { appid, secret, grant_type } = parameters
  if (!appid) return fail(41002)
  const app = world.apps.get(String(appid))
  if (app === undefined) return fail(40013)
  if (grant_type !== "client_credential") return fail(40002)
  if (!secret) return fail(41004)
  if (secret !== app.secret) return fail(40125)
  return undefined
}

function handOut({ clock }: Call, handedOut: HandedOut | "quota"): Reply {
  if (handedOut === "quota") return failure("cgi-bin", 45009, clock.now())
  return success("cgi-bin", { access_token: handedOut.token, expires_in: handedOut.expiresIn })
}
